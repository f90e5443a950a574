import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import type { Role } from '../../config/access/roles.ts';
import { openAuditLog } from '../../store/audit.ts';
import { isEnrolled } from '../../store/factors.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import { recoveryState } from '../../store/recovery-codes.ts';
import {
  finishTotp,
  namePasskey,
  pendingTotp,
  removeFactor,
  renewRecoveryCodes,
  resetFactors,
  startTotp,
} from '../../web/lib/server/identity/enrolment.ts';
import { signInWithPasskey, type Visit } from '../../web/lib/server/identity/direct.ts';
import type { Ground, Self } from '../../web/lib/server/identity/ground.ts';
import {
  enrolmentOptions,
  enrolPasskey,
  givePasskey,
  secondFactorOptions,
  signInOptions,
} from '../../web/lib/server/identity/passkeys.ts';
import { relyingParty, type RelyingParty } from '../../web/lib/server/identity/relying-party.ts';
import { giveRecoveryCode, giveTotp } from '../../web/lib/server/identity/second-factor.ts';
import { totpText } from '../../web/lib/server/identity/totp.ts';
import { SoftAuthenticator } from '../support/authenticator.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { totpCode } from '../support/totp.ts';

const ADDRESS = 'http://localhost:4700';
const STEP = 30_000;

let engines: TestEngines;
let identity: Pool;
let ground: Ground;
let waiting = 0;
beforeAll(async () => {
  engines = await startTestEngines();
  const { identityUrl, keys } = engines.runtime();
  // The very role that signs people in: what it may not do, fails here too.
  identity = openStore(identityUrl, 'identity', { settings: ['jiansheng.every=on'] });
  const cipher = openCipher(keys);
  openAuditLog(cipher);
  ground = {
    db: identity,
    cipher,
    tries: { take: () => Promise.resolve(waiting), succeeded: () => Promise.resolve() },
  };
});
afterAll(async () => {
  await identity?.end();
  await engines?.stop();
});
beforeEach(() => {
  waiting = 0;
});

/** Somebody with a role, signed in with a password. */
async function somebody(role: Role = 'press-officer'): Promise<Self> {
  const id = randomUUID();
  const email = `${id}@desk.example`;
  await engines.store.query(
    `insert into people (id, office_id, name, email, email_verified) values ($1, $2, '某人', $3, true)`,
    [id, engines.officeId, email],
  );
  await engines.store.query(
    `insert into role_grants (office_id, person_id, role, kind, granted_by) values ($1, $2, $3, 'holder', 'test')`,
    [engines.officeId, id, role],
  );
  const actor = { id, officeId: engines.officeId, role: 'self' as const, address: '10.0.0.1' };
  return { actor, email, session: await newSession(id) };
}

async function newSession(personId: string): Promise<Self['session']> {
  const session = { id: randomUUID(), factor: null };
  await engines.store.query(
    `insert into sessions (id, person_id, token, expires_at) values ($1, $2, $1, now() + interval '1 hour')`,
    [session.id, personId],
  );
  return session;
}

async function tokenOf({ session }: Self): Promise<{ token: string; factor: string | null } | undefined> {
  const found = await engines.store.query<{ token: string; factor: string | null }>(
    'select token, factor from sessions where id = $1',
    [session.id],
  );
  return found.rows[0];
}

async function auditOf({ actor }: Self): Promise<string[]> {
  const found = await engines.store.query<{ text: string }>(
    `select action || coalesce(' ' || (entry::jsonb -> 'after' ->> 'result'), '') as text
     from audit_entries where subject = 'person:' || $1 order by seq`,
    [actor.id],
  );
  return found.rows.map((row) => row.text);
}

/** Sets an app up. @returns its codes */
async function withTotp(self: Self, now: number): Promise<(at: number) => string> {
  const secret = totpText(await startTotp(ground, self));
  const code = (at: number) => totpCode(secret, at);
  expect(await finishTotp(ground, self, code(now), now)).toMatchObject({ outcome: 'enrolled' });
  return code;
}

const NOW = Date.UTC(2026, 10, 22, 8);

