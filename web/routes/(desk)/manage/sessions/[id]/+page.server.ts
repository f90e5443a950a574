import { error, fail } from '@sveltejs/kit';
import { personById } from '../../../../../../store/people-list.ts';
import type { Queryable } from '../../../../../../store/pool.ts';
import { sessionsOf } from '../../../../../../store/sessions.ts';
import { locksOf } from '../../../../../../store/sign-in-tries.ts';
import { signInMessages } from '../../../../../lib/messages/sign-in.ts';
import { messages } from '../../../../../lib/messages.ts';
import { acting, reading } from '../../../../../lib/server/desk.ts';
import { resetFactors } from '../../../../../lib/server/identity/enrolment.ts';
import { door } from '../../../../../lib/server/identity/here.ts';
import { releaseLock } from '../../../../../lib/server/identity/lock-out.ts';
import { endAll, endOne } from '../../../../../lib/server/identity/sessions.ts';
import type { Actions, PageServerLoad } from './$types';

const words = signInMessages.manage;

/** Somebody within the scope. What is kept of signing in is asked for only after that. */
async function known(scoped: Queryable, id: string) {
  const person = /^[\w.-]{1,64}$/u.test(id) ? await personById(scoped, id) : null;
  if (!person) error(404, messages.errors.notFound);
  return person;
}

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db: scoped, person: self } = reading(locals);
  const { id, name, email, officeName, disabledAt } = await known(scoped, params.id);
  const { db, settings } = door();
  const [sessions, locks] = await Promise.all([sessionsOf(db, id, settings), locksOf(db, null, id)]);
  return {
    who: { id, name, email, officeName, disabled: disabledAt !== null, own: id === self.id },
    current: self.session.id,
    sessions,
    locks,
  };
};

export const actions: Actions = {
  end: async ({ locals, params, request }) => {
    const { db, actor } = acting(locals);
    const { id } = await known(db, params.id);
    const session = String((await request.formData()).get('id') ?? '');
    if (!(await endOne(door(), actor, id, session))) {
      return fail(409, { message: signInMessages.sessions.gone });
    }
    return { done: signInMessages.sessions.ended };
  },
  endAll: async ({ locals, params }) => {
    const { db, actor, person } = acting(locals);
    const { id } = await known(db, params.id);
    const ended = await endAll(door(), actor, id, id === person.id ? person.session.id : null);
    return { done: signInMessages.sessions.endedMany(ended) };
  },
  release: async ({ locals, params }) => {
    const { db, actor } = acting(locals);
    const { id } = await known(db, params.id);
    if (!(await releaseLock(door(), actor, id))) return fail(409, { message: words.notLocked });
    return { done: words.released };
  },
  reset: async ({ locals, params }) => {
    const { db, actor } = acting(locals);
    const { id } = await known(db, params.id);
    if (!(await resetFactors(door(), actor, id))) return fail(400, { message: words.notOwn });
    return { done: words.reset };
  },
};
