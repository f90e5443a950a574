import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, type Pool } from '../../store/pool.ts';
import { invite } from '../../web/lib/server/identity/invitations.ts';
import { signInMessages } from '../../web/lib/messages/sign-in.ts';
import { messages } from '../../web/lib/messages.ts';
import { self } from '../support/door.ts';
import { startGate, toSignIn, type Gate } from '../support/gate.ts';
import { makeOffice } from '../support/offices.ts';
import { Visitor } from '../support/visitor.ts';
import { PASSWORD } from '../support/web.ts';

let gate: Gate;
let identity: Pool;
beforeAll(async () => {
  gate = await startGate();
  identity = openStore(gate.identityUrl, 'identity', { max: 3, settings: ['jiansheng.every=on'] });
});
afterAll(async () => {
  await identity?.end();
  await gate?.stop();
});

describe('an invitation', () => {
  const words = signInMessages.invitation;
  const next = '青石-Test-4711';

  async function link(person: { id: string }): Promise<string> {
    const by = { ...self('the-administrator', gate.engines.officeId), role: 'system-administrator' as const };
    return (await invite({ db: identity, settings: gate.settings }, by, person.id))?.path ?? '';
  }

  test('asks for a password by the rules, then signs in', async () => {
    const person = await gate.somebody();
    const path = await link(person);
    const visitor = new Visitor(gate.address);
    expect((await visitor.get(path)).text).toContain(person.email);
    const weak = await visitor.post(path, { next: 'weak', repeat: 'weak' });
    expect(weak.status).toBe(400);
    expect(weak.text).toContain(messages.password.tooShort);
    expect((await visitor.post(path, { next, repeat: next })).location).toBe('/');
    expect((await visitor.get('/sources')).status).toBe(200);
    expect((await new Visitor(gate.address).get(path)).text).toContain(words.over.used.text);
  });

  test('posted twice at once lets one in', async () => {
    const path = await link(await gate.somebody());
    const posts = await Promise.all(
      [1, 2].map(() => new Visitor(gate.address).post(path, { next, repeat: next })),
    );
    expect(posts.map(({ status }) => status).sort()).toEqual([303, 410]);
  });

  test('of somebody else is not taken by who is signed in', async () => {
    const person = await gate.somebody();
    const path = await link(person);
    const other = await gate.signedIn(await gate.somebody());
    expect((await other.get(path)).text).toContain(words.signOut);
    expect((await other.post(path, { next, repeat: next })).status).toBe(409);
    expect((await new Visitor(gate.address).post(path, { next, repeat: next })).status).toBe(303);
  });

  test.each(['/invitation/nonsense', '/invitation/%00', `/invitation/${'a'.repeat(3000)}`])(
    'that is none says so, and what to do (%#)',
    async (path) => {
      const answer = await new Visitor(gate.address).get(path);
      expect(answer.text).toContain(words.over.unknown.text);
      expect((await new Visitor(gate.address).post(path, { next, repeat: next })).status).toBe(410);
    },
  );
});

describe('the security administrator', () => {
  test('sees and ends sessions of people in reach, releases locks, and reaches nobody else', async () => {
    const administrator = await gate.signedIn(await gate.somebody('security-administrator'));
    const person = await gate.somebody();
    const visitor = await gate.signedIn(person);
    const page = `/manage/sessions/${person.id}`;
    expect((await administrator.get(page)).text).toContain('Chrome · Windows');
    const ended = await administrator.post(`${page}?/endAll`, {});
    expect(ended.text).toContain(signInMessages.sessions.endedMany(1));
    expect((await visitor.get('/sources')).location).toBe(toSignIn('/sources'));

    const guesser = new Visitor(gate.address, { place: '10.4.0.1' });
    for (let i = 0; i < 6; i++) await guesser.signIn(person.email, 'guess');
    expect((await administrator.get('/manage/sessions')).text).toContain('10.4.0.1');
    await administrator.post(`${page}?/release`, {});
    expect((await guesser.signIn(person.email, PASSWORD)).status).toBe(303);

    const far = await gate.somebody(
      'press-officer',
      await makeOffice(gate.engines.store, 'far', 'provincial'),
    );
    const locked = new Visitor(gate.address, { place: '10.4.0.2' });
    for (let i = 0; i < 6; i++) await locked.signIn(far.email, 'guess');
    expect((await administrator.get('/manage/sessions')).text).not.toContain('10.4.0.2');
    for (const action of ['', '?/endAll', '?/release', '?/reset']) {
      const path = `/manage/sessions/${far.id}${action}`;
      const answer = await (action ? administrator.post(path, {}) : administrator.get(path));
      expect(answer.status).toBe(404);
    }
    expect((await locked.signIn(far.email, PASSWORD)).status).toBe(429);
  });
});
