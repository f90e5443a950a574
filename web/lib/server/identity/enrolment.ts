import { appendAudit } from '../../../../store/audit.ts';
import { isEnrolled, lockFactors } from '../../../../store/factors.ts';
import { tellLive } from '../../../../store/live.ts';
import { removeOidcLinks } from '../../../../store/oidc-links.ts';
import { removePasskey, renamePasskey, passkeysOf } from '../../../../store/passkeys.ts';
import { grantsOf } from '../../../../store/people.ts';
import { transaction, type Store } from '../../../../store/pool.ts';
import {
  recoveryState,
  removeRecoveryCodes,
  replaceRecoveryCodes,
} from '../../../../store/recovery-codes.ts';
import { renewSession } from '../../../../store/session-factors.ts';
import { endSessionsBut } from '../../../../store/sessions.ts';
import { beginTotp, confirmTotp, removeTotp, totpFactor } from '../../../../store/totp-factors.ts';
import type { Actor } from '../../../../store/actor.ts';
import { mustHaveFactor } from './factor-rule.ts';
import { newToken, placeOf, type FactorRefusal, type Ground, type Self } from './ground.ts';
import { newRecoveryCodes, newSalt, recoveryHash } from './recovery.ts';
import { totpContext } from './second-factor.ts';
import { newTotpSecret, readTotp } from './totp.ts';

type Client = Parameters<typeof appendAudit>[0];

/** Begins to set up an authenticator app. @returns the secret, to be shown until a code of it is typed in */
export async function startTotp({ db, cipher }: Ground, { actor }: Self): Promise<Buffer> {
  const secret = newTotpSecret();
  await beginTotp(db, actor.id, cipher.seal(secret, totpContext(actor.id)));
  return secret;
}

/** The secret of the app that is being set up; null: none, or it was begun too long ago. */
export async function pendingTotp({ db, cipher }: Ground, personId: string): Promise<Buffer | null> {
  const sealed = (await totpFactor(db, personId))?.pendingSealed;
  return sealed ? cipher.open(sealed, totpContext(personId)) : null;
}

/** `codes`: the recovery codes made with the first factor, to be shown this once. */
export type Enrolled = { outcome: 'enrolled'; token: string; codes: string[] | null };

/** Takes the authenticator app into use, when the code is one of its own. The session counts as verified by that. */
export async function finishTotp(
  ground: Ground,
  self: Self,
  typed: string,
  now = Date.now(),
): Promise<Enrolled | FactorRefusal> {
  const { db, cipher, tries } = ground;
  const { id } = self.actor;
  const seconds = await tries.take(self.email, placeOf(self.actor));
  if (seconds > 0) return { outcome: 'wait', seconds };
  const sealed = (await totpFactor(db, id))?.pendingSealed;
  if (!sealed) return { outcome: 'ended' };
  const read = readTotp(cipher.open(sealed, totpContext(id)), typed, now);
  if (read.kind === 'wrong') return { outcome: 'wrong' };
  if (read.kind === 'clock') return { outcome: 'clock', minutes: read.minutes };
  const done = await enrol(db, self, 'totp', (client) => confirmTotp(client, id, sealed, read.step));
  if (done.outcome === 'enrolled') await tries.succeeded(self.email, placeOf(self.actor));
  return done;
}

/** Rolls an enrolment back: what was to be enrolled, or the session, is gone. */
class Ended extends Error {}

/**
 * Enrols a factor, with what follows on any: recovery codes with the first one, another token for the session, an entry
 * in the log.
 * @param keep writes the factor; false when that is no longer possible
 */
export async function enrol(
  db: Store,
  { actor, session }: Self,
  factor: 'totp' | 'passkey',
  keep: (client: Client) => Promise<boolean>,
  more: Record<string, unknown> = {},
): Promise<Enrolled | { outcome: 'ended' }> {
  try {
    return await transaction(db, async (client) => {
      await lockFactors(client, actor.id);
      const token = newToken();
      if (!(await keep(client)) || !(await renewSession(client, session.id, token, factor)))
        throw new Ended();
      const codes = (await recoveryState(client, actor.id)) ? null : await makeCodes(client, actor.id);
      await appendAudit(client, {
        ...actor,
        action: 'factor-enrol',
        subject: `person:${actor.id}`,
        after: { factor, recoveryCodes: codes !== null, ...more },
      });
      await tellLive(client, { kind: 'access' });
      return { outcome: 'enrolled', token, codes };
    });
  } catch (error) {
    if (error instanceof Ended) return { outcome: 'ended' };
    throw error;
  }
}

