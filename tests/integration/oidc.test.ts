import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Visit } from '../../web/lib/server/identity/direct.ts';
import { resetFactors } from '../../web/lib/server/identity/enrolment.ts';
import type { Self } from '../../web/lib/server/identity/ground.ts';
import { OidcClient } from '../../web/lib/server/identity/oidc-client.ts';
import { beginOidc, finishOidc, type OidcReturn } from '../../web/lib/server/identity/oidc.ts';
import { startFactorBench, type FactorBench } from '../support/factors.ts';
import { startOidcSimulator, type OidcFault, type OidcSimulator } from '../simulators/oidc.ts';

const BROWSER = 'browser-1';

let bench: FactorBench;
let provider: OidcSimulator;
let client: OidcClient;
let visit: Visit;
beforeAll(async () => {
  [bench, provider] = await Promise.all([startFactorBench(), startOidcSimulator()]);
  const { issuer, clientId, clientSecret } = provider;
  const redirectUri = 'http://localhost:4700/sign-in/oidc/callback';
  client = new OidcClient({ issuer, clientId, clientSecret, redirectUri, strongAcr: [], timeoutSeconds: 1 });
  const settings = bench.engines.runtime().hub.signIn;
  visit = { arrival: { place: '10.0.0.1', device: 'Chrome · Linux' }, settings };
});
afterAll(async () => {
  await provider?.close();
  await bench?.stop();
});
beforeEach(() => {
  provider.fault = null;
});

/** Goes to the provider. @returns what it sends the browser back with */
async function leave(browser = BROWSER): Promise<URLSearchParams> {
  const begun = await beginOidc(bench.ground, client, browser, '/search?q=a');
  if (!('url' in begun)) throw begun.cause;
  const sent = await fetch(begun.url, { redirect: 'manual' });
  return new URL(sent.headers.get('location') ?? '').searchParams;
}

const comeBack = (query: URLSearchParams, browser = BROWSER) =>
  finishOidc(bench.ground, client, browser, query, visit);

async function signOn(user: Partial<OidcSimulator['user']>): Promise<OidcReturn> {
  provider.user = { sub: 'user-1', email_verified: true, ...user };
  return comeBack(await leave());
}

const why = (back: OidcReturn) => (back.outcome === 'refused' ? back.why : back.outcome);

async function peopleAndSessions(): Promise<unknown> {
  const found = await bench.engines.store.query(
    'select (select count(*) from people) as people, (select count(*) from sessions) as sessions',
  );
  return found.rows[0];
}

describe('somebody whom the provider names', () => {
  test('is found by a verified e-mail the first time, and by the account from then on', async () => {
    const self = await bench.somebody();
    const first = await signOn({ sub: 'known', email: self.email.toUpperCase() });
    expect(first).toMatchObject({ outcome: 'in', to: '/search?q=a' });
    expect(await signOn({ sub: 'known', email: 'another@elsewhere.example' })).toMatchObject({
      outcome: 'in',
    });
    expect(await signOn({ sub: 'known' })).toMatchObject({ outcome: 'in' });
    expect(await bench.auditOf(self)).toEqual([
      'oidc-link',
      'sign-in signed-in',
      'sign-in signed-in',
      'sign-in signed-in',
    ]);
  });

  test('gives no second factor, unless the provider has asked for one', async () => {
    const self = await bench.somebody('signatory');
    const factor = async (user: Partial<OidcSimulator['user']>) => {
      const back = await signOn({ sub: 'strong', email: self.email, ...user });
      const found = await bench.engines.store.query<{ factor: string | null }>(
        'select factor from sessions where token = $1',
        ['token' in back ? back.token : ''],
      );
      return found.rows[0]?.factor;
    };
    expect(await factor({})).toBeNull();
    expect(await factor({ amr: ['pwd'] })).toBeNull();
    expect(await factor({ amr: ['pwd', 'otp'] })).toBe('oidc');
  });

  test.each([
    ['is unknown', { sub: 'a', email: 'nobody@desk.example' }, 'unknown'],
    ['has no e-mail', { sub: 'b' }, 'unknown'],
  ])('and who %s here is not let in, and not made', async (_, user, expected) => {
    const before = await peopleAndSessions();
    expect(why(await signOn(user))).toBe(expected);
    expect(await peopleAndSessions()).toEqual(before);
  });

  test('with an e-mail that is not verified is nobody', async () => {
    const { email } = await bench.somebody();
    expect(why(await signOn({ sub: 'c', email, email_verified: false }))).toBe('unverified');
    provider.user = { sub: 'c', email };
    expect(why(await comeBack(await leave()))).toBe('unverified');
  });

  test('cannot take over a person who is linked to another account', async () => {
    const self = await bench.somebody();
    expect(why(await signOn({ sub: 'first', email: self.email }))).toBe('in');
    expect(why(await signOn({ sub: 'second', email: self.email }))).toBe('linked');
    const administrator = (await bench.somebody('security-administrator')).actor;
    await resetFactors(bench.ground, administrator, self.actor.id);
    expect(why(await signOn({ sub: 'second', email: self.email }))).toBe('in');
    expect(why(await signOn({ sub: 'first', email: self.email }))).toBe('linked');
  });

  test('and who has left is not let in', async () => {
    const self = await bench.somebody();
    expect(why(await signOn({ sub: 'leaver', email: self.email }))).toBe('in');
    await bench.engines.store.query('update people set disabled_at = now() where id = $1', [self.actor.id]);
    expect(why(await signOn({ sub: 'leaver', email: self.email }))).toBe('unknown');
  });

  test('is held to where administrators may come from', async () => {
    const self = await bench.somebody('audit-administrator');
    const before = visit;
    visit = { ...visit, settings: { ...visit.settings, administratorAddresses: ['192.0.2.0/24'] } };
    expect(why(await signOn({ sub: 'far', email: self.email }))).toBe('not-here');
    visit = before;
  });
});

