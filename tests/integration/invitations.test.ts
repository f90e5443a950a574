import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sessionsOf } from '../../store/sessions.ts';
import type { Door } from '../../web/lib/server/identity/ground.ts';
import { acceptInvitation, invite, readInvitation } from '../../web/lib/server/identity/invitations.ts';
import { DESK, PASSWORD, self, startDoorBench, type DoorBench, type Somebody } from '../support/door.ts';

let bench: DoorBench;
let door: Door;
beforeAll(async () => {
  bench = await startDoorBench();
  door = bench.door;
});
afterAll(() => bench?.stop());

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
    const person = await bench.somebody('press-officer', false);
    const token = await invited(person);
    expect(await readInvitation(door, token)).toMatchObject({
      personId: person.id,
      again: false,
      over: null,
    });
    expect(await accept(token)).toMatchObject({ outcome: 'in' });
    expect(await bench.enter(person.email, NEXT)).toMatchObject({ outcome: 'in' });
    expect((await bench.auditOf(person.id)).map(({ action }) => action)).toEqual([
      'sign-in',
      'sign-in',
      'invitation-accept',
      'invitation-create',
    ]);
  });

  test('is not readable in the database', async () => {
    const token = await invited(await bench.somebody());
    const rows = await bench.engines.store.query<{ all: string }>(
      `select string_agg(i::text, ' ') || (select string_agg(entry, ' ') from audit_entries) as all from invitations i`,
    );
    expect(rows.rows[0]?.all).not.toContain(token);
  });

  test('is good once, also when two use it in the same moment', async () => {
    const person = await bench.somebody('press-officer', false);
    const token = await invited(person);
    const answers = await Promise.all([accept(token, '青石-Test-0001'), accept(token, '青石-Test-0002')]);
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['in', 'over']);
    expect(await readInvitation(door, token)).toMatchObject({ over: 'used' });
    expect(await sessionsOf(door.db, person.id, door.settings)).toHaveLength(1);
  });

  test('that has ended, was replaced, or is for somebody who has left, says so', async () => {
    const late = await invited(await bench.somebody());
    await bench.pass(73 * 60);
    expect(await readInvitation(door, late)).toMatchObject({ over: 'expired' });
    expect(await accept(late)).toEqual({ outcome: 'over' });
    const person = await bench.somebody();
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
    const person = await bench.somebody();
    const { token: session1 } = await bench.session(person);
    for (let i = 0; i < 6; i++) await bench.enter(person.email, 'wrong');
    const token = await invited(person);
    expect(await accept(token, PASSWORD)).toEqual({ outcome: 'former' });
    expect(await accept(token)).toMatchObject({ outcome: 'in' });
    expect(await bench.over(session1)).toBe('gone');
    expect(await bench.enter(person.email)).toEqual({ outcome: 'wrong' });
    expect(await bench.enter(person.email, NEXT)).toMatchObject({ outcome: 'in' });
    expect((await bench.auditOf(person.id)).map(({ action }) => action)).toContain('password-reset');
  });
});
