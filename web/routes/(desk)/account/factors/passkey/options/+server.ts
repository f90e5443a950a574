import { json } from '@sveltejs/kit';
import { factorMessages } from '../../../../../../lib/messages/factors.ts';
import { acting } from '../../../../../../lib/server/desk.ts';
import { ground, mayChangeFactors, party } from '../../../../../../lib/server/identity/here.ts';
import { enrolmentOptions } from '../../../../../../lib/server/identity/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals }) => {
  const { person } = acting(locals);
  if (!(await mayChangeFactors(locals))) {
    return json({ message: factorMessages.page.stale }, { status: 409 });
  }
  const rp = party();
  if (typeof rp === 'string') return json({ message: factorMessages.passkey.none[rp] }, { status: 409 });
  return json(await enrolmentOptions(ground(), rp, person, person.session.id));
};
