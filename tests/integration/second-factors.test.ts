import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isEnrolled } from '../../store/factors.ts';
import { openStore } from '../../store/pool.ts';
import { recoveryState } from '../../store/recovery-codes.ts';
import { isFresh } from '../../store/session-factors.ts';
import {
  finishTotp,
  pendingTotp,
  removeFactor,
  renewRecoveryCodes,
  resetFactors,
  startTotp,
} from '../../web/lib/server/identity/enrolment.ts';
import { openTries } from '../../web/lib/server/identity/lock-out.ts';
import type { Self } from '../../web/lib/server/identity/ground.ts';
import { enrolmentOptions, enrolPasskey } from '../../web/lib/server/identity/passkeys.ts';
import { relyingParty, type RelyingParty } from '../../web/lib/server/identity/relying-party.ts';
import { giveRecoveryCode, giveTotp } from '../../web/lib/server/identity/second-factor.ts';
import { totpText } from '../../web/lib/server/identity/totp.ts';
import { SoftAuthenticator } from '../support/authenticator.ts';
import { startFactorBench, type FactorBench } from '../support/factors.ts';
import { totpCode } from '../support/totp.ts';

const ADDRESS = 'http://localhost:4700';
const STEP = 30_000;

let bench: FactorBench;
beforeAll(async () => {
  bench = await startFactorBench();
});
afterAll(() => bench?.stop());
beforeEach(() => {
  bench.waiting = 0;
});

/** Sets an app up. @returns its codes */
async function withTotp(self: Self, now: number): Promise<(at: number) => string> {
  const secret = totpText(await startTotp(bench.ground, self));
  const code = (at: number) => totpCode(secret, at);
  expect(await finishTotp(bench.ground, self, code(now), now)).toMatchObject({ outcome: 'enrolled' });
  return code;
}

async function inTurn<T>(times: number, act: (n: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let n = 0; n < times; n++) results.push(await act(n));
  return results;
}

const NOW = Date.UTC(2026, 10, 22, 8);

