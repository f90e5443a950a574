import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signInMessages } from '../../web/lib/messages/sign-in.ts';
import { messages } from '../../web/lib/messages.ts';
import { startGate, toSignIn, type Gate } from '../support/gate.ts';
import { makeOffice } from '../support/offices.ts';
import { CHROME, FIREFOX, Visitor } from '../support/visitor.ts';
import { PASSWORD } from '../support/web.ts';

const OUTSIDE = '192.0.2.1';

let gate: Gate;
beforeAll(async () => {
  gate = await startGate();
});
afterAll(() => gate?.stop());

describe('a cookie', () => {
  test('is out of reach of scripts and of other sites, and opens the desk', async () => {
    const visitor = new Visitor(gate.address);
    const answer = await visitor.signIn((await gate.somebody()).email, PASSWORD);
    const line = answer.headers.getSetCookie().find((each) => each.startsWith('jiansheng.session_token='));
    expect(line).toMatch(/; HttpOnly/iu);
    expect(line).toMatch(/; SameSite=Lax/iu);
    expect((await visitor.get('/sources')).status).toBe(200);
  });

  test('that was played again after signing out opens nothing', async () => {
    const visitor = await gate.signedIn(await gate.somebody());
    const replayed = visitor.copy();
    await visitor.post('/sign-out', {});
    expect(visitor.session).toBeUndefined();
    expect((await replayed.get('/sources')).location).toBe(toSignIn('/sources'));
  });

  test('that was played again after the password was changed opens nothing', async () => {
    const visitor = await gate.signedIn(await gate.somebody());
    const replayed = visitor.copy();
    const next = '青石-Test-4711';
    const changed = await visitor.post('/account/password', { current: PASSWORD, next, repeat: next });
    expect(changed.text).toContain(messages.password.changed);
    expect((await replayed.get('/sources')).location).toBe(toSignIn('/sources'));
    expect((await visitor.get('/sources')).status).toBe(200);
  });

  test('that stood there before signing in is worth nothing afterwards', async () => {
    const attacker = await gate.signedIn(await gate.somebody());
    const victim = attacker.copy();
    await victim.signIn((await gate.somebody()).email, PASSWORD);
    expect(victim.session).not.toBe(attacker.session);
    await attacker.post('/sign-out', {});
    expect((await victim.get('/sources')).status).toBe(200);

    const planted = new Visitor(gate.address);
    planted.session = 'a-token-that-somebody-chose';
    const other = planted.copy();
    await other.signIn((await gate.somebody()).email, PASSWORD);
    expect((await planted.get('/sources')).location).toBe(toSignIn('/sources'));
  });

  test('that somebody signed themselves, or cut, opens nothing', async () => {
    const visitor = await gate.signedIn(await gate.somebody());
    const good = visitor.session ?? '';
    const [token = ''] = good.split('.');
    for (const forged of [token, `${token}.${'A'.repeat(43)}%3D`, good.slice(0, -6), '%00', '.']) {
      const forger = new Visitor(gate.address);
      forger.session = forged;
      expect((await forger.get('/sources')).location).toBe(toSignIn('/sources'));
    }
  });

  test('that turns up in another browser is ended for both, with one entry in the log', async () => {
    const person = await gate.somebody();
    const visitor = await gate.signedIn(person);
    const thief = visitor.copy({ device: FIREFOX });
    const answers = await Promise.all(Array.from({ length: 5 }, () => thief.get('/sources')));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303, 303]);
    expect(answers.some(({ location }) => location === toSignIn('/sources', 'elsewhere'))).toBe(true);
    expect((await visitor.get('/sources')).location).toBe(toSignIn('/sources'));
    expect((await gate.actionsOf(person)).filter((action) => action === 'session-stolen')).toHaveLength(1);
    expect((await visitor.get('/sign-in?ended=elsewhere')).text).toContain(signInMessages.ended.elsewhere);
  });

  test('goes on when the browser is updated, or the address changes', async () => {
    const visitor = await gate.signedIn(await gate.somebody());
    visitor.device = CHROME.replace('139', '140');
    visitor.place = OUTSIDE;
    expect((await visitor.get('/sources')).status).toBe(200);
  });

  test('of an administrator is bound to the address too', async () => {
    const administrator = await gate.somebody('audit-administrator');
    const visitor = await gate.signedIn(administrator);
    expect((await visitor.get('/account')).status).toBe(200);
    visitor.place = '10.0.0.2';
    expect((await visitor.get('/account')).location).toBe(toSignIn('/account', 'elsewhere'));
    expect(await gate.actionsOf(administrator)).toContain('session-stolen');
  });
});

