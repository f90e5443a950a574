import { createHash } from 'node:crypto';
import { neighbourhood } from '../../../../config/addresses.ts';
import type { SignInSettings } from '../../../../config/sign-in.ts';
import type { Actor } from '../../../../store/actor.ts';
import { appendAudit } from '../../../../store/audit.ts';
import { transaction, type Store } from '../../../../store/pool.ts';
import {
  countTry,
  forgiveTry,
  holdCounters,
  pruneCounters,
  releaseLocks,
  type TryKind,
} from '../../../../store/sign-in-tries.ts';
import type { Door, Tries } from './ground.ts';

export type LockSettings = Pick<SignInSettings, 'failuresBeforeLock' | 'lockMinutes'>;

/** `last`: the try may go on, and locks unless it is right. */
export type Try = { wait: number; last: boolean };

/**
 * Counts a try before what was given is looked at, so that guesses side by side are counted too. The counters stand in the
 * database: they are common to all processes and outlast them.
 * @param email as typed; whether anybody has it makes no difference
 * @param place the client's address
 */
export async function takeTry(
  db: Store,
  settings: LockSettings,
  kind: TryKind,
  email: string,
  place: string,
): Promise<Try> {
  const { lockMinutes } = settings;
  const keys = countersOf(email, place, settings.failuresBeforeLock);
  await pruneCounters(db);
  return transaction(db, async (client) => {
    const counters = await holdCounters(client, kind, keys, lockMinutes);
    const waits = counters.filter(({ locked }) => locked).map(({ seconds }) => seconds);
    // A try that is turned away is not counted: hammering on at one place must not lock the account everywhere.
    if (waits.length > 0) return { wait: Math.max(1, ...waits), last: false };
    return { wait: 0, last: await countTry(client, kind, keys, lockMinutes) };
  });
}

/** The try was right: the account's tries from here and in all are forgotten. */
export async function succeeded(db: Store, kind: TryKind, email: string, place: string): Promise<void> {
  await forgiveTry(db, kind, accountHash(email), neighbourhood(place));
}

/**
 * The counter for those who sign in. Passwords and codes are counted apart: who knows the password must not get fresh
 * tries at the code by giving it again.
 */
export function openTries(db: Store, settings: LockSettings, kind: TryKind): Tries {
  return {
    take: async (email, place) => (await takeTry(db, settings, kind, email, place)).wait,
    succeeded: (email, place) => succeeded(db, kind, email, place),
  };
}

/** Against guesses at one account from many places; so far above one place that a stranger cannot easily lock it. */
const PLACES = 6;
/** A whole office may share one address behind a proxy. */
const ACCOUNTS = 20;

function countersOf(email: string, place: string, failures: number) {
  const account = accountHash(email);
  const from = neighbourhood(place);
  return [
    { account, place: from, most: failures },
    { account, place: '', most: failures * PLACES },
    { account: '', place: from, most: failures * ACCOUNTS },
  ];
}

/** As the database's `account_hash`. */
function accountHash(email: string): string {
  return createHash('sha256').update(email).digest('hex');
}

/** Lifts the locks of a person's account. @returns false when there was none */
export async function releaseLock(
  { db }: Pick<Door, 'db'>,
  actor: Actor,
  personId: string,
): Promise<boolean> {
  return transaction(db, async (client) => {
    if (!(await releaseLocks(client, personId))) return false;
    await appendAudit(client, { ...actor, action: 'lock-release', subject: `person:${personId}` });
    return true;
  });
}