describe('an authenticator app', () => {
  test('counts once a code of it was typed in, and brings ten recovery codes', async () => {
    const self = await bench.somebody();
    const secret = await startTotp(bench.ground, self);
    expect(await isEnrolled(bench.ground.db, self.actor.id)).toBe(false);
    expect(await pendingTotp(bench.ground, self.actor.id)).toEqual(secret);
    expect(await finishTotp(bench.ground, self, '000000', NOW)).toEqual({ outcome: 'wrong' });
    const done = await finishTotp(bench.ground, self, totpCode(totpText(secret), NOW), NOW);
    expect(done).toMatchObject({ outcome: 'enrolled' });
    expect('codes' in done && done.codes).toHaveLength(10);
    expect(await isEnrolled(bench.ground.db, self.actor.id)).toBe(true);
    expect(await bench.sessionOf(self)).toMatchObject({
      factor: 'totp',
      token: 'token' in done ? done.token : '',
    });
    expect(await bench.auditOf(self)).toEqual(['factor-enrol']);
  });

  test('is not readable in the database', async () => {
    const self = await bench.somebody();
    const secret = await startTotp(bench.ground, self);
    const kept = await bench.engines.store.query<{ sealed: string }>(
      'select pending_sealed as sealed from totp_factors where person_id = $1',
      [self.actor.id],
    );
    const { sealed = '' } = kept.rows[0] ?? {};
    expect(sealed).toMatch(/^v1\./u);
    expect(sealed).not.toContain(totpText(secret).replaceAll(' ', ''));
    expect(() => bench.ground.cipher.open(sealed, 'totp:somebody-else')).toThrow();
  });

  test('gives a session another token, and the old one is worthless', async () => {
    const self = await bench.somebody();
    const code = await withTotp(self, NOW);
    const later: Self = { ...self, session: await bench.newSession(self.actor.id) };
    const planted = (await bench.sessionOf(later))?.token;
    const given = await giveTotp(bench.ground, later, code(NOW + STEP), NOW + STEP);
    expect(given).toMatchObject({ outcome: 'in' });
    const after = await bench.sessionOf(later);
    expect(after).toMatchObject({ factor: 'totp', token: 'token' in given ? given.token : '' });
    expect(after?.token).not.toBe(planted);
    const old = await bench.engines.store.query('select 1 from sessions where token = $1', [planted]);
    expect(old.rowCount).toBe(0);
  });

  test('takes a code once, and none from before it', async () => {
    const self = await bench.somebody();
    const code = await withTotp(self, NOW);
    const give = (at: number, now: number) => giveTotp(bench.ground, self, code(at), now);
    // The code that proved the app is spent as well.
    expect(await give(NOW, NOW)).toEqual({ outcome: 'used' });
    expect(await give(NOW + 2 * STEP, NOW + STEP)).toMatchObject({ outcome: 'in' });
    expect(await give(NOW + 2 * STEP, NOW + 2 * STEP)).toEqual({ outcome: 'used' });
    expect(await give(NOW + STEP, NOW + 2 * STEP)).toEqual({ outcome: 'used' });
    expect(await give(NOW + 3 * STEP, NOW + 3 * STEP)).toMatchObject({ outcome: 'in' });
  });

  test('takes a code once, also when it comes ten times at once', async () => {
    const self = await bench.somebody();
    const code = await withTotp(self, NOW);
    const now = NOW + STEP;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => giveTotp(bench.ground, self, code(now), now)),
    );
    expect(answers.filter(({ outcome }) => outcome === 'in')).toHaveLength(1);
    expect(answers.filter(({ outcome }) => outcome === 'used')).toHaveLength(9);
  });

  test('with a wrong clock is told so, and not let in', async () => {
    const self = await bench.somebody();
    const code = await withTotp(self, NOW);
    expect(await giveTotp(bench.ground, self, code(NOW + 6 * STEP), NOW + 2 * STEP)).toEqual({
      outcome: 'clock',
      minutes: 2,
    });
  });

  test('is not tried any more after too many tries, whatever is typed', async () => {
    const self = await bench.somebody();
    const code = await withTotp(self, NOW);
    bench.waiting = 600;
    expect(await giveTotp(bench.ground, self, code(NOW + STEP), NOW + STEP)).toEqual({
      outcome: 'wait',
      seconds: 600,
    });
  });

  test('cannot be guessed, one after the other or side by side, and the right code comes too late', async () => {
    const settings = bench.engines.runtime().hub.signIn;
    const ground = { ...bench.ground, tries: openTries(bench.ground.db, settings, 'code') };
    for (const guesses of ['in turn', 'at once']) {
      const self = await bench.somebody();
      self.actor.address = guesses === 'in turn' ? '10.1.0.1' : '10.2.0.1';
      const code = await withTotp(self, NOW);
      const guess = (n: number) => giveTotp(ground, self, String(n).padStart(6, '0'), NOW + STEP);
      const answers =
        guesses === 'at once'
          ? await Promise.all(Array.from({ length: 12 }, (_, n) => guess(n)))
          : await inTurn(12, guess);
      const looked = answers.filter(({ outcome }) => outcome !== 'wait');
      expect(looked.length, guesses).toBe(settings.failuresBeforeLock);
      const late = await giveTotp(ground, self, code(NOW + STEP), NOW + STEP);
      expect(late.outcome, guesses).toBe('wait');
      expect('seconds' in late && late.seconds).toBeGreaterThan((settings.lockMinutes - 1) * 60);
    }
  });

  test('is replaced by another without a gap', async () => {
    const self = await bench.somebody('signatory');
    const old = await withTotp(self, NOW);
    const secret = totpText(await startTotp(bench.ground, self));
    expect(await giveTotp(bench.ground, self, old(NOW + STEP), NOW + STEP)).toMatchObject({ outcome: 'in' });
    const at = NOW + 2 * STEP;
    const done = await finishTotp(bench.ground, self, totpCode(secret, at), at);
    // The codes on paper stay good.
    expect(done).toMatchObject({ outcome: 'enrolled', codes: null });
    expect(await giveTotp(bench.ground, self, old(at + STEP), at + STEP)).toMatchObject({ outcome: 'wrong' });
  });

  test('that was shown too long ago cannot be confirmed', async () => {
    const self = await bench.somebody();
    const secret = totpText(await startTotp(bench.ground, self));
    await bench.engines.store.query(
      `update totp_factors set pending_at = now() - interval '31 minutes' where person_id = $1`,
      [self.actor.id],
    );
    expect(await finishTotp(bench.ground, self, totpCode(secret, NOW), NOW)).toEqual({ outcome: 'ended' });
  });

  test('changes nothing when the session has ended meanwhile', async () => {
    const self = await bench.somebody();
    const secret = totpText(await startTotp(bench.ground, self));
    await bench.engines.store.query('delete from sessions where id = $1', [self.session.id]);
    expect(await finishTotp(bench.ground, self, totpCode(secret, NOW), NOW)).toEqual({ outcome: 'ended' });
    expect(await isEnrolled(bench.ground.db, self.actor.id)).toBe(false);
    expect(await bench.auditOf(self)).toEqual([]);
  });
});

