import { createHash, randomBytes } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import type { Actor } from '../../../../store/actor.ts';
import { appendAudit } from '../../../../store/audit.ts';
import {
  addInvitation,
  findInvitation,
  takeInvitation,
  type Invitation,
} from '../../../../store/invitations.ts';
import { tellLive } from '../../../../store/live.ts';
import { lockPerson, setPassword } from '../../../../store/passwords.ts';
import { transaction } from '../../../../store/pool.ts';
import { endSessionsBut } from '../../../../store/sessions.ts';
import { releaseLocks } from '../../../../store/sign-in-tries.ts';
import type { Door } from './ground.ts';
import { isFormer } from './password.ts';
import { beginSession, type Arrival } from './sessions.ts';

/** A link as it is shown, once: the database keeps a hash of its token. */
export type NewInvitation = { path: string; expiresAt: Date };

/**
 * Makes a link by which a person sets their password, the first one or another one; links before it are worthless then.
 * The caller has made sure that the person is in the actor's reach.
 * @returns null for somebody who has left
 */
export async function invite(
  { db, settings }: Pick<Door, 'db' | 'settings'>,
  actor: Actor,
  personId: string,
): Promise<NewInvitation | null> {
  // 256 bits: nobody guesses one, and its hash needs no salt.
  const token = randomBytes(32).toString('base64url');
  return transaction(db, async (client) => {
    if (!(await lockPerson(client, personId))) return null;
    const expiresAt = await addInvitation(client, {
      ...{ hash: hashOf(token), personId, createdBy: actor.id },
      hours: settings.invitationHours,
    });
    await appendAudit(client, {
      ...actor,
      action: 'invitation-create',
      subject: `person:${personId}`,
      after: { expiresAt },
    });
    return { path: `/invitation/${token}`, expiresAt };
  });
}

/** What a link opens; null: there is no such link. */
export async function readInvitation({ db }: Pick<Door, 'db'>, token: string): Promise<Invitation | null> {
  return token.length > 100 ? null : findInvitation(db, hashOf(token));
}

export type Accepted =
  { outcome: 'in'; token: string } | { outcome: 'former' | 'over' } | { outcome: 'not-here' | 'disabled' };

/** Rolls back what was begun with an invitation that somebody else has taken meanwhile. */
class Over extends Error {}

/**
 * Sets the password of an invitation's person and signs them in. Of two who use a link at once, one gets in. Sessions from
 * before end, and a lock is lifted: the link is what somebody gets who was locked out, or whose password is known to others.
 */
export async function acceptInvitation(
  { db, settings }: Pick<Door, 'db' | 'settings'>,
  invitation: Invitation,
  password: string,
  arrival: Arrival,
): Promise<Accepted> {
  const { personId, officeId } = invitation;
  if (await isFormer(db, personId, password)) return { outcome: 'former' };
  const hash = await hashPassword(password);
  try {
    return await transaction(db, async (client) => {
      if (!(await lockPerson(client, personId))) return { outcome: 'disabled' };
      if (!(await takeInvitation(client, invitation.id))) throw new Over();
      await setPassword(client, personId, hash);
      await releaseLocks(client, personId);
      const sessionsEnded = await endSessionsBut(client, personId, null);
      await appendAudit(client, {
        ...{ id: personId, officeId, role: 'self' as const, address: arrival.place },
        action: invitation.again ? 'password-reset' : 'invitation-accept',
        subject: `person:${personId}`,
        after: { sessionsEnded },
      });
      await tellLive(client, { kind: 'access', personId });
      return beginSession(client, personId, arrival, null, settings, { way: 'invitation' });
    });
  } catch (error) {
    if (error instanceof Over) return { outcome: 'over' };
    throw error;
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