/** Makes new recovery codes in place of the old ones. @returns null for somebody without a second factor */
export async function renewRecoveryCodes({ db }: Ground, { actor }: Self): Promise<string[] | null> {
  return transaction(db, async (client) => {
    await lockFactors(client, actor.id);
    if (!(await isEnrolled(client, actor.id))) return null;
    const before = await recoveryState(client, actor.id);
    const codes = await makeCodes(client, actor.id);
    await appendAudit(client, {
      ...actor,
      action: 'recovery-codes-make',
      subject: `person:${actor.id}`,
      before: { left: before?.left ?? 0 },
      after: { left: codes.length },
    });
    return codes;
  });
}

async function makeCodes(client: Client, personId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  const salt = newSalt();
  const hashes: Buffer[] = [];
  // One after the other: side by side they would take up all the threads that other requests hash passwords with.
  for (const code of codes) hashes.push((await recoveryHash(code, salt)) as Buffer);
  await replaceRecoveryCodes(client, personId, salt, hashes);
  return codes;
}

export type Removal = 'removed' | 'last' | 'unknown';

/** Rolls the removal of somebody's last factor back. */
class LastFactor extends Error {}

/** Removes a factor, unless it is the last one of somebody whose role needs one. @param passkeyId null: the app */
export async function removeFactor(
  { db }: Pick<Ground, 'db'>,
  { actor }: Pick<Self, 'actor'>,
  passkeyId: string | null,
): Promise<Removal> {
  try {
    return await transaction(db, async (client) => {
      await lockFactors(client, actor.id);
      const name = passkeyId === null ? null : await removePasskey(client, actor.id, passkeyId);
      const gone = passkeyId === null ? await removeTotp(client, actor.id) : name !== null;
      if (!gone) return 'unknown';
      if (!(await isEnrolled(client, actor.id))) {
        if (mustHaveFactor(await grantsOf(client, actor.id))) throw new LastFactor();
        // Without a factor there is nothing that they could stand in for.
        await removeRecoveryCodes(client, actor.id);
      }
      await appendAudit(client, {
        ...actor,
        action: 'factor-remove',
        subject: `person:${actor.id}`,
        before: passkeyId === null ? { factor: 'totp' } : { factor: 'passkey', name },
      });
      await tellLive(client, { kind: 'access' });
      return 'removed';
    });
  } catch (error) {
    if (error instanceof LastFactor) return 'last';
    throw error;
  }
}

/** @returns false when the person has no such passkey */
export async function namePasskey(
  { db }: Pick<Ground, 'db'>,
  { actor }: Pick<Self, 'actor'>,
  id: string,
  name: string,
): Promise<boolean> {
  return transaction(db, async (client) => {
    const before = await renamePasskey(client, actor.id, id, name);
    if (before === null) return false;
    if (before !== name) {
      await appendAudit(client, {
        ...actor,
        action: 'passkey-rename',
        subject: `person:${actor.id}`,
        before: { name: before },
        after: { name },
      });
    }
    return true;
  });
}

/**
 * Takes all second factors from a person who has lost them, with the account at the provider, and ends their sessions. At
 * the next sign-in they enrol anew where a role of theirs needs it. The caller has made sure that the person is in the actor's reach.
 * @returns false for oneself: nobody gets round their own second factor
 */
export async function resetFactors(
  { db }: Pick<Ground, 'db'>,
  actor: Actor,
  personId: string,
): Promise<boolean> {
  if (actor.id === personId) return false;
  await transaction(db, async (client) => {
    await lockFactors(client, personId);
    const passkeys = await passkeysOf(client, personId);
    for (const { id } of passkeys) await removePasskey(client, personId, id);
    const totp = await removeTotp(client, personId);
    await removeRecoveryCodes(client, personId);
    const links = await removeOidcLinks(client, personId);
    const sessions = await endSessionsBut(client, personId, null);
    await appendAudit(client, {
      ...actor,
      action: 'factor-reset',
      subject: `person:${personId}`,
      before: { totp, passkeys: passkeys.length, links },
      after: { sessionsEnded: sessions },
    });
    await tellLive(client, { kind: 'access' });
  });
  return true;
}
