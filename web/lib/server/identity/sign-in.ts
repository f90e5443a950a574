import { randomBytes } from 'node:crypto';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { appendAudit } from '../../../../store/audit.ts';
import { accountByEmail, type Account } from '../../../../store/passwords.ts';
import { transaction } from '../../../../store/pool.ts';
import type { Door } from './ground.ts';
import { succeeded, takeTry } from './lock-out.ts';
import { beginSession, type Arrival } from './sessions.ts';

export type SignInResult =
  { outcome: 'in'; token: string } | { outcome: 'wrong' | 'not-here' } | { outcome: 'wait'; seconds: number };

/**
 * Signs somebody in with a password. Whether the account exists cannot be told from the answer, nor from the time that
 * it takes.
 * @param email in lower case
 */
export async function signIn(
  door: Door,
  email: string,
  password: string,
  arrival: Arrival,
): Promise<SignInResult> {
  const { db, settings } = door;
  const { wait, last } = await takeTry(db, settings, 'password', email, arrival.place);
  if (wait > 0) return { outcome: 'wait', seconds: wait };
  const account = await accountByEmail(db, email);
  const right = await isRight(password, account?.password ?? null);
  if (!account || !right) {
    await refuse(door, account, arrival, { why: 'wrong', locked: last });
    return { outcome: 'wrong' };
  }
  const begun = await transaction(db, (client) =>
    beginSession(client, account.personId, arrival, null, settings, { way: 'password' }),
  );
  if (begun.outcome === 'disabled') {
    await refuse(door, account, arrival, { why: 'disabled', locked: last });
    return { outcome: 'wrong' };
  }
  await succeeded(db, 'password', email, arrival.place);
  return begun;
}

let nobody: Promise<string> | undefined;

/** Whether a password is that of a hash. Without one as much is computed, and never anything found right. */
export async function isRight(password: string, hash: string | null): Promise<boolean> {
  nobody ??= hashPassword(randomBytes(16).toString('hex'));
  const right = await verifyPassword({ hash: hash ?? (await nobody), password });
  return right && hash !== null;
}

/** Notes a refused try. What was typed is not kept: it may be a password in the wrong field. */
async function refuse(
  { db, officeId }: Door,
  account: Account | null,
  { place, device }: Arrival,
  why: Record<string, unknown>,
): Promise<void> {
  const who = account
    ? { id: account.personId, officeId: account.officeId, role: 'self' as const }
    : { id: 'unknown', officeId, role: 'citizen' as const };
  await transaction(db, (client) =>
    appendAudit(client, {
      ...who,
      address: place,
      action: 'sign-in',
      subject: account ? `person:${who.id}` : 'account',
      after: { result: 'refused', way: 'password', device, ...why },
    }),
  );
}