describe('a session', () => {
  const shift = (person: { id: string }, minutes: number) =>
    gate.engines.store.query(
      `update sessions set last_seen_at = last_seen_at - $2 * interval '1 minute' where person_id = $1`,
      [person.id, minutes],
    );
  const lastSeen = async (person: { id: string }) => {
    const found = await gate.engines.store.query<{ at: Date }>(
      'select last_seen_at as at from sessions where person_id = $1',
      [person.id],
    );
    return found.rows[0]?.at.getTime() ?? 0;
  };

  test('that nobody used is over, and who comes back is told why', async () => {
    const person = await gate.somebody();
    const visitor = await gate.signedIn(person);
    await shift(person, 31);
    const answer = await visitor.get('/releases?page=2');
    expect(answer.location).toBe(toSignIn('/releases?page=2', 'idle'));
    expect((await visitor.get(answer.location ?? '')).text).toContain(signInMessages.ended.idle);
    expect((await visitor.get('/releases')).location).toBe(toSignIn('/releases'));
  });

  test('is kept alive by using it, noted once a minute, and not by a page that stands open', async () => {
    const person = await gate.somebody();
    const visitor = await gate.signedIn(person);
    const before = await lastSeen(person);
    await visitor.get('/sources');
    expect(await lastSeen(person)).toBe(before);
    await shift(person, 20);
    const live = new AbortController();
    const stream = await fetch(`${gate.address}/api/live`, {
      signal: live.signal,
      headers: {
        cookie: `jiansheng.session_token=${visitor.session ?? ''}`,
        'user-agent': CHROME,
        'x-forwarded-for': '10.0.0.1',
      },
    });
    expect(stream.status).toBe(200);
    live.abort();
    expect(await lastSeen(person)).toBe(before - 20 * 60_000);
    await visitor.get('/sources');
    expect(await lastSeen(person)).toBeGreaterThan(before - 60_000);
    await shift(person, 20);
    // Somebody writes there.
    expect((await visitor.post('/api/present', {})).status).toBe(204);
    expect(await lastSeen(person)).toBeGreaterThan(before - 60_000);
  });

  test('is over for programs too, with words and not with a page', async () => {
    const person = await gate.somebody();
    const visitor = await gate.signedIn(person);
    await shift(person, 31);
    expect(await visitor.get('/api/live')).toMatchObject({ status: 401 });
  });

  test('loses what its person may no longer do, with the next request', async () => {
    const person = await gate.somebody();
    const visitor = await gate.signedIn(person);
    expect((await visitor.get('/sources')).status).toBe(200);
    await gate.engines.store.query('update role_grants set revoked_at = now() where person_id = $1', [
      person.id,
    ]);
    expect((await visitor.get('/sources')).status).toBe(403);
    expect((await visitor.get('/account')).status).toBe(200);
  });

  test('follows its person to another office with the next request', async () => {
    const [there, source] = [
      await makeOffice(gate.engines.store, 'elsewhere', 'provincial'),
      'name of the old office',
    ];
    await gate.engines.store.query(
      `insert into releases (office_id, title, created_by) values ($1, $2, $3)`,
      [gate.engines.officeId, source, (await gate.somebody()).id],
    );
    const person = await gate.somebody();
    const visitor = await gate.signedIn(person);
    expect((await visitor.get('/releases')).text).toContain(source);
    await gate.engines.store.query('update people set office_id = $2 where id = $1', [person.id, there]);
    await gate.engines.store.query('update role_grants set office_id = $2 where person_id = $1', [
      person.id,
      there,
    ]);
    const after = await visitor.get('/releases');
    expect(after.status).toBe(200);
    expect(after.text).not.toContain(source);
  });

  test('of somebody who has left is over with the next request', async () => {
    const person = await gate.somebody();
    const visitor = await gate.signedIn(person);
    await gate.engines.store.query('update people set disabled_at = now() where id = $1', [person.id]);
    expect((await visitor.get('/sources')).location).toBe(toSignIn('/sources'));
    await gate.engines.store.query('update people set disabled_at = null where id = $1', [person.id]);
    expect((await visitor.get('/sources')).location).toBe(toSignIn('/sources'));
  });

  test('with a password that is too old leads to changing it, and nowhere else', async () => {
    const person = await gate.somebody();
    const visitor = await gate.signedIn(person);
    await gate.engines.store.query(
      `update credentials set password_at = now() - interval '91 days' where person_id = $1`,
      [person.id],
    );
    expect((await visitor.get('/sources')).location).toBe('/account/password');
    expect((await visitor.get('/api/live')).status).toBe(403);
    expect((await visitor.get('/account/password')).text).toContain(messages.password.aged);
  });

  test('of somebody who has become an administrator ends where administrators may not be, and it is logged', async () => {
    const person = await gate.somebody(null);
    const visitor = await gate.signedIn(person, { place: OUTSIDE });
    expect((await visitor.get('/account')).status).toBe(200);
    await gate.engines.store.query(
      `insert into role_grants (office_id, person_id, role, kind, granted_by) values ($1, $2, 'system-administrator', 'holder', 'test')`,
      [gate.engines.officeId, person.id],
    );
    const refused = await visitor.get('/account');
    expect(refused.status).toBe(403);
    expect(refused.text).toContain(OUTSIDE);
    expect((await visitor.get('/account')).location).toBe(toSignIn('/account'));
    expect((await gate.actionsOf(person)).filter((action) => action === 'session-refuse')).toHaveLength(1);
    const again = await visitor.signIn(person.email, PASSWORD);
    expect(again.status).toBe(403);
    expect(again.text).toContain(signInMessages.notHere);
  });

  test('beside others is shown to who has just signed in, once', async () => {
    const person = await gate.somebody();
    await gate.signedIn(person);
    const second = await gate.signedIn(person, { device: FIREFOX });
    expect((await second.get('/sources')).text).toContain(signInMessages.others.some(1));
    expect((await second.get('/sources')).text).not.toContain(signInMessages.others.some(1));
    expect((await second.get('/account/sessions')).text).toContain('Chrome · Windows');
  });
});

