import { json } from '@sveltejs/kit';
import { factorMessages } from '../../../../../lib/messages/factors.ts';
import { ground, party, self } from '../../../../../lib/server/identity/here.ts';
import { secondFactorOptions } from '../../../../../lib/server/identity/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals }) => {
  const { actor, session } = self(locals);
  const rp = party();
  if (typeof rp === 'string') return json({ message: factorMessages.passkey.none[rp] }, { status: 409 });
  return json(await secondFactorOptions(ground(), rp, actor.id, session.id));
};
