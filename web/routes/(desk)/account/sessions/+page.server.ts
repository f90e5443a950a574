import { fail } from '@sveltejs/kit';
import { sessionsOf } from '../../../../../store/sessions.ts';
import { signInMessages } from '../../../../lib/messages/sign-in.ts';
import { acting, reading } from '../../../../lib/server/desk.ts';
import { door } from '../../../../lib/server/identity/here.ts';
import { endAll, endOne } from '../../../../lib/server/identity/sessions.ts';
import type { Actions, PageServerLoad } from './$types';

const words = signInMessages.sessions;

export const load: PageServerLoad = async ({ locals }) => {
  const { person } = reading(locals);
  const { db, settings } = door();
  const current = person.session.id;
  const sessions = await sessionsOf(db, person.id, settings);
  const own = sessions.filter(({ id }) => id === current);
  return { sessions: [...own, ...sessions.filter(({ id }) => id !== current)], current };
};

export const actions: Actions = {
  end: async ({ locals, request }) => {
    const { person, actor } = acting(locals);
    const id = String((await request.formData()).get('id') ?? '');
    if (id === person.session.id) return fail(400, { message: words.notThis });
    if (!(await endOne(door(), actor, person.id, id))) return fail(409, { message: words.gone });
    return { done: words.ended };
  },
  others: async ({ locals }) => {
    const { person, actor } = acting(locals);
    const ended = await endAll(door(), actor, person.id, person.session.id);
    return { done: words.endedMany(ended) };
  },
};
