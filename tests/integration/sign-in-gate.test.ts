import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import type { Role } from '../../config/access/roles.ts';
import { signInSchema } from '../../config/sign-in.ts';
import { openAuditLog } from '../../store/audit.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import { invite } from '../../web/lib/server/identity/invitations.ts';
import { signInMessages } from '../../web/lib/messages/sign-in.ts';
import { messages } from '../../web/lib/messages.ts';
import { self } from '../support/door.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { CHROME, FIREFOX, Visitor } from '../support/visitor.ts';
import { makePerson, PASSWORD, startTestWeb, type TestWeb } from '../support/web.ts';

const OUTSIDE = '192.0.2.1';
const settings = signInSchema.parse({
  trustedProxies: ['127.0.0.1'],
  administratorAddresses: ['10.0.0.0/8'],
});

let engines: TestEngines;
let web: TestWeb;
let identity: Pool;
beforeAll(async () => {
  engines = await startTestEngines();
  openAuditLog(openCipher([TEST_KEY]));
  web = await startTestWeb({ ...engines, runtime: () => engines.runtime({ signIn: settings }) });
  identity = openStore(web.runtime.identityUrl, 'identity', { max: 3, settings: ['jiansheng.every=on'] });
});
afterAll(async () => {
  await web?.stop();
  await identity?.end();
  await engines?.stop();
});

let made = 0;
async function somebody(role: Role | null = 'press-officer', officeId = engines.officeId) {
  made += 1;
  return makePerson(engines.store, `somebody-${made}`, officeId, role);
}

/** Somebody who has signed in; that a second factor was given is written into the session. */
async function signedIn(
  person: { id: string; email: string },
  from: { device?: string; place?: string } = {},
) {
  const visitor = new Visitor(web.address, from);
  const answer = await visitor.signIn(person.email, PASSWORD);
  expect(answer.status).toBe(303);
  await engines.store.query(`update sessions set factor = 'oidc' where person_id = $1`, [person.id]);
  return visitor;
}

const toSignIn = (path: string, ended?: string) =>
  `/sign-in?to=${encodeURIComponent(path)}${ended ? `&ended=${ended}` : ''}`;

async function actionsOf(person: { id: string }): Promise<string[]> {
  const found = await engines.store.query<{ action: string }>(
    'select action from audit_entries where subject = $1 order by seq',
    [`person:${person.id}`],
  );
  return found.rows.map(({ action }) => action);
}