describe('an authenticator app', () => {
  test('counts once a code of it was typed in, and brings ten recovery codes', async () => {
    const self = await somebody();
    const secret = await startTotp(ground, self);
    expect(await isEnrolled(identity, self.actor.id)).toBe(false);
    expect(await pendingTotp(ground, self.actor.id)).toEqual(secret);
    expect(await finishTotp(ground, self, '000000', NOW)).toEqual({ outcome: 'wrong' });
    const done = await finishTotp(ground, self, totpCode(totpText(secret), NOW), NOW);
    expect(done).toMatchObject({ outcome: 'enrolled' });
    expect('codes' in done && done.codes).toHaveLength(10);
    expect(await isEnrolled(identity, self.actor.id)).toBe(true);
    expect(await tokenOf(self)).toMatchObject({ factor: 'totp', token: 'token' in done ? done.token : '' });
    expect(await auditOf(self)).toEqual(['factor-enrol']);
  });

  test('is not readable in the database', async () => {
    const self = await somebody();
    const secret = await startTotp(ground, self);
    const kept = await engines.store.query<{ sealed: string }>(
      'select pending_sealed as sealed from totp_factors where person_id = $1',
      [self.actor.id],
    );
    const { sealed = '' } = kept.rows[0] ?? {};
    expect(sealed).toMatch(/^v1\./u);
    expect(sealed).not.toContain(totpText(secret).replaceAll(' ', ''));
    expect(() => ground.cipher.open(sealed, 'totp:somebody-else')).toThrow();
  });

  test('gives a session another token, and the old one is worthless', async () => {
    const self = await somebody();
    const code = await withTotp(self, NOW);
    const later: Self = { ...self, session: await newSession(self.actor.id) };
    const planted = (await tokenOf(later))?.token;
    const given = await giveTotp(ground, later, code(NOW + STEP), NOW + STEP);
    expect(given).toMatchObject({ outcome: 'in' });
    const after = await tokenOf(later);
    expect(after).toMatchObject({ factor: 'totp', token: 'token' in given ? given.token : '' });
    expect(after?.token).not.toBe(planted);
    const old = await engines.store.query('select 1 from sessions where token = $1', [planted]);
    expect(old.rowCount).toBe(0);
  });

  test('takes a code once, and none from before it', async () => {
    const self = await somebody();
    const code = await withTotp(self, NOW);
    const give = (at: number, now: number) => giveTotp(ground, self, code(at), now);
    // The code that proved the app is spent as well.
    expect(await give(NOW, NOW)).toEqual({ outcome: 'used' });
    expect(await give(NOW + 2 * STEP, NOW + STEP)).toMatchObject({ outcome: 'in' });
    expect(await give(NOW + 2 * STEP, NOW + 2 * STEP)).toEqual({ outcome: 'used' });
    expect(await give(NOW + STEP, NOW + 2 * STEP)).toEqual({ outcome: 'used' });
    expect(await give(NOW + 3 * STEP, NOW + 3 * STEP)).toMatchObject({ outcome: 'in' });
  });

  test('takes a code once, also when it comes ten times at once', async () => {
    const self = await somebody();
    const code = await withTotp(self, NOW);
    const now = NOW + STEP;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => giveTotp(ground, self, code(now), now)),
    );
    expect(answers.filter(({ outcome }) => outcome === 'in')).toHaveLength(1);
    expect(answers.filter(({ outcome }) => outcome === 'used')).toHaveLength(9);
  });

  test('with a wrong clock is told so, and not let in', async () => {
    const self = await somebody();
    const code = await withTotp(self, NOW);
    expect(await giveTotp(ground, self, code(NOW + 6 * STEP), NOW + 2 * STEP)).toEqual({
      outcome: 'clock',
      minutes: 2,
    });
  });

  test('is not tried any more after too many tries, whatever is typed', async () => {
    const self = await somebody();
    const code = await withTotp(self, NOW);
    waiting = 600;
    expect(await giveTotp(ground, self, code(NOW + STEP), NOW + STEP)).toEqual({
      outcome: 'wait',
      seconds: 600,
    });
  });

  test('is replaced by another without a gap', async () => {
    const self = await somebody('signatory');
    const old = await withTotp(self, NOW);
    const secret = totpText(await startTotp(ground, self));
    expect(await giveTotp(ground, self, old(NOW + STEP), NOW + STEP)).toMatchObject({ outcome: 'in' });
    const at = NOW + 2 * STEP;
    const done = await finishTotp(ground, self, totpCode(secret, at), at);
    // The codes on paper stay good.
    expect(done).toMatchObject({ outcome: 'enrolled', codes: null });
    expect(await giveTotp(ground, self, old(at + STEP), at + STEP)).toMatchObject({ outcome: 'wrong' });
  });

  test('that was shown too long ago cannot be confirmed', async () => {
    const self = await somebody();
    const secret = totpText(await startTotp(ground, self));
    await engines.store.query(
      `update totp_factors set pending_at = now() - interval '31 minutes' where person_id = $1`,
      [self.actor.id],
    );
    expect(await finishTotp(ground, self, totpCode(secret, NOW), NOW)).toEqual({ outcome: 'ended' });
  });

  test('changes nothing when the session has ended meanwhile', async () => {
    const self = await somebody();
    const secret = totpText(await startTotp(ground, self));
    await engines.store.query('delete from sessions where id = $1', [self.session.id]);
    expect(await finishTotp(ground, self, totpCode(secret, NOW), NOW)).toEqual({ outcome: 'ended' });
    expect(await isEnrolled(identity, self.actor.id)).toBe(false);
    expect(await auditOf(self)).toEqual([]);
  });
});

