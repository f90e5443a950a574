import { error, fail } from '@sveltejs/kit';
import { PUSH_LIMITS } from '../../../../../../crawler/sources/push.ts';
import { intakeSource, type IntakeSource } from '../../../../../../store/intake.ts';
import { endToken, makeToken, tokensOf } from '../../../../../../store/push-tokens.ts';
import { messages } from '../../../../../lib/messages.ts';
import { intakeMessages } from '../../../../../lib/messages/intake.ts';
import { acting, reading, type Desk } from '../../../../../lib/server/desk.ts';
import { field } from '../../../../../lib/server/form.ts';
import { hub } from '../../../../../lib/server/hub.ts';
import { readId } from '../../../../../lib/server/read-id.ts';
import type { Actions, PageServerLoad } from './$types';

const words = intakeMessages.tokens;
const LONGEST_NAME = 40;

export const load: PageServerLoad = async ({ locals, params }) => {
  const desk = reading(locals);
  const { id, name, off } = await find(desk, params.id);
  return {
    source: { id, name, off },
    tokens: await tokensOf(desk.db, id),
    address: `${hub().runtime.address}/api/ingest`,
    limits: PUSH_LIMITS,
  };
};

async function find({ db }: Desk, id: string): Promise<IntakeSource> {
  const source = await intakeSource(db, readId(id));
  if (source?.kind !== 'push') error(404, messages.errors.notFound);
  return source;
}

export const actions: Actions = {
  make: async ({ locals, params, request }) => {
    const desk = acting(locals);
    const source = await find(desk, params.id);
    const name = field(await request.formData(), 'name').trim();
    if (name === '' || name.length > LONGEST_NAME) return fail(400, { message: words.nameWrong });
    return { token: await makeToken(desk.db, desk.actor, source, name), name };
  },

  end: async ({ locals, params, request }) => {
    const desk = acting(locals);
    const source = await find(desk, params.id);
    const id = field(await request.formData(), 'id');
    const token = /^[1-9]\d{0,8}$/.test(id) ? Number(id) : 0;
    const ended = await endToken(desk.db, desk.actor, source.id, token);
    return ended ? { done: words.ended } : fail(409, { message: words.endedBefore });
  },
};
