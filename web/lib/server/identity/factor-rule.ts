import { needsSecondFactor, type Role } from '../../../../config/access/roles.ts';

/** What a session was opened with besides the password; `oidc` where the provider has asked for more than a password. */
export const sessionFactors = ['totp', 'passkey', 'recovery', 'oidc'] as const;
export type SessionFactor = (typeof sessionFactors)[number];

export type FactorState = {
  grants: readonly { role: Role }[];
  /** Whether the person has a confirmed authenticator app or a passkey. */
  enrolled: boolean;
  /** What the session was opened with besides the password; null: nothing. */
  sessionFactor: SessionFactor | null;
};

/**
 * What a session still lacks. `none`: a password will do. `present`: the second factor was given. `verify`: it must be
 * given before anything else. `enrol`: a role asks for one and the person has none yet.
 */
export function factorNeeded(state: FactorState): 'none' | 'present' | 'enrol' | 'verify' {
  // The provider answers for the person; whether something is enrolled here does not matter to it.
  if (state.sessionFactor === 'oidc') return 'present';
  if (state.enrolled) return state.sessionFactor === null ? 'verify' : 'present';
  // What was given was taken away since: a role that needs a factor needs one that is there.
  return mustHaveFactor(state.grants) ? 'enrol' : 'none';
}

/** Whether one of the roles may only be held with a second factor. */
export function mustHaveFactor(grants: FactorState['grants']): boolean {
  return grants.some(({ role }) => needsSecondFactor(role));
}

export function isSessionFactor(value: unknown): value is SessionFactor {
  return (sessionFactors as readonly unknown[]).includes(value);
}