describe('a recovery code', () => {
  async function withCodes(): Promise<{ self: Self; codes: string[] }> {
    const self = await somebody();
    await withTotp(self, NOW);
    const codes = await renewRecoveryCodes(ground, self);
    return { self, codes: codes ?? [] };
  }

  test('lets in once, and says how many are left', async () => {
    const { self, codes } = await withCodes();
    const [first = '', second = ''] = codes;
    expect(await giveRecoveryCode(ground, self, first.toUpperCase())).toMatchObject({
      outcome: 'in',
      left: 9,
    });
    expect(await tokenOf(self)).toMatchObject({ factor: 'recovery' });
    expect(await giveRecoveryCode(ground, self, first)).toEqual({ outcome: 'wrong' });
    const answers = await Promise.all([1, 2, 3].map(() => giveRecoveryCode(ground, self, second)));
    expect(answers.filter(({ outcome }) => outcome === 'in')).toHaveLength(1);
    expect(await auditOf(self)).toContain('factor-verify given');
  });

  test('of a set before is worthless, and so is one of somebody else', async () => {
    const { self, codes } = await withCodes();
    const other = await withCodes();
    expect(await giveRecoveryCode(ground, self, other.codes[0] ?? '')).toEqual({ outcome: 'wrong' });
    await renewRecoveryCodes(ground, self);
    expect(await giveRecoveryCode(ground, self, codes[0] ?? '')).toEqual({ outcome: 'wrong' });
    expect(await recoveryState(identity, self.actor.id)).toMatchObject({ left: 10 });
  });

  test('is not kept as it is, and not made for somebody without a second factor', async () => {
    const { self, codes } = await withCodes();
    const kept = await engines.store.query('select * from recovery_codes where person_id = $1', [
      self.actor.id,
    ]);
    for (const code of codes) expect(JSON.stringify(kept.rows)).not.toContain(code.replaceAll('-', ''));
    expect(await renewRecoveryCodes(ground, await somebody())).toBeNull();
  });
});

