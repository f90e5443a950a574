import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locksOf } from '../../store/sign-in-tries.ts';
import type { Door } from '../../web/lib/server/identity/ground.ts';
import { openTries, releaseLock, takeTry } from '../../web/lib/server/identity/lock-out.ts';
import { DESK, PASSWORD, self, startDoorBench, type DoorBench } from '../support/door.ts';

let bench: DoorBench;
let door: Door;
beforeAll(async () => {
  bench = await startDoorBench();
  door = bench.door;
});
afterAll(() => bench?.stop());

describe('the password', () => {
  test('lets in who has it, and the log says from where and with what', async () => {
    const person = await bench.somebody();
    expect(await bench.enter(person.email)).toMatchObject({ outcome: 'in' });
    expect(await bench.auditOf(person.id)).toEqual([
      {
        action: 'sign-in',
        actor: person.id,
        address: '10.0.0.1',
        before: null,
        after: { result: 'signed-in', device: 'Chrome · Windows', way: 'password' },
      },
    ]);
  });

  test('does not let in who has another, and what was typed is not kept', async () => {
    const person = await bench.somebody();
    expect(await bench.enter(person.email, 'guess-No-1')).toEqual({ outcome: 'wrong' });
    const [entry] = await bench.auditOf(person.id);
    expect(entry).toMatchObject({
      action: 'sign-in',
      after: { result: 'refused', why: 'wrong', locked: false },
    });
    expect(JSON.stringify(entry)).not.toContain('guess');
  });

  test('of nobody is noted without what was typed as the account', async () => {
    expect(await bench.enter('my-Password-typed-here')).toEqual({ outcome: 'wrong' });
    const [entry] = await bench.auditOf('account');
    expect(entry).toMatchObject({ actor: 'unknown', address: '10.0.0.1', after: { result: 'refused' } });
    const kept = await bench.engines.store.query<{ all: string }>(
      `select string_agg(t::text, ' ') || (select string_agg(entry, ' ') from audit_entries) as all from sign_in_tries t`,
    );
    expect(kept.rows[0]?.all).not.toContain('my-password-typed-here');
    expect(kept.rows[0]?.all).not.toContain('my-Password-typed-here');
  });

  test('of somebody who has left, or has none, answers as a wrong one does', async () => {
    const left = await bench.somebody();
    await bench.engines.store.query('update people set disabled_at = now() where id = $1', [left.id]);
    expect(await bench.enter(left.email)).toEqual({ outcome: 'wrong' });
    expect((await bench.auditOf(left.id))[0]).toMatchObject({
      after: { result: 'refused', why: 'disabled' },
    });
    const without = await bench.somebody('press-officer', false);
    expect(await bench.enter(without.email, '')).toEqual({ outcome: 'wrong' });
    expect(await bench.enter(without.email)).toEqual({ outcome: 'wrong' });
  });

  test('takes the same work to refuse, whether or not the account exists', async () => {
    const person = await bench.somebody();
    const generous = bench.with({ failuresBeforeLock: 20 });
    // What the processor did for it, in ms: a clock would count what else the machine does.
    const took = async (email: string, place: string) => {
      const before = process.cpuUsage();
      await bench.enter(email, 'wrong-Guess-1', { ...DESK, place }, generous);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    await took('warm@example.com', '10.8.0.1');
    const known: number[] = [];
    const unknown: number[] = [];
    // The least of each: the collector's work falls on some.
    for (let i = 0; i < 9; i++) {
      known.push(await took(person.email, `10.9.${i}.1`));
      unknown.push(await took('nobody@example.com', `10.9.${i}.2`));
    }
    expect(Math.min(...known) / Math.min(...unknown)).toBeGreaterThan(0.6);
    expect(Math.min(...known) / Math.min(...unknown)).toBeLessThan(1.7);
  });

  test.each([
    'a\0b@example.com',
    '\ud800@example.com',
    "'; drop table people; --",
    '%',
    'ａ＠ｂ．ｃｎ',
    'x'.repeat(300),
  ])('under the account %j is wrong, and nothing breaks', async (email) => {
    expect(await bench.enter(email, 'Whatever-1')).toEqual({ outcome: 'wrong' });
  });
});

describe('guessing', () => {
  const wrong = (email: string, n: number, from = DESK, at = door) =>
    Array.from({ length: n }, () => bench.enter(email, 'wrong-Guess-1', from, at));

  test('is over after five tries, also for who then knows the password; the wait is said', async () => {
    const person = await bench.somebody();
    for (let i = 0; i < 5; i++)
      expect(await bench.enter(person.email, `guess-${i}`)).toEqual({ outcome: 'wrong' });
    const refused = await bench.enter(person.email);
    expect(refused).toMatchObject({ outcome: 'wait' });
    expect('seconds' in refused && refused.seconds).toBeGreaterThan(29 * 60);
    expect((await bench.auditOf(person.id))[0]).toMatchObject({ after: { result: 'refused', locked: true } });
  });

  test('twenty times at once gets no more than five looks at the password', async () => {
    const person = await bench.somebody();
    const answers = await Promise.all(wrong(person.email, 20));
    expect(answers.filter(({ outcome }) => outcome === 'wrong')).toHaveLength(5);
    expect(answers.filter(({ outcome }) => outcome === 'wait')).toHaveLength(15);
  });

  test('at an account that nobody has is stopped alike', async () => {
    const email = `${randomUUID()}@example.com`;
    const answers = await Promise.all(wrong(email, 8));
    expect(answers.filter(({ outcome }) => outcome === 'wait')).toHaveLength(3);
  });

  test('from one place locks nobody out elsewhere, however long it goes on', async () => {
    const person = await bench.somebody();
    await Promise.all(wrong(person.email, 60, { ...DESK, place: '10.0.1.1' }));
    expect(await bench.enter(person.email, PASSWORD, { ...DESK, place: '10.0.1.2' })).toMatchObject({
      outcome: 'in',
    });
  });

  test('at one account from many places locks it everywhere', async () => {
    const person = await bench.somebody();
    for (let i = 0; i < 30; i++)
      await takeTry(door.db, door.settings, 'password', person.email, `10.1.0.${i}`);
    expect(await bench.enter(person.email, PASSWORD, { ...DESK, place: '10.1.1.1' })).toMatchObject({
      outcome: 'wait',
    });
  });

  test('with IPv6 from one network counts as one place', async () => {
    const person = await bench.somebody();
    for (let i = 0; i < 5; i++) {
      await bench.enter(person.email, 'wrong-Guess-1', { ...DESK, place: `2001:db8:7:7::${i}` });
    }
    const from = { ...DESK, place: '2001:db8:7:7:ffff::9' };
    expect(await bench.enter(person.email, PASSWORD, from)).toMatchObject({ outcome: 'wait' });
  });

  test('at many accounts from one place locks the place; who is right there does not count', async () => {
    const place = '10.2.0.1';
    const few = bench.with({ failuresBeforeLock: 3 });
    const person = await bench.somebody();
    for (let i = 0; i < 59; i++) await takeTry(few.db, few.settings, 'password', `n${i}@example.com`, place);
    for (let i = 0; i < 3; i++) {
      expect(await bench.enter(person.email, PASSWORD, { ...DESK, place }, few)).toMatchObject({
        outcome: 'in',
      });
    }
    await takeTry(few.db, few.settings, 'password', 'last@example.com', place);
    expect(await bench.enter(person.email, PASSWORD, { ...DESK, place }, few)).toMatchObject({
      outcome: 'wait',
    });
  });

  test('is forgotten when the time is over, or the password was right', async () => {
    const person = await bench.somebody();
    await Promise.all(wrong(person.email, 6));
    await bench.pass(29);
    expect(await bench.enter(person.email)).toMatchObject({ outcome: 'wait' });
    await bench.pass(2);
    for (let i = 0; i < 4; i++)
      expect(await bench.enter(person.email, 'wrong')).toEqual({ outcome: 'wrong' });
    expect(await bench.enter(person.email)).toMatchObject({ outcome: 'in' });
    for (let i = 0; i < 5; i++)
      expect(await bench.enter(person.email, 'wrong')).toEqual({ outcome: 'wrong' });
  });

  test('is known to every process, and released by the security administrator', async () => {
    const person = await bench.somebody();
    await Promise.all(wrong(person.email, 6));
    const locks = await locksOf(door.db, [door.officeId], person.id);
    expect(locks).toMatchObject([{ personId: person.id, kind: 'password', place: '10.0.0.1' }]);
    expect(await locksOf(door.db, [door.officeId + 1000], person.id)).toEqual([]);
    const by = { ...self('the-administrator', door.officeId), role: 'security-administrator' as const };
    expect(await releaseLock(door, by, person.id)).toBe(true);
    expect(await releaseLock(door, by, person.id)).toBe(false);
    expect((await bench.auditOf(person.id))[0]).toMatchObject({
      action: 'lock-release',
      actor: 'the-administrator',
    });
    expect(await bench.enter(person.email)).toMatchObject({ outcome: 'in' });
  });

  test('at codes is not begun anew by giving the password again', async () => {
    const person = await bench.somebody();
    const codes = openTries(door.db, door.settings, 'code');
    for (let i = 0; i < 5; i++) {
      expect(await codes.take(person.email, DESK.place)).toBe(0);
      expect(await bench.enter(person.email)).toMatchObject({ outcome: 'in' });
    }
    expect(await codes.take(person.email, DESK.place)).toBeGreaterThan(0);
  });

  test('leaves nothing behind that grows', async () => {
    await bench.pass(24 * 60);
    for (let i = 0; i < 40; i++)
      await takeTry(door.db, door.settings, 'password', 'one@example.com', '10.3.0.1');
    const left = await bench.engines.store.query('select 1 from sign_in_tries where expires_at < now()');
    expect(left.rowCount).toBe(0);
  });
});
