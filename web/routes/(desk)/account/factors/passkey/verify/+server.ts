import { json } from '@sveltejs/kit';
import { factorMessages } from '../../../../../../lib/messages/factors.ts';
import {
  goOnAs,
  ground,
  mayChangeFactors,
  party,
  refusalOf,
  self,
} from '../../../../../../lib/server/identity/here.ts';
import { readEnrolment } from '../../../../../../lib/server/identity/passkey-input.ts';
import { enrolPasskey } from '../../../../../../lib/server/identity/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async (event) => {
  const who = self(event.locals);
  if (!(await mayChangeFactors(event.locals))) {
    return json({ message: factorMessages.page.stale }, { status: 409 });
  }
  const rp = party();
  if (typeof rp === 'string') return json({ message: factorMessages.passkey.none[rp] }, { status: 409 });
  const sent = readEnrolment(await event.request.json().catch(() => null));
  if (!sent) return json({ message: factorMessages.passkey.malformed }, { status: 400 });
  const done = await enrolPasskey(ground(), rp, who, sent.response, sent.name);
  if (done.outcome !== 'enrolled') {
    const { status, message } = refusalOf(done, factorMessages.refused.wrongPasskey);
    return json({ message }, { status });
  }
  await goOnAs(event, done.token);
  return json({ codes: done.codes }, { headers: { 'cache-control': 'no-store' } });
};
