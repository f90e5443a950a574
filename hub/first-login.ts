import { randomInt } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import type { Role } from '../config/access/roles.ts';
import type { HubConfig } from '../config/hub.ts';
import type { Store } from '../store/pool.ts';
import { createFirstPerson, nobodyYet, renewUnusedPassword } from '../store/people.ts';
import { messages } from './messages.ts';

export type FirstLogin = {
  name: string;
  email: string;
  /** Null: the account is in use, and its password known to its person alone. */
  password: string | null;
};

/** Letters and digits that cannot be mistaken for one another when read off a terminal. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** 12 characters of 31: 59 bits, for a password that lives until the first sign-in. */
function oneTimePassword(): string {
  const part = () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${part()}-${part()}-${part()}`;
}

/**
 * Sees to it that somebody can sign in: the people of hub.yaml and the three administrators get an account at the first
 * start, and another one-time password at each later one until theirs has been used (a terminal that was closed is no
 * reason to start over).
 */
export async function firstLogins(store: Store, officeId: number, hub: HubConfig): Promise<FirstLogin[]> {
  const first = await nobodyYet(store);
  const logins: FirstLogin[] = [];
  for (const { name, email, roles } of firstPeople(hub)) {
    const password = oneTimePassword();
    const passwordHash = await hashPassword(password);
    if (first) await createFirstPerson(store, { officeId, name, email, roles, passwordHash });
    const made = first || (await renewUnusedPassword(store, email, passwordHash));
    logins.push({ name, email, password: made ? password : null });
  }
  return logins;
}

function firstPeople(hub: HubConfig): { name: string; email: string; roles: readonly Role[] }[] {
  const { system, security, audit } = hub.administrators;
  const words = messages.administrators;
  return [
    ...hub.people.map(({ name, email, roles }) => ({ name: name ?? email, email, roles })),
    { name: system.name ?? words.system, email: system.email, roles: ['system-administrator'] },
    { name: security.name ?? words.security, email: security.email, roles: ['security-administrator'] },
    { name: audit.name ?? words.audit, email: audit.email, roles: ['audit-administrator'] },
  ];
}