describe('a recovery code', () => {
  async function withCodes(): Promise<{ self: Self; codes: string[] }> {
    const self = await bench.somebody();
    await withTotp(self, NOW);
    const codes = await renewRecoveryCodes(bench.ground, self);
    return { self, codes: codes ?? [] };
  }

  test('lets in once, and says how many are left', async () => {
    const { self, codes } = await withCodes();
    const [first = '', second = ''] = codes;
    expect(await giveRecoveryCode(bench.ground, self, first.toUpperCase())).toMatchObject({
      outcome: 'in',
      left: 9,
    });
    expect(await bench.sessionOf(self)).toMatchObject({ factor: 'recovery' });
    expect(await giveRecoveryCode(bench.ground, self, first)).toEqual({ outcome: 'wrong' });
    const answers = await Promise.all([1, 2, 3].map(() => giveRecoveryCode(bench.ground, self, second)));
    expect(answers.filter(({ outcome }) => outcome === 'in')).toHaveLength(1);
    expect(await bench.auditOf(self)).toContain('factor-verify given');
  });

  test('of a set before is worthless, and so is one of somebody else', async () => {
    const { self, codes } = await withCodes();
    const other = await withCodes();
    expect(await giveRecoveryCode(bench.ground, self, other.codes[0] ?? '')).toEqual({ outcome: 'wrong' });
    await renewRecoveryCodes(bench.ground, self);
    expect(await giveRecoveryCode(bench.ground, self, codes[0] ?? '')).toEqual({ outcome: 'wrong' });
    expect(await recoveryState(bench.ground.db, self.actor.id)).toMatchObject({ left: 10 });
  });

  test('is not kept as it is, and not made for somebody without a second factor', async () => {
    const { self, codes } = await withCodes();
    const kept = await bench.engines.store.query('select * from recovery_codes where person_id = $1', [
      self.actor.id,
    ]);
    for (const code of codes) expect(JSON.stringify(kept.rows)).not.toContain(code.replaceAll('-', ''));
    expect(await renewRecoveryCodes(bench.ground, await bench.somebody())).toBeNull();
  });
});