describe('a cookie', () => {
  test('is out of reach of scripts and of other sites, and opens the desk', async () => {
    const visitor = new Visitor(web.address);
    const answer = await visitor.signIn((await somebody()).email, PASSWORD);
    const line = answer.headers.getSetCookie().find((each) => each.startsWith('jiansheng.session_token='));
    expect(line).toMatch(/; HttpOnly/iu);
    expect(line).toMatch(/; SameSite=Lax/iu);
    expect((await visitor.get('/sources')).status).toBe(200);
  });

  test('that was played again after signing out opens nothing', async () => {
    const visitor = await signedIn(await somebody());
    const replayed = visitor.copy();
    await visitor.post('/sign-out', {});
    expect(visitor.session).toBeUndefined();
    expect((await replayed.get('/sources')).location).toBe(toSignIn('/sources'));
  });

  test('that was played again after the password was changed opens nothing', async () => {
    const visitor = await signedIn(await somebody());
    const replayed = visitor.copy();
    const next = '青石-Test-4711';
    const changed = await visitor.post('/account/password', { current: PASSWORD, next, repeat: next });
    expect(changed.text).toContain(messages.password.changed);
    expect((await replayed.get('/sources')).location).toBe(toSignIn('/sources'));
    expect((await visitor.get('/sources')).status).toBe(200);
  });

  test('that stood there before signing in is worth nothing afterwards', async () => {
    const attacker = await signedIn(await somebody());
    const victim = attacker.copy();
    await victim.signIn((await somebody()).email, PASSWORD);
    expect(victim.session).not.toBe(attacker.session);
    await attacker.post('/sign-out', {});
    expect((await victim.get('/sources')).status).toBe(200);

    const planted = new Visitor(web.address);
    planted.session = 'a-token-that-somebody-chose';
    const other = planted.copy();
    await other.signIn((await somebody()).email, PASSWORD);
    expect((await planted.get('/sources')).location).toBe(toSignIn('/sources'));
  });

  test('that somebody signed themselves, or cut, opens nothing', async () => {
    const visitor = await signedIn(await somebody());
    const good = visitor.session ?? '';
    const [token = ''] = good.split('.');
    for (const forged of [token, `${token}.${'A'.repeat(43)}%3D`, good.slice(0, -6), '%00', '.']) {
      const forger = new Visitor(web.address);
      forger.session = forged;
      expect((await forger.get('/sources')).location).toBe(toSignIn('/sources'));
    }
  });

  test('that turns up in another browser is ended for both, with one entry in the log', async () => {
    const person = await somebody();
    const visitor = await signedIn(person);
    const thief = visitor.copy({ device: FIREFOX });
    const answers = await Promise.all(Array.from({ length: 5 }, () => thief.get('/sources')));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303, 303]);
    expect(answers.some(({ location }) => location === toSignIn('/sources', 'elsewhere'))).toBe(true);
    expect((await visitor.get('/sources')).location).toBe(toSignIn('/sources'));
    expect((await actionsOf(person)).filter((action) => action === 'session-stolen')).toHaveLength(1);
    expect((await visitor.get('/sign-in?ended=elsewhere')).text).toContain(signInMessages.ended.elsewhere);
  });

  test('goes on when the browser is updated, or the address changes', async () => {
    const visitor = await signedIn(await somebody());
    visitor.device = CHROME.replace('139', '140');
    visitor.place = OUTSIDE;
    expect((await visitor.get('/sources')).status).toBe(200);
  });

  test('of an administrator is bound to the address too', async () => {
    const administrator = await somebody('audit-administrator');
    const visitor = await signedIn(administrator);
    expect((await visitor.get('/account')).status).toBe(200);
    visitor.place = '10.0.0.2';
    expect((await visitor.get('/account')).location).toBe(toSignIn('/account', 'elsewhere'));
    expect(await actionsOf(administrator)).toContain('session-stolen');
  });
});