describe('a passkey', () => {
  const party = relyingParty(ADDRESS, '云州检察') as RelyingParty;
  const visit: Visit = {
    address: '10.0.0.1',
    userAgent: null,
    hours: 1,
    mayEnter: () => Promise.resolve(true),
  };
  const personOf = (self: Self) => ({ id: self.actor.id, name: '某人', email: self.email });

  async function enrolled(role: Role = 'press-officer'): Promise<{ self: Self; device: SoftAuthenticator }> {
    const self = await somebody(role);
    const device = new SoftAuthenticator('localhost', ADDRESS);
    const { challenge } = await enrolmentOptions(ground, party, personOf(self), self.session.id);
    const done = await enrolPasskey(ground, party, self, device.create(challenge), '办公电脑');
    expect(done).toMatchObject({ outcome: 'enrolled' });
    return { self, device };
  }

  async function asked(self: Self): Promise<string> {
    return (await secondFactorOptions(ground, party, self.actor.id, self.session.id)).challenge;
  }

  test('is enrolled, and is a second factor', async () => {
    const { self, device } = await enrolled();
    expect(await tokenOf(self)).toMatchObject({ factor: 'passkey' });
    const given = await givePasskey(ground, party, self, device.get(await asked(self)));
    expect(given).toMatchObject({ outcome: 'in' });
    expect(await auditOf(self)).toEqual(['factor-enrol', 'factor-verify given']);
  });

  test('signs in by itself', async () => {
    const { self, device } = await enrolled();
    const { challenge } = await signInOptions(ground, party, 'browser-1');
    const answer = device.get(challenge, { userHandle: self.actor.id });
    const entered = await signInWithPasskey(ground, party, visit, answer, 'browser-1');
    expect(entered).toMatchObject({ outcome: 'in' });
    const session = await engines.store.query(
      `select person_id as "personId", factor from sessions where token = $1`,
      ['token' in entered ? entered.token : ''],
    );
    expect(session.rows).toEqual([{ personId: self.actor.id, factor: 'passkey' }]);
    expect(await auditOf(self)).toContain('sign-in signed-in');
  });

  test('answers a challenge once', async () => {
    const { self, device } = await enrolled();
    const challenge = await asked(self);
    expect(await givePasskey(ground, party, self, device.get(challenge))).toMatchObject({ outcome: 'in' });
    expect(await givePasskey(ground, party, self, device.get(challenge))).toEqual({ outcome: 'ended' });
  });

  test('does not answer a challenge of another session or browser, nor one for another purpose', async () => {
    const { self, device } = await enrolled();
    const stolen = await asked({ ...self, session: await newSession(self.actor.id) });
    expect(await givePasskey(ground, party, self, device.get(stolen))).toEqual({ outcome: 'ended' });
    const { challenge } = await signInOptions(ground, party, 'browser-1');
    expect(await givePasskey(ground, party, self, device.get(challenge))).toEqual({ outcome: 'ended' });
    expect(await signInWithPasskey(ground, party, visit, device.get(challenge), 'browser-2')).toEqual({
      outcome: 'ended',
    });
    const own = await asked(self);
    expect(await signInWithPasskey(ground, party, visit, device.get(own), self.session.id)).toEqual({
      outcome: 'ended',
    });
  });

  test('does not answer a challenge that is too old', async () => {
    const { self, device } = await enrolled();
    const challenge = await asked(self);
    await engines.store.query(`update webauthn_challenges set expires_at = now() - interval '1 second'`);
    expect(await givePasskey(ground, party, self, device.get(challenge))).toEqual({ outcome: 'ended' });
  });

  test('whose counter went back is refused, and the log says so', async () => {
    const { self, device } = await enrolled();
    expect(
      await givePasskey(ground, party, self, device.get(await asked(self), { counter: 9 })),
    ).toMatchObject({ outcome: 'in' });
    for (const counter of [9, 3, 0]) {
      expect(await givePasskey(ground, party, self, device.get(await asked(self), { counter }))).toEqual({
        outcome: 'copied',
      });
    }
    expect((await auditOf(self)).filter((entry) => entry === 'factor-verify copied')).toHaveLength(3);
    expect(
      await givePasskey(ground, party, self, device.get(await asked(self), { counter: 10 })),
    ).toMatchObject({ outcome: 'in' });
  });

  test.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['without PIN or finger', { userVerified: false }],
  ])('%s is wrong', async (_, twist) => {
    const { self, device } = await enrolled();
    expect(await givePasskey(ground, party, self, device.get(await asked(self), twist))).toEqual({
      outcome: 'wrong',
    });
    const { challenge } = await enrolmentOptions(ground, party, personOf(self), self.session.id);
    const fresh = new SoftAuthenticator('localhost', ADDRESS);
    expect(await enrolPasskey(ground, party, self, fresh.create(challenge, twist), 'x')).toEqual({
      outcome: 'wrong',
    });
  });

  test('of somebody else, of another hub, or with another key is wrong', async () => {
    const { self, device } = await enrolled();
    const other = await enrolled();
    expect(await givePasskey(ground, party, self, other.device.get(await asked(self)))).toEqual({
      outcome: 'wrong',
    });
    const forged = new SoftAuthenticator('localhost', ADDRESS).get(await asked(self));
    const id = device.id.toString('base64url');
    expect(await givePasskey(ground, party, self, { ...forged, id, rawId: id })).toEqual({
      outcome: 'wrong',
    });
    const { challenge } = await signInOptions(ground, party, 'browser-1');
    const answer = device.get(challenge, { userHandle: other.self.actor.id });
    expect(await signInWithPasskey(ground, party, visit, answer, 'browser-1')).toEqual({
      outcome: 'wrong',
    });
  });

  test('of somebody who has left signs nobody in', async () => {
    const { self, device } = await enrolled();
    await engines.store.query('update people set disabled_at = now() where id = $1', [self.actor.id]);
    const { challenge } = await signInOptions(ground, party, 'browser-1');
    expect(await signInWithPasskey(ground, party, visit, device.get(challenge), 'browser-1')).toEqual({
      outcome: 'unknown',
    });
  });

  test('is named by its person and by nobody else', async () => {
    const { self } = await enrolled();
    const other = await somebody();
    const key = await engines.store.query<{ id: string }>('select id from passkeys where person_id = $1', [
      self.actor.id,
    ]);
    const { id = '' } = key.rows[0] ?? {};
    expect(await namePasskey(ground, other, id, '别人的')).toBe(false);
    expect(await namePasskey(ground, self, id, '手机')).toBe(true);
    expect(await removeFactor(ground, other, id)).toBe('unknown');
    expect(await removeFactor(ground, self, id)).toBe('removed');
    expect(await auditOf(self)).toEqual(['factor-enrol', 'passkey-rename', 'factor-remove']);
  });
});