describe('the form', () => {
  test('with a password of a megabyte is refused in words', async () => {
    const { email } = await gate.somebody();
    const answer = await new Visitor(gate.address).signIn(email, 'x'.repeat(1_000_000));
    expect([400, 413]).toContain(answer.status);
    expect((await new Visitor(gate.address).signIn(email, PASSWORD)).status).toBe(303);
  });

  test.each(['a\0b@example.com', '\ud800@example.com', '"><script>@example.com', '\u202e@example.com'])(
    'with an odd account is refused as with any other (%#)',
    async (email) => {
      const answer = await new Visitor(gate.address, { place: '10.7.0.1' }).signIn(email, 'Whatever-1');
      expect(answer.status).toBe(401);
      expect(answer.text).not.toContain('<script>@');
    },
  );

  test('takes the account as a Chinese input method types it', async () => {
    const { email } = await gate.somebody();
    const wide = email.replace('@', '＠').replace('.', '．').toUpperCase();
    expect((await new Visitor(gate.address).signIn(` ${wide} `, PASSWORD)).status).toBe(303);
  });

  test('says after too many tries how long to wait, also to programs', async () => {
    const { email } = await gate.somebody();
    const visitor = new Visitor(gate.address, { place: '10.6.0.1' });
    for (let i = 0; i < 5; i++) expect((await visitor.signIn(email, `guess-${i}`)).status).toBe(401);
    const answer = await visitor.signIn(email, PASSWORD);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(29 * 60);
    expect(answer.text).toContain(messages.signIn.wait(30));
  });

  test('believes of the address only what the known proxy says', async () => {
    const { email } = await gate.somebody();
    for (let i = 0; i < 5; i++) {
      // What the client itself has written stands on the left.
      await new Visitor(gate.address, { place: `10.5.0.${i}, 10.5.9.9` }).signIn(email, `guess-${i}`);
    }
    const answer = await new Visitor(gate.address, { place: '10.5.0.99, 10.5.9.9' }).signIn(email, PASSWORD);
    expect(answer.status).toBe(429);
  });

  test('sent from another site is refused', async () => {
    const answer = await fetch(`${gate.address}/sign-in`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams({ email: (await gate.somebody()).email, password: PASSWORD }),
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });
});
