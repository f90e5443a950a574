import { randomInt } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { createAdministrator, nobodyYet, renewUnusedPassword } from '../store/people.ts';
import { messages } from './messages.ts';
import type { Store } from '../store/pool.ts';

/** Letters and digits that cannot be mistaken for one another when read off a terminal. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** 12 characters of 31: 59 bits, for a password that lives until the first sign-in. */
function oneTimePassword(): string {
  const part = () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${part()}-${part()}-${part()}`;
}

/**
 * Sees to it that somebody can sign in.
 * @returns the administrator's one-time password when one was made now: at the first start, and at each later one until
 *   it has been used (a terminal that was closed is no reason to start over)
 */
export async function firstLogin(store: Store, officeId: number, email: string): Promise<string | null> {
  const password = oneTimePassword();
  const passwordHash = await hashPassword(password);
  if (await nobodyYet(store)) {
    await createAdministrator(store, { officeId, name: messages.administrator, email, passwordHash });
    return password;
  }
  return (await renewUnusedPassword(store, email, passwordHash)) ? password : null;
}
