import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../config/access/roles.ts';
import { namePasskey, removeFactor } from '../../web/lib/server/identity/enrolment.ts';
import { signInWithPasskey, type Visit } from '../../web/lib/server/identity/direct.ts';
import type { Self } from '../../web/lib/server/identity/ground.ts';
import {
  enrolmentOptions,
  enrolPasskey,
  givePasskey,
  secondFactorOptions,
  signInOptions,
} from '../../web/lib/server/identity/passkeys.ts';
import { relyingParty, type RelyingParty } from '../../web/lib/server/identity/relying-party.ts';
import { SoftAuthenticator } from '../support/authenticator.ts';
import { startFactorBench, type FactorBench } from '../support/factors.ts';

const ADDRESS = 'http://localhost:4700';

let bench: FactorBench;
let visit: Visit;
beforeAll(async () => {
  bench = await startFactorBench();
  const settings = bench.engines.runtime().hub.signIn;
  visit = { arrival: { place: '10.0.0.1', device: 'Chrome · Linux' }, settings };
});
afterAll(() => bench?.stop());

describe('a passkey', () => {
  const party = relyingParty(ADDRESS, '云州检察') as RelyingParty;
  const personOf = (self: Self) => ({ id: self.actor.id, name: '某人', email: self.email });

  async function enrolled(role: Role = 'press-officer'): Promise<{ self: Self; device: SoftAuthenticator }> {
    const self = await bench.somebody(role);
    const device = new SoftAuthenticator('localhost', ADDRESS);
    const { challenge } = await enrolmentOptions(bench.ground, party, personOf(self), self.session.id);
    const done = await enrolPasskey(bench.ground, party, self, device.create(challenge), '办公电脑');
    expect(done).toMatchObject({ outcome: 'enrolled' });
    return { self, device };
  }

  async function asked(self: Self): Promise<string> {
    return (await secondFactorOptions(bench.ground, party, self.actor.id, self.session.id)).challenge;
  }

  test('is enrolled, and is a second factor', async () => {
    const { self, device } = await enrolled();
    expect(await bench.sessionOf(self)).toMatchObject({ factor: 'passkey' });
    const given = await givePasskey(bench.ground, party, self, device.get(await asked(self)));
    expect(given).toMatchObject({ outcome: 'in' });
    expect(await bench.auditOf(self)).toEqual(['factor-enrol', 'factor-verify given']);
  });

  test('signs in by itself', async () => {
    const { self, device } = await enrolled();
    const { challenge } = await signInOptions(bench.ground, party, 'browser-1');
    const answer = device.get(challenge, { userHandle: self.actor.id });
    const entered = await signInWithPasskey(bench.ground, party, visit, answer, 'browser-1');
    expect(entered).toMatchObject({ outcome: 'in' });
    const session = await bench.engines.store.query(
      `select person_id as "personId", factor from sessions where token = $1`,
      ['token' in entered ? entered.token : ''],
    );
    expect(session.rows).toEqual([{ personId: self.actor.id, factor: 'passkey' }]);
    expect(await bench.auditOf(self)).toContain('sign-in signed-in');
  });

  test('answers a challenge once', async () => {
    const { self, device } = await enrolled();
    const challenge = await asked(self);
    expect(await givePasskey(bench.ground, party, self, device.get(challenge))).toMatchObject({
      outcome: 'in',
    });
    expect(await givePasskey(bench.ground, party, self, device.get(challenge))).toEqual({ outcome: 'ended' });
  });

  test('does not answer a challenge of another session or browser, nor one for another purpose', async () => {
    const { self, device } = await enrolled();
    const stolen = await asked({ ...self, session: await bench.newSession(self.actor.id) });
    expect(await givePasskey(bench.ground, party, self, device.get(stolen))).toEqual({ outcome: 'ended' });
    const { challenge } = await signInOptions(bench.ground, party, 'browser-1');
    expect(await givePasskey(bench.ground, party, self, device.get(challenge))).toEqual({ outcome: 'ended' });
    expect(await signInWithPasskey(bench.ground, party, visit, device.get(challenge), 'browser-2')).toEqual({
      outcome: 'ended',
    });
    const own = await asked(self);
    expect(await signInWithPasskey(bench.ground, party, visit, device.get(own), self.session.id)).toEqual({
      outcome: 'ended',
    });
  });

  test('does not answer a challenge that is too old', async () => {
    const { self, device } = await enrolled();
    const challenge = await asked(self);
    await bench.engines.store.query(
      `update webauthn_challenges set expires_at = now() - interval '1 second'`,
    );
    expect(await givePasskey(bench.ground, party, self, device.get(challenge))).toEqual({ outcome: 'ended' });
  });

  test('whose counter went back is refused, and the log says so', async () => {
    const { self, device } = await enrolled();
    expect(
      await givePasskey(bench.ground, party, self, device.get(await asked(self), { counter: 9 })),
    ).toMatchObject({ outcome: 'in' });
    for (const counter of [9, 3, 0]) {
      expect(
        await givePasskey(bench.ground, party, self, device.get(await asked(self), { counter })),
      ).toEqual({
        outcome: 'copied',
      });
    }
    expect((await bench.auditOf(self)).filter((entry) => entry === 'factor-verify copied')).toHaveLength(3);
    expect(
      await givePasskey(bench.ground, party, self, device.get(await asked(self), { counter: 10 })),
    ).toMatchObject({ outcome: 'in' });
  });

  test.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['without PIN or finger', { userVerified: false }],
  ])('%s is wrong', async (_, twist) => {
    const { self, device } = await enrolled();
    expect(await givePasskey(bench.ground, party, self, device.get(await asked(self), twist))).toEqual({
      outcome: 'wrong',
    });
    const { challenge } = await enrolmentOptions(bench.ground, party, personOf(self), self.session.id);
    const fresh = new SoftAuthenticator('localhost', ADDRESS);
    expect(await enrolPasskey(bench.ground, party, self, fresh.create(challenge, twist), 'x')).toEqual({
      outcome: 'wrong',
    });
  });

  test('of somebody else, of another hub, or with another key is wrong', async () => {
    const { self, device } = await enrolled();
    const other = await enrolled();
    expect(await givePasskey(bench.ground, party, self, other.device.get(await asked(self)))).toEqual({
      outcome: 'wrong',
    });
    const forged = new SoftAuthenticator('localhost', ADDRESS).get(await asked(self));
    const id = device.id.toString('base64url');
    expect(await givePasskey(bench.ground, party, self, { ...forged, id, rawId: id })).toEqual({
      outcome: 'wrong',
    });
    const { challenge } = await signInOptions(bench.ground, party, 'browser-1');
    const answer = device.get(challenge, { userHandle: other.self.actor.id });
    expect(await signInWithPasskey(bench.ground, party, visit, answer, 'browser-1')).toEqual({
      outcome: 'wrong',
    });
  });

  test('of somebody who has left signs nobody in', async () => {
    const { self, device } = await enrolled();
    await bench.engines.store.query('update people set disabled_at = now() where id = $1', [self.actor.id]);
    const { challenge } = await signInOptions(bench.ground, party, 'browser-1');
    expect(await signInWithPasskey(bench.ground, party, visit, device.get(challenge), 'browser-1')).toEqual({
      outcome: 'unknown',
    });
  });

  test('is named by its person and by nobody else', async () => {
    const { self } = await enrolled();
    const other = await bench.somebody();
    const key = await bench.engines.store.query<{ id: string }>(
      'select id from passkeys where person_id = $1',
      [self.actor.id],
    );
    const { id = '' } = key.rows[0] ?? {};
    expect(await namePasskey(bench.ground, other, id, '别人的')).toBe(false);
    expect(await namePasskey(bench.ground, self, id, '手机')).toBe(true);
    expect(await removeFactor(bench.ground, other, id)).toBe('unknown');
    expect(await removeFactor(bench.ground, self, id)).toBe('removed');
    expect(await bench.auditOf(self)).toEqual(['factor-enrol', 'passkey-rename', 'factor-remove']);
  });
});
