import { randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../config/access/roles.ts';
import { findSession, sessionsOf } from '../../store/sessions.ts';
import { locksOf } from '../../store/sign-in-tries.ts';
import type { Door } from '../../web/lib/server/identity/ground.ts';
import { acceptInvitation, invite, readInvitation } from '../../web/lib/server/identity/invitations.ts';
import { openTries, releaseLock, takeTry } from '../../web/lib/server/identity/lock-out.ts';
import { changePassword } from '../../web/lib/server/identity/password.ts';
import { endAll, endOne, signOut } from '../../web/lib/server/identity/sessions.ts';
import { signIn } from '../../web/lib/server/identity/sign-in.ts';
import { self, startDoorBench, type DoorBench } from '../support/door.ts';

const PASSWORD = '云州-Test-4711';
const DESK = { place: '10.0.0.1', device: 'Chrome · Windows' };

let bench: DoorBench;
let door: Door;
let hash: string;
beforeAll(async () => {
  bench = await startDoorBench();
  door = bench.door;
  hash = await hashPassword(PASSWORD);
});
afterAll(() => bench?.stop());

type Somebody = { id: string; email: string };

async function somebody(role: Role | null = 'press-officer', withPassword = true): Promise<Somebody> {
  const id = randomUUID();
  const email = `${id}@example.com`;
  const { store, officeId } = bench.engines;
  await store.query(`insert into people (id, office_id, name, email) values ($1, $2, '某人', $3)`, [
    id,
    officeId,
    email,
  ]);
  if (withPassword) {
    await store.query(
      `insert into credentials (id, person_id, account_id, provider_id, password) values ($1, $1, $1, 'credential', $2)`,
      [id, hash],
    );
  }
  if (role) {
    await store.query(
      `insert into role_grants (office_id, person_id, role, kind, granted_by) values ($1, $2, $3, 'holder', 'test')`,
      [officeId, id, role],
    );
  }
  return { id, email };
}

const enter = (email: string, password = PASSWORD, from = DESK, at = door) =>
  signIn(at, email, password, from);

/** Signs in and gives the session. */
async function session({ email }: Somebody, from = DESK, at = door): Promise<{ id: string; token: string }> {
  const result = await enter(email, PASSWORD, from, at);
  if (result.outcome !== 'in') throw new Error(result.outcome);
  const found = await findSession(door.db, result.token, door.settings);
  return { id: found?.id ?? '', token: result.token };
}

/** What has become of a session: null while it goes on. */
async function over(token: string, at = door): Promise<string | null> {
  const found = await findSession(at.db, token, at.settings);
  return found ? found.over : 'gone';
}

describe('the password', () => {
  test('lets in who has it, and the log says from where and with what', async () => {
    const person = await somebody();
    expect(await enter(person.email)).toMatchObject({ outcome: 'in' });
    expect(await bench.auditOf(person.id)).toEqual([
      {
        action: 'sign-in',
        actor: person.id,
        address: '10.0.0.1',
        before: null,
        after: { result: 'signed-in', device: 'Chrome · Windows', endedOthers: 0, way: 'password' },
      },
    ]);
  });

  test('does not let in who has another, and what was typed is not kept', async () => {
    const person = await somebody();
    expect(await enter(person.email, 'guess-No-1')).toEqual({ outcome: 'wrong' });
    const [entry] = await bench.auditOf(person.id);
    expect(entry).toMatchObject({
      action: 'sign-in',
      after: { result: 'refused', why: 'wrong', locked: false },
    });
    expect(JSON.stringify(entry)).not.toContain('guess');
  });

  test('of nobody is noted without what was typed as the account', async () => {
    expect(await enter('my-Password-typed-here')).toEqual({ outcome: 'wrong' });
    const [entry] = await bench.auditOf('unknown');
    expect(entry).toMatchObject({ actor: 'unknown', address: '10.0.0.1', after: { result: 'refused' } });
    const kept = await bench.engines.store.query<{ all: string }>(
      `select string_agg(t::text, ' ') || (select string_agg(entry, ' ') from audit_entries) as all from sign_in_tries t`,
    );
    expect(kept.rows[0]?.all).not.toContain('my-password-typed-here');
    expect(kept.rows[0]?.all).not.toContain('my-Password-typed-here');
  });

  test('of somebody who has left, or has none, answers as a wrong one does', async () => {
    const left = await somebody();
    await bench.engines.store.query('update people set disabled_at = now() where id = $1', [left.id]);
    expect(await enter(left.email)).toEqual({ outcome: 'wrong' });
    expect((await bench.auditOf(left.id))[0]).toMatchObject({
      after: { result: 'refused', why: 'disabled' },
    });
    const without = await somebody('press-officer', false);
    expect(await enter(without.email, '')).toEqual({ outcome: 'wrong' });
    expect(await enter(without.email)).toEqual({ outcome: 'wrong' });
  });

  test('takes the same time to refuse, whether or not the account exists', async () => {
    const person = await somebody();
    const generous = bench.with({ failuresBeforeLock: 20 });
    const took = async (email: string, place: string) => {
      const since = performance.now();
      await enter(email, 'wrong-Guess-1', { ...DESK, place }, generous);
      return performance.now() - since;
    };
    await took('warm@example.com', '10.8.0.1');
    const known: number[] = [];
    const unknown: number[] = [];
    // By turns, and the least of each: what else the machine does falls on both alike.
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
    expect(await enter(email, 'Whatever-1')).toEqual({ outcome: 'wrong' });
  });
});

describe('guessing', () => {
  const wrong = (email: string, n: number, from = DESK, at = door) =>
    Array.from({ length: n }, () => enter(email, 'wrong-Guess-1', from, at));

  test('is over after five tries, also for who then knows the password; the wait is said', async () => {
    const person = await somebody();
    for (let i = 0; i < 5; i++) expect(await enter(person.email, `guess-${i}`)).toEqual({ outcome: 'wrong' });
    const refused = await enter(person.email);
    expect(refused).toMatchObject({ outcome: 'wait' });
    expect('seconds' in refused && refused.seconds).toBeGreaterThan(29 * 60);
    expect((await bench.auditOf(person.id))[0]).toMatchObject({ after: { result: 'refused', locked: true } });
  });

  test('twenty times at once gets no more than five looks at the password', async () => {
    const person = await somebody();
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
    const person = await somebody();
    await Promise.all(wrong(person.email, 60, { ...DESK, place: '10.0.1.1' }));
    expect(await enter(person.email, PASSWORD, { ...DESK, place: '10.0.1.2' })).toMatchObject({
      outcome: 'in',
    });
  });

  test('at one account from many places locks it everywhere', async () => {
    const person = await somebody();
    for (let i = 0; i < 30; i++)
      await takeTry(door.db, door.settings, 'password', person.email, `10.1.0.${i}`);
    expect(await enter(person.email, PASSWORD, { ...DESK, place: '10.1.1.1' })).toMatchObject({
      outcome: 'wait',
    });
  });

  test('with IPv6 from one network counts as one place', async () => {
    const person = await somebody();
    for (let i = 0; i < 5; i++) {
      await enter(person.email, 'wrong-Guess-1', { ...DESK, place: `2001:db8:7:7::${i}` });
    }
    const from = { ...DESK, place: '2001:db8:7:7:ffff::9' };
    expect(await enter(person.email, PASSWORD, from)).toMatchObject({ outcome: 'wait' });
  });

  test('at many accounts from one place locks the place; who is right there does not count', async () => {
    const place = '10.2.0.1';
    const few = bench.with({ failuresBeforeLock: 3 });
    const person = await somebody();
    for (let i = 0; i < 59; i++) await takeTry(few.db, few.settings, 'password', `n${i}@example.com`, place);
    for (let i = 0; i < 3; i++) {
      expect(await enter(person.email, PASSWORD, { ...DESK, place }, few)).toMatchObject({ outcome: 'in' });
    }
    await takeTry(few.db, few.settings, 'password', 'last@example.com', place);
    expect(await enter(person.email, PASSWORD, { ...DESK, place }, few)).toMatchObject({ outcome: 'wait' });
  });

  test('is forgotten when the time is over, or the password was right', async () => {
    const person = await somebody();
    await Promise.all(wrong(person.email, 6));
    await bench.pass(29);
    expect(await enter(person.email)).toMatchObject({ outcome: 'wait' });
    await bench.pass(2);
    for (let i = 0; i < 4; i++) expect(await enter(person.email, 'wrong')).toEqual({ outcome: 'wrong' });
    expect(await enter(person.email)).toMatchObject({ outcome: 'in' });
    for (let i = 0; i < 5; i++) expect(await enter(person.email, 'wrong')).toEqual({ outcome: 'wrong' });
  });

  test('is known to every process, and released by the security administrator', async () => {
    const person = await somebody();
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
    expect(await enter(person.email)).toMatchObject({ outcome: 'in' });
  });

  test('at codes is not begun anew by giving the password again', async () => {
    const person = await somebody();
    const codes = openTries(door.db, door.settings, 'code');
    for (let i = 0; i < 5; i++) {
      expect(await codes.take(person.email, DESK.place)).toBe(0);
      expect(await enter(person.email)).toMatchObject({ outcome: 'in' });
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

describe('a session', () => {
  test('is over when it was not used, and after its time however much it was used', async () => {
    const { token, id } = await session(await somebody());
    await bench.pass(29);
    expect(await over(token)).toBeNull();
    await bench.pass(2);
    expect(await over(token)).toBe('idle');
    for (let hours = 0; hours < 12; hours++) {
      await bench.engines.store.query('update sessions set last_seen_at = now() where id = $1', [id]);
      await bench.pass(60);
    }
    await bench.engines.store.query('update sessions set last_seen_at = now() where id = $1', [id]);
    expect(await over(token)).toBe('time');
  });

  test('is over sooner, when the settings have become stricter', async () => {
    const { token } = await session(await somebody());
    await bench.pass(20);
    expect(await over(token, bench.with({ idleMinutes: 15 }))).toBe('idle');
    expect(await over(token, bench.with({ idleMinutes: 480, absoluteHours: 1 }))).toBeNull();
    await bench.pass(50);
    expect(await over(token, bench.with({ idleMinutes: 480, absoluteHours: 1 }))).toBe('time');
  });

  test('is one of three; with a fourth the oldest ends, and who signs in is told', async () => {
    const person = await somebody();
    const tokens: string[] = [];
    for (let i = 0; i < 4; i++) {
      tokens.push((await session(person)).token);
      await bench.pass(1);
    }
    expect(await Promise.all(tokens.map((token) => over(token)))).toEqual(['gone', null, null, null]);
    expect(await findSession(door.db, tokens[3] as string, door.settings)).toMatchObject({ endedOthers: 1 });
    expect(await sessionsOf(door.db, person.id, door.settings)).toHaveLength(3);
  });

  test('of an administrator is the only one, also when ten are opened at once', async () => {
    const person = await somebody('audit-administrator');
    await Promise.all(
      Array.from({ length: 10 }, () =>
        enter(person.email, PASSWORD, DESK, bench.with({ failuresBeforeLock: 20 })),
      ),
    );
    expect(await sessionsOf(door.db, person.id, door.settings)).toHaveLength(1);
  });

  test('of an administrator begins only where administrators may come from', async () => {
    const here = bench.with({ administratorAddresses: ['10.0.0.0/24'] });
    const administrator = await somebody('system-administrator');
    const outside = { ...DESK, place: '192.0.2.1' };
    expect(await enter(administrator.email, PASSWORD, outside, here)).toEqual({ outcome: 'not-here' });
    expect((await bench.auditOf(administrator.id))[0]).toMatchObject({
      address: '192.0.2.1',
      after: { result: 'refused', why: 'address' },
    });
    expect(await enter(administrator.email, PASSWORD, DESK, here)).toMatchObject({ outcome: 'in' });
    expect(await enter((await somebody()).email, PASSWORD, outside, here)).toMatchObject({ outcome: 'in' });
  });

  test('that has ended is worthless: by signing out, by its person elsewhere, by an administrator', async () => {
    const person = await somebody();
    const [one, two, three] = [await session(person), await session(person), await session(person)];
    const me = self(person.id, door.officeId);
    await signOut(door, me, one.id);
    expect(await over(one.token)).toBe('gone');
    expect(await endOne(door, me, person.id, two.id)).toBe(true);
    expect(await endOne(door, me, person.id, two.id)).toBe(false);
    expect(await over(two.token)).toBe('gone');
    expect(await over(three.token)).toBeNull();
    const by = { ...self('the-administrator', door.officeId), role: 'security-administrator' as const };
    expect(await endAll(door, by, person.id, null)).toBe(1);
    expect(await over(three.token)).toBe('gone');
    expect((await bench.auditOf(person.id)).slice(0, 3).map(({ action, actor }) => [action, actor])).toEqual([
      ['session-end', 'the-administrator'],
      ['session-end', person.id],
      ['sign-out', person.id],
    ]);
  });

  test('of somebody else cannot be ended by naming it', async () => {
    const [person, other] = [await somebody(), await somebody()];
    const { id, token } = await session(other);
    expect(await endOne(door, self(person.id, door.officeId), person.id, id)).toBe(false);
    expect(await over(token)).toBeNull();
  });

  test('of somebody who has left is over', async () => {
    const person = await somebody();
    const { token } = await session(person);
    await bench.engines.store.query('update people set disabled_at = now() where id = $1', [person.id]);
    expect(await over(token)).toBe('disabled');
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
    const person = await somebody();
    const [here, elsewhere] = [await session(person), await session(person)];
    const changed = await change(person, here.id, PASSWORD, '青石-Test-4711');
    expect(changed).toMatchObject({ outcome: 'changed' });
    expect(await over(here.token)).toBe('gone');
    expect(await over(elsewhere.token)).toBe('gone');
    expect(await over('token' in changed ? changed.token : '')).toBeNull();
    expect(await enter(person.email)).toEqual({ outcome: 'wrong' });
    expect(await enter(person.email, '青石-Test-4711')).toMatchObject({ outcome: 'in' });
  });

  test('back to one of the last five is refused', async () => {
    const person = await somebody();
    let { id } = await session(person);
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
    const person = await somebody();
    const { id } = await session(person);
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
    const person = await somebody();
    const { token } = await session(person);
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

describe('an invitation', () => {
  const by = () => ({ ...self('the-administrator', door.officeId), role: 'system-administrator' as const });
  const tokenOf = (path: string) => path.replace('/invitation/', '');
  const NEXT = '青石-Test-4711';

  async function invited(person: Somebody): Promise<string> {
    const made = await invite(door, by(), person.id);
    return tokenOf(made?.path ?? '');
  }
  async function accept(token: string, password = NEXT) {
    const invitation = await readInvitation(door, token);
    if (!invitation) throw new Error('there is no such invitation');
    return acceptInvitation(door, invitation, password, DESK);
  }

  test('lets somebody without a password set one, and in', async () => {
    const person = await somebody('press-officer', false);
    const token = await invited(person);
    expect(await readInvitation(door, token)).toMatchObject({
      personId: person.id,
      again: false,
      over: null,
    });
    expect(await accept(token)).toMatchObject({ outcome: 'in' });
    expect(await enter(person.email, NEXT)).toMatchObject({ outcome: 'in' });
    expect((await bench.auditOf(person.id)).map(({ action }) => action)).toEqual([
      'sign-in',
      'sign-in',
      'invitation-accept',
      'invitation-create',
    ]);
  });

  test('is not readable in the database', async () => {
    const token = await invited(await somebody());
    const rows = await bench.engines.store.query<{ all: string }>(
      `select string_agg(i::text, ' ') || (select string_agg(entry, ' ') from audit_entries) as all from invitations i`,
    );
    expect(rows.rows[0]?.all).not.toContain(token);
  });

  test('is good once, also when two use it in the same moment', async () => {
    const person = await somebody('press-officer', false);
    const token = await invited(person);
    const answers = await Promise.all([accept(token, '青石-Test-0001'), accept(token, '青石-Test-0002')]);
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['in', 'over']);
    expect(await readInvitation(door, token)).toMatchObject({ over: 'used' });
    expect(await sessionsOf(door.db, person.id, door.settings)).toHaveLength(1);
  });

  test('that has ended, was replaced, or is for somebody who has left, says so', async () => {
    const late = await invited(await somebody());
    await bench.pass(73 * 60);
    expect(await readInvitation(door, late)).toMatchObject({ over: 'expired' });
    expect(await accept(late)).toEqual({ outcome: 'over' });
    const person = await somebody();
    const [first, second] = [await invited(person), await invited(person)];
    expect(await readInvitation(door, first)).toMatchObject({ over: 'revoked' });
    expect(await readInvitation(door, second)).toMatchObject({ over: null });
    await bench.engines.store.query('update people set disabled_at = now() where id = $1', [person.id]);
    expect(await readInvitation(door, second)).toMatchObject({ over: 'disabled' });
    expect(await accept(second)).toEqual({ outcome: 'disabled' });
    expect(await invite(door, by(), person.id)).toBeNull();
  });

  test.each(['', 'x', 'a'.repeat(5000), '\0', '\ud800'])(
    'that nobody made is not known (%#)',
    async (token) => {
      expect(await readInvitation(door, token)).toBeNull();
    },
  );

  test('for another password ends what the old one has opened, and lifts a lock', async () => {
    const person = await somebody();
    const { token: session1 } = await session(person);
    for (let i = 0; i < 6; i++) await enter(person.email, 'wrong');
    const token = await invited(person);
    expect(await accept(token, PASSWORD)).toEqual({ outcome: 'former' });
    expect(await accept(token)).toMatchObject({ outcome: 'in' });
    expect(await over(session1)).toBe('gone');
    expect(await enter(person.email)).toEqual({ outcome: 'wrong' });
    expect(await enter(person.email, NEXT)).toMatchObject({ outcome: 'in' });
    expect((await bench.auditOf(person.id)).map(({ action }) => action)).toContain('password-reset');
  });
});