describe('a return from the provider', () => {
  let self: Self;
  beforeAll(async () => {
    self = await bench.somebody();
  });
  const user = () => ({ sub: 'returns', email: self.email });

  test('opens nothing a second time', async () => {
    provider.user = { ...user(), email_verified: true };
    const query = await leave();
    expect(why(await comeBack(query))).toBe('in');
    expect(why(await comeBack(query))).toBe('expired');
    const again = await leave();
    const answers = await Promise.all([1, 2, 3].map(() => comeBack(again)));
    expect(answers.map(why).sort()).toEqual(['expired', 'expired', 'in']);
  });

  test('opens nothing in another browser, and without a mark of the browser', async () => {
    provider.user = { ...user(), email_verified: true };
    expect(why(await comeBack(await leave('browser-1'), 'browser-2'))).toBe('expired');
    expect(why(await comeBack(await leave('browser-1'), ''))).toBe('expired');
  });

  test('opens nothing when it comes too late', async () => {
    const query = await leave();
    await bench.engines.store.query(`update oidc_states set expires_at = now() - interval '1 second'`);
    expect(why(await comeBack(query))).toBe('expired');
  });

  test('that nobody has begun opens nothing', async () => {
    expect(why(await comeBack(new URLSearchParams({ state: 'made-up', code: 'x' })))).toBe('expired');
    expect(why(await comeBack(new URLSearchParams()))).toBe('expired');
  });

  test.each<[OidcFault, string]>([
    ['wrong-nonce', 'invalid'],
    ['wrong-signature', 'invalid'],
    ['expired', 'invalid'],
    ['wrong-audience', 'invalid'],
    ['wrong-issuer', 'invalid'],
    ['replayed-code', 'invalid'],
    ['no-id-token', 'invalid'],
    ['wrong-state', 'expired'],
    ['denied', 'denied'],
    ['token-500', 'unreachable'],
    ['token-slow', 'unreachable'],
  ])('with the fault %s is refused: %s', async (fault, expected) => {
    const before = await peopleAndSessions();
    provider.fault = fault;
    expect(why(await signOn(user()))).toBe(expected);
    expect(await peopleAndSessions()).toEqual(before);
  });
});

test('a provider that is down keeps nobody waiting at the door', async () => {
  provider.fault = 'discovery-500';
  const { issuer, clientId, clientSecret } = provider;
  const fresh = new OidcClient({
    ...{ issuer, clientId, clientSecret, redirectUri: 'http://localhost:4700/x' },
    strongAcr: [],
    timeoutSeconds: 1,
  });
  expect(await beginOidc(bench.ground, fresh, BROWSER, '/')).toMatchObject({ failure: 'unreachable' });
});
