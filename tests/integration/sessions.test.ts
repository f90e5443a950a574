import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../config/access/roles.ts';
import { findSession, sessionsOf } from '../../store/sessions.ts';
import type { Door } from '../../web/lib/server/identity/ground.ts';
import { changePassword } from '../../web/lib/server/identity/password.ts';
import { endAll, endOne, settleSession, signOut } from '../../web/lib/server/identity/sessions.ts';
import { DESK, PASSWORD, self, startDoorBench, type DoorBench, type Somebody } from '../support/door.ts';

let bench: DoorBench;
let door: Door;
beforeAll(async () => {
  bench = await startDoorBench();
  door = bench.door;
});
afterAll(() => bench?.stop());

describe('a session', () => {
  test('is over when it was not used, and after its time however much it was used', async () => {
    const { token, id } = await bench.session(await bench.somebody());
    await bench.pass(29);
    expect(await bench.over(token)).toBeNull();
    await bench.pass(2);
    expect(await bench.over(token)).toBe('idle');
    for (let hours = 0; hours < 12; hours++) {
      await bench.engines.store.query('update sessions set last_seen_at = now() where id = $1', [id]);
      await bench.pass(60);
    }
    await bench.engines.store.query('update sessions set last_seen_at = now() where id = $1', [id]);
    expect(await bench.over(token)).toBe('time');
  });

  test('is over sooner, when the settings have become stricter', async () => {
    const { token } = await bench.session(await bench.somebody());
    await bench.pass(20);
    expect(await bench.over(token, bench.with({ idleMinutes: 15 }))).toBe('idle');
    expect(await bench.over(token, bench.with({ idleMinutes: 480, absoluteHours: 1 }))).toBeNull();
    await bench.pass(50);
    expect(await bench.over(token, bench.with({ idleMinutes: 480, absoluteHours: 1 }))).toBe('time');
  });

  /** What the gate does with the first request that nothing stands in the way of. */
  const settled = (person: Somebody, id: string, role: Role = 'press-officer') =>
    settleSession(door, { ...person, officeId: door.officeId, grants: [{ role }] }, id, DESK.place);

  test('is one of three; with a fourth the oldest ends, and who signs in is told', async () => {
    const person = await bench.somebody();
    const all: { id: string; token: string }[] = [];
    for (let i = 0; i < 4; i++) {
      const one = await bench.session(person);
      all.push(one);
      expect(await settled(person, one.id)).toBe(i < 3 ? 0 : 1);
      await bench.pass(1);
    }
    expect(await Promise.all(all.map(({ token }) => bench.over(token)))).toEqual(['gone', null, null, null]);
    const last = await findSession(door.db, all[3]?.token ?? '', door.settings);
    expect(last).toMatchObject({ endedOthers: 1, settled: true });
    expect((await bench.auditOf(person.id))[0]).toMatchObject({
      action: 'session-end',
      before: { sessions: 1 },
      after: { why: 'too-many' },
    });
    expect(await settled(person, all[3]?.id ?? '')).toBe(0);
  });

  test('of an administrator is the only one, also when ten are opened at once', async () => {
    const person = await bench.somebody('audit-administrator');
    const generous = bench.with({ failuresBeforeLock: 20 });
    const opened = await Promise.all(
      Array.from({ length: 10 }, () => bench.enter(person.email, PASSWORD, DESK, generous)),
    );
    const found = await Promise.all(
      opened.map((one) => findSession(door.db, 'token' in one ? one.token : '', door.settings)),
    );
    await Promise.all(found.map((one) => settled(person, one?.id ?? '', 'audit-administrator')));
    expect(await sessionsOf(door.db, person.id, door.settings)).toHaveLength(1);
  });

  test('of who knows the password and no more pushes out nobody who has come further', async () => {
    const person = await bench.somebody('audit-administrator');
    const { id, token } = await bench.session(person);
    await settled(person, id, 'audit-administrator');
    const others = [await bench.session(person), await bench.session(person)];
    expect(await bench.over(token)).toBeNull();
    expect(await bench.over(others[0]?.token ?? '')).toBe('gone');
    expect(await settled(person, others[1]?.id ?? '', 'audit-administrator')).toBe(1);
    expect(await bench.over(token)).toBe('gone');
  });

  test('of an administrator begins only where administrators may come from', async () => {
    const here = bench.with({ administratorAddresses: ['10.0.0.0/24'] });
    const administrator = await bench.somebody('system-administrator');
    const outside = { ...DESK, place: '192.0.2.1' };
    expect(await bench.enter(administrator.email, PASSWORD, outside, here)).toEqual({ outcome: 'not-here' });
    expect((await bench.auditOf(administrator.id))[0]).toMatchObject({
      address: '192.0.2.1',
      after: { result: 'refused', why: 'address' },
    });
    expect(await bench.enter(administrator.email, PASSWORD, DESK, here)).toMatchObject({ outcome: 'in' });
    expect(await bench.enter((await bench.somebody()).email, PASSWORD, outside, here)).toMatchObject({
      outcome: 'in',
    });
  });

  test('that has ended is worthless: by signing out, by its person elsewhere, by an administrator', async () => {
    const person = await bench.somebody();
    const [one, two, three] = [
      await bench.session(person),
      await bench.session(person),
      await bench.session(person),
    ];
    const me = self(person.id, door.officeId);
    await signOut(door, me, one.id);
    expect(await bench.over(one.token)).toBe('gone');
    expect(await endOne(door, me, person.id, two.id)).toBe(true);
    expect(await endOne(door, me, person.id, two.id)).toBe(false);
    expect(await bench.over(two.token)).toBe('gone');
    expect(await bench.over(three.token)).toBeNull();
    const by = { ...self('the-administrator', door.officeId), role: 'security-administrator' as const };
    expect(await endAll(door, by, person.id, null)).toBe(1);
    expect(await bench.over(three.token)).toBe('gone');
    expect((await bench.auditOf(person.id)).slice(0, 3).map(({ action, actor }) => [action, actor])).toEqual([
      ['session-end', 'the-administrator'],
      ['session-end', person.id],
      ['sign-out', person.id],
    ]);
  });

  test('of somebody else cannot be ended by naming it', async () => {
    const [person, other] = [await bench.somebody(), await bench.somebody()];
    const { id, token } = await bench.session(other);
    expect(await endOne(door, self(person.id, door.officeId), person.id, id)).toBe(false);
    expect(await bench.over(token)).toBeNull();
  });

  test('of somebody who has left is over', async () => {
    const person = await bench.somebody();
    const { token } = await bench.session(person);
    await bench.engines.store.query('update people set disabled_at = now() where id = $1', [person.id]);
    expect(await bench.over(token)).toBe('disabled');
  });
});

