import { hashPassword, verifyPassword } from 'better-auth/crypto';
import type { Actor } from '../../../../store/actor.ts';
import { appendAudit } from '../../../../store/audit.ts';
import { tellLive } from '../../../../store/live.ts';
import { accountOf, lastPasswords, lockPerson, setPassword } from '../../../../store/passwords.ts';
import { transaction, type Store } from '../../../../store/pool.ts';
import { endSessionsBut, replaceToken } from '../../../../store/sessions.ts';
import { newToken, type Door } from './ground.ts';
import { succeeded, takeTry } from './lock-out.ts';
import { isRight } from './sign-in.ts';

export type PasswordChange =
  | { outcome: 'changed'; token: string }
  | { outcome: 'wrong' | 'former' | 'ended' }
  | { outcome: 'wait'; seconds: number };

/**
 * Changes one's own password. All other sessions end, and this one goes on under another token: whoever knew the old
 * password or held a copied cookie is out.
 * @param self who changes it, in which session
 */
export async function changePassword(
  { db, settings }: Door,
  self: { actor: Actor; email: string; session: { id: string } },
  current: string,
  next: string,
): Promise<PasswordChange> {
  const { actor, email, session } = self;
  // Whoever sits down at an open desk could guess here as well.
  const { wait } = await takeTry(db, settings, 'password', email, actor.address ?? '');
  if (wait > 0) return { outcome: 'wait', seconds: wait };
  const account = await accountOf(db, actor.id);
  const subject = `person:${actor.id}`;
  if (!(await isRight(current, account?.password ?? null))) {
    await transaction(db, (client) =>
      appendAudit(client, { ...actor, action: 'password-change', subject, after: { result: 'refused' } }),
    );
    return { outcome: 'wrong' };
  }
  await succeeded(db, 'password', email, actor.address ?? '');
  if (await isFormer(db, actor.id, next)) return { outcome: 'former' };
  const hash = await hashPassword(next);
  const token = newToken();
  return transaction(db, async (client) => {
    const person = await lockPerson(client, actor.id);
    if (!person || !(await replaceToken(client, session.id, token))) return { outcome: 'ended' };
    await setPassword(client, actor.id, hash);
    const sessionsEnded = await endSessionsBut(client, actor.id, session.id);
    await appendAudit(client, {
      ...actor,
      action: 'password-change',
      subject,
      after: { result: 'changed', sessionsEnded },
    });
    await tellLive(client, { kind: 'access', personId: actor.id });
    return { outcome: 'changed', token };
  });
}

/** Whether a password is one of the last that the person had. */
export async function isFormer(db: Store, personId: string, password: string): Promise<boolean> {
  for (const hash of await lastPasswords(db, personId)) {
    if (await verifyPassword({ hash, password })) return true;
  }
  return false;
}
