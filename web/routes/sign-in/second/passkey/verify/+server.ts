import { json } from '@sveltejs/kit';
import { factorMessages } from '../../../../../lib/messages/factors.ts';
import { goOnAs, ground, party, refusalOf, self } from '../../../../../lib/server/identity/here.ts';
import { readAssertion } from '../../../../../lib/server/identity/passkey-input.ts';
import { givePasskey } from '../../../../../lib/server/identity/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async (event) => {
  const who = self(event.locals);
  const rp = party();
  if (typeof rp === 'string') return json({ message: factorMessages.passkey.none[rp] }, { status: 409 });
  const answer = readAssertion(await event.request.json().catch(() => null));
  if (!answer) return json({ message: factorMessages.passkey.malformed }, { status: 400 });
  const given = await givePasskey(ground(), rp, who, answer);
  if (given.outcome !== 'in') {
    const { status, message } = refusalOf(given, factorMessages.refused.wrongPasskey);
    return json({ message }, { status });
  }
  await goOnAs(event, given.token);
  return json({ done: true });
};
