import { randomBytes } from 'node:crypto';
import type { Cipher } from '../../../../config/cipher.ts';
import type { SignInSettings } from '../../../../config/sign-in.ts';
import type { Actor } from '../../../../store/actor.ts';
import type { Store } from '../../../../store/pool.ts';
import type { SessionFactor } from './factor-rule.ts';

/** What the code that signs people in stands on: its own database role, the cipher, and the counter of tries. */
export type Ground = { db: Store; cipher: Cipher; tries: Tries };

/** What signing in and sessions stand on. `officeId`: the hub's own office, for tries under an account that nobody has. */
export type Door = { db: Store; settings: SignInSettings; officeId: number };

/** Counts tries of an account from a place; passwords and second factors are counted alike. */
export type Tries = {
  /** Counts a try before it is looked at. @returns 0 when it may go on, else how many seconds to wait */
  take(email: string, place: string): Promise<number>;
  /** The try was right: those before it are forgotten. */
  succeeded(email: string, place: string): Promise<void>;
};

/** A session whose person is known by a password or by the provider. */
export type OpenSession = { id: string; factor: SessionFactor | null };

/** Who gives or changes a factor of their own, in which session. */
export type Self = { actor: Actor; email: string; session: OpenSession };

/** Why a second factor was not taken. `ended`: the session is over, or what was asked was asked of somebody else. */
export type FactorRefusal =
  | { outcome: 'wrong' | 'used' | 'copied' | 'ended' }
  | { outcome: 'clock'; minutes: number }
  | { outcome: 'wait'; seconds: number };

/** The token under which the session goes on. */
export type FactorGiven = { outcome: 'in'; token: string };

/** 192 bits, in letters that a cookie takes as they are. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** The place of a try: the address that the request came from. */
export function placeOf(actor: Actor): string {
  return actor.address ?? '';
}
