import { appendAudit } from '../../../../store/audit.ts';
import { transaction } from '../../../../store/pool.ts';
import { recoverySalt, recoveryState, spendRecoveryCode } from '../../../../store/recovery-codes.ts';
import { renewSession } from '../../../../store/session-factors.ts';
import { spendTotpStep, totpFactor } from '../../../../store/totp-factors.ts';
import { newToken, placeOf, type FactorGiven, type FactorRefusal, type Ground, type Self } from './ground.ts';
import { recoveryHash } from './recovery.ts';
import { readTotp } from './totp.ts';

/** What a person's secret is sealed for: it opens for that person alone. */
export function totpContext(personId: string): string {
  return `totp:${personId}`;
}

/** Gives a code of an authenticator app as second factor. */
export async function giveTotp(
  ground: Ground,
  self: Self,
  typed: string,
  now = Date.now(),
): Promise<FactorGiven | FactorRefusal> {
  const { db, cipher, tries } = ground;
  const { id } = self.actor;
  const seconds = await tries.take(self.email, placeOf(self.actor));
  if (seconds > 0) return { outcome: 'wait', seconds };
  const factor = await totpFactor(db, id);
  const sealed = factor?.secretSealed;
  if (!sealed) return refuse(ground, self, 'totp', { outcome: 'wrong' });
  const read = readTotp(cipher.open(sealed, totpContext(id)), typed, now);
  if (read.kind === 'wrong') return refuse(ground, self, 'totp', { outcome: 'wrong' });
  if (read.kind === 'clock') return refuse(ground, self, 'totp', { outcome: 'clock', minutes: read.minutes });
  const given = await transaction(db, async (client) => {
    if (!(await spendTotpStep(client, id, sealed, read.step))) return 'used' as const;
    return goOn(client, self, 'totp');
  });
  if (typeof given === 'string') return refuse(ground, self, 'totp', { outcome: given });
  await tries.succeeded(self.email, placeOf(self.actor));
  return given;
}

/** Gives a recovery code as second factor. `left`: how many codes are left. */
export async function giveRecoveryCode(
  ground: Ground,
  self: Self,
  typed: string,
): Promise<(FactorGiven & { left: number }) | FactorRefusal> {
  const { db, tries } = ground;
  const { id } = self.actor;
  const seconds = await tries.take(self.email, placeOf(self.actor));
  if (seconds > 0) return { outcome: 'wait', seconds };
  const salt = await recoverySalt(db, id);
  const hash = salt && (await recoveryHash(typed, salt));
  if (!hash) return refuse(ground, self, 'recovery', { outcome: 'wrong' });
  const given = await transaction(db, async (client) => {
    if (!(await spendRecoveryCode(client, id, hash))) return 'wrong' as const;
    const left = (await recoveryState(client, id))?.left ?? 0;
    const renewed = await goOn(client, self, 'recovery', { left });
    return typeof renewed === 'string' ? renewed : { ...renewed, left };
  });
  if (typeof given === 'string') return refuse(ground, self, 'recovery', { outcome: given });
  await tries.succeeded(self.email, placeOf(self.actor));
  return given;
}

type Client = Parameters<typeof appendAudit>[0];

/** Renews the session in the transaction in which the factor was spent. */
export async function goOn(
  client: Client,
  { actor, session }: Self,
  factor: 'totp' | 'recovery' | 'passkey',
  more: Record<string, unknown> = {},
): Promise<FactorGiven | 'ended'> {
  const token = newToken();
  if (!(await renewSession(client, session.id, token, factor))) return 'ended';
  await appendAudit(client, {
    ...actor,
    action: 'factor-verify',
    subject: `person:${actor.id}`,
    after: { factor, result: 'given', ...more },
  });
  return { outcome: 'in', token };
}

/** Notes in the audit log what was not taken, and why. */
export async function refuse<R extends FactorRefusal>(
  { db }: Pick<Ground, 'db'>,
  { actor }: Pick<Self, 'actor'>,
  factor: 'totp' | 'recovery' | 'passkey',
  refusal: R,
): Promise<R> {
  await transaction(db, (client) =>
    appendAudit(client, {
      ...actor,
      action: 'factor-verify',
      subject: `person:${actor.id}`,
      after: { factor, result: refusal.outcome },
    }),
  );
  return refusal;
}