describe('a factor', () => {
  test('that is the last one of somebody whose role needs it stays', async () => {
    const self = await somebody('signatory');
    await withTotp(self, NOW);
    expect(await removeFactor(ground, self, null)).toBe('last');
    expect(await isEnrolled(identity, self.actor.id)).toBe(true);
    expect(await recoveryState(identity, self.actor.id)).toMatchObject({ left: 10 });
    expect(await auditOf(self)).toEqual(['factor-enrol']);
  });

  test('that nobody asks for can be removed, and the recovery codes go with it', async () => {
    const self = await somebody();
    await withTotp(self, NOW);
    expect(await removeFactor(ground, self, null)).toBe('removed');
    expect(await isEnrolled(identity, self.actor.id)).toBe(false);
    expect(await recoveryState(identity, self.actor.id)).toBeNull();
  });

  test('of two, one stays, also when both are removed at once', async () => {
    const self = await somebody('signatory');
    await withTotp(self, NOW);
    const device = new SoftAuthenticator('localhost', ADDRESS);
    const party = relyingParty(ADDRESS, 'x') as RelyingParty;
    const person = { id: self.actor.id, name: '某人', email: self.email };
    const { challenge } = await enrolmentOptions(ground, party, person, self.session.id);
    await enrolPasskey(ground, party, self, device.create(challenge), '手机');
    const key = await engines.store.query<{ id: string }>('select id from passkeys where person_id = $1', [
      self.actor.id,
    ]);
    const removals = await Promise.all([
      removeFactor(ground, self, null),
      removeFactor(ground, self, key.rows[0]?.id ?? ''),
    ]);
    expect(removals.sort()).toEqual(['last', 'removed']);
    expect(await isEnrolled(identity, self.actor.id)).toBe(true);
  });

  test('of somebody who has lost it is reset by another, never by oneself', async () => {
    const self = await somebody('signatory');
    await withTotp(self, NOW);
    const administrator = await somebody('security-administrator');
    const actor = { ...administrator.actor, role: 'security-administrator' as const };
    expect(await resetFactors(ground, actor, actor.id)).toBe(false);
    expect(await resetFactors(ground, actor, self.actor.id)).toBe(true);
    expect(await isEnrolled(identity, self.actor.id)).toBe(false);
    expect(await tokenOf(self)).toBeUndefined();
    expect(await auditOf(self)).toEqual(['factor-enrol', 'factor-reset']);
  });
});

test('no secret, code or key gets into the audit log', async () => {
  const entries = await engines.store.query<{ entry: string }>(
    `select entry from audit_entries where action ~ 'factor|passkey|recovery'`,
  );
  expect(entries.rowCount).toBeGreaterThan(20);
  for (const { entry } of entries.rows)
    expect(entry).not.toMatch(/secret|v1\.|[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}"/u);
});

test('the role that does the work cannot read any of it', async () => {
  const app = openStore(engines.runtime().databaseUrl, 'app');
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
