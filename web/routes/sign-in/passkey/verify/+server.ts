import { json } from '@sveltejs/kit';
import { factorMessages } from '../../../../lib/messages/factors.ts';
import { signInWithPasskey } from '../../../../lib/server/identity/direct.ts';
import {
  goOnAs,
  ground,
  markOf,
  party,
  PASSKEY_MARK,
  refusalOf,
} from '../../../../lib/server/identity/here.ts';
import { readAssertion } from '../../../../lib/server/identity/passkey-input.ts';
import { visitOf } from '../../../../lib/server/identity/visit.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async (event) => {
  const words = factorMessages.passkey;
  const rp = party();
  if (typeof rp === 'string') return json({ message: words.none[rp] }, { status: 409 });
  const answer = readAssertion(await event.request.json().catch(() => null));
  if (!answer) return json({ message: words.malformed }, { status: 400 });
  const browser = markOf(event.cookies, PASSKEY_MARK);
  const entered = await signInWithPasskey(ground(), rp, visitOf(event), answer, browser);
  if (entered.outcome === 'in') {
    event.cookies.delete(PASSKEY_MARK, { path: '/sign-in/passkey' });
    await goOnAs(event, entered.token);
    return json({ done: true });
  }
  if (entered.outcome === 'unknown') return json({ message: words.unknown }, { status: 401 });
  if (entered.outcome === 'not-here') return json({ message: words.notHere }, { status: 403 });
  const { status, message } = refusalOf(entered, factorMessages.refused.wrongPasskey);
  return json({ message }, { status });
};
