import { json } from '@sveltejs/kit';
import { factorMessages } from '../../../../lib/messages/factors.ts';
import { ground, markBrowser, party, PASSKEY_MARK } from '../../../../lib/server/identity/here.ts';
import { signInOptions } from '../../../../lib/server/identity/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ cookies }) => {
  const rp = party();
  if (typeof rp === 'string') return json({ message: factorMessages.passkey.none[rp] }, { status: 409 });
  const browser = markBrowser(cookies, PASSKEY_MARK, '/sign-in/passkey', 'strict');
  return json(await signInOptions(ground(), rp, browser));
};