describe('a session', () => {
  const age = (self: Self, column: string) =>
    bench.engines.store.query(`update sessions set ${column} = now() - interval '16 minutes' where id = $1`, [
      self.session.id,
    ]);
  const fresh = (self: Self) => isFresh(bench.ground.db, self.session.id);

  test('is fresh after signing in and after a second factor, and not for long', async () => {
    const self = await bench.somebody();
    expect(await fresh(self)).toBe(true);
    await age(self, 'created_at');
    expect(await fresh(self)).toBe(false);
    await withTotp(self, NOW);
    expect(await fresh(self)).toBe(true);
    await age(self, 'factor_at');
    expect(await fresh(self)).toBe(false);
  });
});

describe('a factor', () => {
  test('that is the last one of somebody whose role needs it stays', async () => {
    const self = await bench.somebody('signatory');
    await withTotp(self, NOW);
    expect(await removeFactor(bench.ground, self, null)).toBe('last');
    expect(await isEnrolled(bench.ground.db, self.actor.id)).toBe(true);
    expect(await recoveryState(bench.ground.db, self.actor.id)).toMatchObject({ left: 10 });
    expect(await bench.auditOf(self)).toEqual(['factor-enrol']);
  });

  test('that nobody asks for can be removed, and the recovery codes go with it', async () => {
    const self = await bench.somebody();
    await withTotp(self, NOW);
    expect(await removeFactor(bench.ground, self, null)).toBe('removed');
    expect(await isEnrolled(bench.ground.db, self.actor.id)).toBe(false);
    expect(await recoveryState(bench.ground.db, self.actor.id)).toBeNull();
  });

  test('of two, one stays, also when both are removed at once', async () => {
    const self = await bench.somebody('signatory');
    await withTotp(self, NOW);
    const device = new SoftAuthenticator('localhost', ADDRESS);
    const party = relyingParty(ADDRESS, 'x') as RelyingParty;
    const person = { id: self.actor.id, name: '某人', email: self.email };
    const { challenge } = await enrolmentOptions(bench.ground, party, person, self.session.id);
    await enrolPasskey(bench.ground, party, self, device.create(challenge), '手机');
    const key = await bench.engines.store.query<{ id: string }>(
      'select id from passkeys where person_id = $1',
      [self.actor.id],
    );
    const removals = await Promise.all([
      removeFactor(bench.ground, self, null),
      removeFactor(bench.ground, self, key.rows[0]?.id ?? ''),
    ]);
    expect(removals.sort()).toEqual(['last', 'removed']);
    expect(await isEnrolled(bench.ground.db, self.actor.id)).toBe(true);
  });

  test('of somebody who has lost it is reset by another, never by oneself', async () => {
    const self = await bench.somebody('signatory');
    await withTotp(self, NOW);
    const administrator = await bench.somebody('security-administrator');
    const actor = { ...administrator.actor, role: 'security-administrator' as const };
    expect(await resetFactors(bench.ground, actor, actor.id)).toBe(false);
    expect(await resetFactors(bench.ground, actor, self.actor.id)).toBe(true);
    expect(await isEnrolled(bench.ground.db, self.actor.id)).toBe(false);
    expect(await bench.sessionOf(self)).toBeUndefined();
    expect(await bench.auditOf(self)).toEqual(['factor-enrol', 'factor-reset']);
  });
});

test('no secret, code or key gets into the audit log', async () => {
  const entries = await bench.engines.store.query<{ entry: string }>(
    `select entry from audit_entries where action ~ 'factor|passkey|recovery'`,
  );
  expect(entries.rowCount).toBeGreaterThan(20);
  for (const { entry } of entries.rows)
    expect(entry).not.toMatch(/secret|v1\.|[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}"/u);
});

test('the role that does the work cannot read any of it', async () => {
  const app = openStore(bench.engines.runtime().databaseUrl, 'app');
  for (const table of [
    'totp_factors',
    'passkeys',
    'recovery_codes',
    'webauthn_challenges',
    'oidc_states',
    'oidc_links',
  ]) {
    await expect(app.query(`select 1 from ${table}`), table).rejects.toMatchObject({ code: '42501' });
  }
  await app.end();
});