describe('a session', () => {
  const shift = (person: { id: string }, minutes: number) =>
    engines.store.query(
      `update sessions set last_seen_at = last_seen_at - $2 * interval '1 minute' where person_id = $1`,
      [person.id, minutes],
    );
  const lastSeen = async (person: { id: string }) => {
    const found = await engines.store.query<{ at: Date }>(
      'select last_seen_at as at from sessions where person_id = $1',
      [person.id],
    );
    return found.rows[0]?.at.getTime() ?? 0;
  };

  test('that nobody used is over, and who comes back is told why', async () => {
    const person = await somebody();
    const visitor = await signedIn(person);
    await shift(person, 31);
    const answer = await visitor.get('/releases?page=2');
    expect(answer.location).toBe(toSignIn('/releases?page=2', 'idle'));
    expect((await visitor.get(answer.location ?? '')).text).toContain(signInMessages.ended.idle);
    expect((await visitor.get('/releases')).location).toBe(toSignIn('/releases'));
  });

  test('is kept alive by using it, noted once a minute, and not by a page that stands open', async () => {
    const person = await somebody();
    const visitor = await signedIn(person);
    const before = await lastSeen(person);
    await visitor.get('/sources');
    expect(await lastSeen(person)).toBe(before);
    await shift(person, 20);
    const live = new AbortController();
    const stream = await fetch(`${web.address}/api/live`, {
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
  });

  test('is over for programs too, with words and not with a page', async () => {
    const person = await somebody();
    const visitor = await signedIn(person);
    await shift(person, 31);
    expect(await visitor.get('/api/live')).toMatchObject({ status: 401 });
  });

  test('loses what its person may no longer do, with the next request', async () => {
    const person = await somebody();
    const visitor = await signedIn(person);
    expect((await visitor.get('/sources')).status).toBe(200);
    await engines.store.query('update role_grants set revoked_at = now() where person_id = $1', [person.id]);
    expect((await visitor.get('/sources')).status).toBe(403);
    expect((await visitor.get('/account')).status).toBe(200);
  });

  test('follows its person to another office with the next request', async () => {
    const [there, source] = [
      await makeOffice(engines.store, 'elsewhere', 'provincial'),
      'name of the old office',
    ];
    await engines.store.query(
      `insert into releases (office_id, title, body, created_by) values ($1, $2, '正文', $3)`,
      [engines.officeId, source, (await somebody()).id],
    );
    const person = await somebody();
    const visitor = await signedIn(person);
    expect((await visitor.get('/releases')).text).toContain(source);
    await engines.store.query('update people set office_id = $2 where id = $1', [person.id, there]);
    await engines.store.query('update role_grants set office_id = $2 where person_id = $1', [
      person.id,
      there,
    ]);
    const after = await visitor.get('/releases');
    expect(after.status).toBe(200);
    expect(after.text).not.toContain(source);
  });

  test('of somebody who has left is over with the next request', async () => {
    const person = await somebody();
    const visitor = await signedIn(person);
    await engines.store.query('update people set disabled_at = now() where id = $1', [person.id]);
    expect((await visitor.get('/sources')).location).toBe(toSignIn('/sources'));
    await engines.store.query('update people set disabled_at = null where id = $1', [person.id]);
    expect((await visitor.get('/sources')).location).toBe(toSignIn('/sources'));
  });

  test('with a password that is too old leads to changing it, and nowhere else', async () => {
    const person = await somebody();
    const visitor = await signedIn(person);
    await engines.store.query(
      `update credentials set password_at = now() - interval '91 days' where person_id = $1`,
      [person.id],
    );
    expect((await visitor.get('/sources')).location).toBe('/account/password');
    expect((await visitor.get('/api/live')).status).toBe(403);
    expect((await visitor.get('/account/password')).text).toContain(messages.password.aged);
  });

  test('of somebody who has become an administrator ends where administrators may not be, and it is logged', async () => {
    const person = await somebody(null);
    const visitor = await signedIn(person, { place: OUTSIDE });
    expect((await visitor.get('/account')).status).toBe(200);
    await engines.store.query(
      `insert into role_grants (office_id, person_id, role, kind, granted_by) values ($1, $2, 'system-administrator', 'holder', 'test')`,
      [engines.officeId, person.id],
    );
    const refused = await visitor.get('/account');
    expect(refused.status).toBe(403);
    expect(refused.text).toContain(OUTSIDE);
    expect((await visitor.get('/account')).location).toBe(toSignIn('/account'));
    expect((await actionsOf(person)).filter((action) => action === 'session-refuse')).toHaveLength(1);
    const again = await visitor.signIn(person.email, PASSWORD);
    expect(again.status).toBe(403);
    expect(again.text).toContain(signInMessages.notHere);
  });

  test('beside others is shown to who has just signed in, once', async () => {
    const person = await somebody();
    await signedIn(person);
    const second = await signedIn(person, { device: FIREFOX });
    expect((await second.get('/sources')).text).toContain(signInMessages.others.some(1));
    expect((await second.get('/sources')).text).not.toContain(signInMessages.others.some(1));
    expect((await second.get('/account/sessions')).text).toContain('Chrome · Windows');
  });
});

describe('the form', () => {
  test('with a password of a megabyte is refused at once, and says so', async () => {
    const { email } = await somebody();
    const since = Date.now();
    const answer = await new Visitor(web.address).signIn(email, 'x'.repeat(1_000_000));
    expect(Date.now() - since).toBeLessThan(2_000);
    expect([400, 413]).toContain(answer.status);
    expect((await new Visitor(web.address).signIn(email, PASSWORD)).status).toBe(303);
  });

  test.each(['a\0b@example.com', '\ud800@example.com', '"><script>@example.com', '\u202e@example.com'])(
    'with an odd account is refused as with any other (%#)',
    async (email) => {
      const answer = await new Visitor(web.address, { place: '10.7.0.1' }).signIn(email, 'Whatever-1');
      expect(answer.status).toBe(401);
      expect(answer.text).not.toContain('<script>@');
    },
  );

  test('takes the account as a Chinese input method types it', async () => {
    const { email } = await somebody();
    const wide = email.replace('@', '＠').replace('.', '．').toUpperCase();
    expect((await new Visitor(web.address).signIn(` ${wide} `, PASSWORD)).status).toBe(303);
  });

  test('says after too many tries how long to wait, also to programs', async () => {
    const { email } = await somebody();
    const visitor = new Visitor(web.address, { place: '10.6.0.1' });
    for (let i = 0; i < 5; i++) expect((await visitor.signIn(email, `guess-${i}`)).status).toBe(401);
    const answer = await visitor.signIn(email, PASSWORD);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(29 * 60);
    expect(answer.text).toContain(messages.signIn.wait(30));
  });

  test('believes of the address only what the known proxy says', async () => {
    const { email } = await somebody();
    for (let i = 0; i < 5; i++) {
      // What the client itself has written stands on the left.
      await new Visitor(web.address, { place: `10.5.0.${i}, 10.5.9.9` }).signIn(email, `guess-${i}`);
    }
    const answer = await new Visitor(web.address, { place: '10.5.0.99, 10.5.9.9' }).signIn(email, PASSWORD);
    expect(answer.status).toBe(429);
  });

  test('sent from another site is refused', async () => {
    const answer = await fetch(`${web.address}/sign-in`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams({ email: (await somebody()).email, password: PASSWORD }),
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });
});

describe('an invitation', () => {
  const words = signInMessages.invitation;
  const next = '青石-Test-4711';

  async function link(person: { id: string }): Promise<string> {
    const by = { ...self('the-administrator', engines.officeId), role: 'system-administrator' as const };
    return (await invite({ db: identity, settings }, by, person.id))?.path ?? '';
  }

  test('asks for a password by the rules, then signs in', async () => {
    const person = await somebody();
    const path = await link(person);
    const visitor = new Visitor(web.address);
    expect((await visitor.get(path)).text).toContain(person.email);
    const weak = await visitor.post(path, { next: 'weak', repeat: 'weak' });
    expect(weak.status).toBe(400);
    expect(weak.text).toContain(messages.password.tooShort);
    expect((await visitor.post(path, { next, repeat: next })).location).toBe('/');
    expect((await visitor.get('/sources')).status).toBe(200);
    expect((await new Visitor(web.address).get(path)).text).toContain(words.over.used.text);
  });

  test('posted twice at once lets one in', async () => {
    const path = await link(await somebody());
    const posts = await Promise.all(
      [1, 2].map(() => new Visitor(web.address).post(path, { next, repeat: next })),
    );
    expect(posts.map(({ status }) => status).sort()).toEqual([303, 410]);
  });

  test('of somebody else is not taken by who is signed in', async () => {
    const person = await somebody();
    const path = await link(person);
    const other = await signedIn(await somebody());
    expect((await other.get(path)).text).toContain(words.signOut);
    expect((await other.post(path, { next, repeat: next })).status).toBe(409);
    expect((await new Visitor(web.address).post(path, { next, repeat: next })).status).toBe(303);
  });

  test.each(['/invitation/nonsense', '/invitation/%00', `/invitation/${'a'.repeat(3000)}`])(
    'that is none says so, and what to do (%#)',
    async (path) => {
      const answer = await new Visitor(web.address).get(path);
      expect(answer.text).toContain(words.over.unknown.text);
      expect((await new Visitor(web.address).post(path, { next, repeat: next })).status).toBe(410);
    },
  );
});

describe('the security administrator', () => {
  test('sees and ends sessions of people in reach, releases locks, and reaches nobody else', async () => {
    const administrator = await signedIn(await somebody('security-administrator'));
    const person = await somebody();
    const visitor = await signedIn(person);
    const page = `/manage/sessions/${person.id}`;
    expect((await administrator.get(page)).text).toContain('Chrome · Windows');
    const ended = await administrator.post(`${page}?/endAll`, {});
    expect(ended.text).toContain(signInMessages.sessions.endedMany(1));
    expect((await visitor.get('/sources')).location).toBe(toSignIn('/sources'));

    const guesser = new Visitor(web.address, { place: '10.4.0.1' });
    for (let i = 0; i < 6; i++) await guesser.signIn(person.email, 'guess');
    expect((await administrator.get('/manage/sessions')).text).toContain('10.4.0.1');
    await administrator.post(`${page}?/release`, {});
    expect((await guesser.signIn(person.email, PASSWORD)).status).toBe(303);

    const far = await somebody('press-officer', await makeOffice(engines.store, 'far', 'provincial'));
    const locked = new Visitor(web.address, { place: '10.4.0.2' });
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