describe('changing the password', () => {
  const change = async (person: Somebody, id: string, current: string, next: string) =>
    changePassword(
      door,
      { actor: self(person.id, door.officeId), email: person.email, session: { id } },
      current,
      next,
    );

  test('ends all other sessions, and this one goes on under another token', async () => {
    const person = await bench.somebody();
    const [here, elsewhere] = [await bench.session(person), await bench.session(person)];
    const changed = await change(person, here.id, PASSWORD, '青石-Test-4711');
    expect(changed).toMatchObject({ outcome: 'changed' });
    expect(await bench.over(here.token)).toBe('gone');
    expect(await bench.over(elsewhere.token)).toBe('gone');
    expect(await bench.over('token' in changed ? changed.token : '')).toBeNull();
    expect(await bench.enter(person.email)).toEqual({ outcome: 'wrong' });
    expect(await bench.enter(person.email, '青石-Test-4711')).toMatchObject({ outcome: 'in' });
  });

  test('back to one of the last five is refused', async () => {
    const person = await bench.somebody();
    let { id } = await bench.session(person);
    const passwords = [PASSWORD, ...[1, 2, 3, 4].map((n) => `青石-Test-000${n}`)];
    expect(await change(person, id, PASSWORD, PASSWORD)).toEqual({ outcome: 'former' });
    for (const [n, next] of passwords.entries()) {
      if (n > 0)
        expect(await change(person, id, passwords[n - 1] as string, next)).toMatchObject({
          outcome: 'changed',
        });
      ({ id } = (await sessionsOf(door.db, person.id, door.settings))[0] as { id: string });
    }
    const last = passwords[4] as string;
    for (const former of passwords)
      expect(await change(person, id, last, former)).toEqual({ outcome: 'former' });
    expect(await change(person, id, last, '青石-Test-0005')).toMatchObject({ outcome: 'changed' });
    expect(await change(person, id, '青石-Test-0005', PASSWORD)).toMatchObject({ outcome: 'changed' });
  });

  test('cannot be used to guess the present one', async () => {
    const person = await bench.somebody();
    const { id } = await bench.session(person);
    for (let i = 0; i < 5; i++) {
      expect(await change(person, id, `guess-${i}`, '青石-Test-4711')).toEqual({ outcome: 'wrong' });
    }
    expect(await change(person, id, PASSWORD, '青石-Test-4711')).toMatchObject({ outcome: 'wait' });
    expect((await bench.auditOf(person.id))[0]).toMatchObject({
      action: 'password-change',
      after: { result: 'refused' },
    });
  });

  test('is asked for when the password is too old, if the office wants that', async () => {
    const person = await bench.somebody();
    const { token } = await bench.session(person);
    const aged = async (at: Door) => (await findSession(at.db, token, at.settings))?.passwordAged;
    expect(await aged(door)).toBe(false);
    await bench.engines.store.query(
      `update credentials set password_at = now() - interval '91 days' where person_id = $1`,
      [person.id],
    );
    expect(await aged(door)).toBe(true);
    expect(await aged(bench.with({ passwordDays: 0 }))).toBe(false);
  });
});
