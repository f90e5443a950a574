import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OidcClient, type OidcAnswer } from '../../web/lib/server/identity/oidc-client.ts';
import { startOidcSimulator, type OidcFault, type OidcSimulator } from '../simulators/oidc.ts';

const RETURN = 'http://localhost:4700/sign-in/oidc/callback';

let provider: OidcSimulator;
beforeAll(async () => {
  provider = await startOidcSimulator();
});
afterAll(() => provider.close());
beforeEach(() => {
  provider.fault = null;
  provider.emailOnlyInUserinfo = false;
  provider.user = { sub: 'user-1', email: 'A@Desk.example', email_verified: true };
});

function client(strongAcr: string[] = []): OidcClient {
  return new OidcClient({
    issuer: provider.issuer,
    clientId: provider.clientId,
    clientSecret: provider.clientSecret,
    redirectUri: RETURN,
    strongAcr,
    timeoutSeconds: 1,
  });
}

/** Goes to the provider and comes back, as the browser would. */
async function signOn(hub = client()): Promise<OidcAnswer> {
  const { url, begun } = await hub.begin();
  const sent = await fetch(url, { redirect: 'manual' });
  const back = new URL(sent.headers.get('location') ?? '');
  expect(back.href.startsWith(RETURN)).toBe(true);
  return hub.finish(back.searchParams, { ...begun, boundTo: '', returnPath: '/' });
}

const failure = async (fault: OidcFault) => {
  provider.fault = fault;
  const answer = await signOn();
  return 'failure' in answer ? answer.failure : answer.account;
};

describe('signing on at a provider', () => {
  test('gives issuer, subject and e-mail', async () => {
    expect(await signOn()).toEqual({
      account: {
        issuer: provider.issuer,
        subject: 'user-1',
        email: 'a@desk.example',
        emailVerified: true,
        strong: false,
      },
    });
  });

  test('asks userinfo for an e-mail that the id_token leaves out', async () => {
    provider.emailOnlyInUserinfo = true;
    expect(await signOn()).toMatchObject({ account: { email: 'a@desk.example', emailVerified: true } });
    expect(await failure('wrong-subject')).toBe('invalid');
  });

  test('without an e-mail has none, and one that is not said to be verified is not', async () => {
    provider.user = { sub: 'user-1' };
    expect(await signOn()).toMatchObject({ account: { email: null, emailVerified: false } });
    provider.user = { sub: 'user-1', email: 'a@desk.example' };
    expect(await signOn()).toMatchObject({ account: { emailVerified: false } });
  });

  test('counts as more than a password when the provider says so', async () => {
    const strong = async (change: { amr?: string[]; acr?: string }, hub = client()) => {
      provider.user = { ...provider.user, ...change };
      const answer = await signOn(hub);
      return 'account' in answer && answer.account.strong;
    };
    expect(await strong({ amr: ['pwd'] })).toBe(false);
    expect(await strong({ amr: ['pwd', 'otp'] })).toBe(true);
    expect(await strong({ amr: ['mfa'] })).toBe(true);
    expect(await strong({ amr: [], acr: 'urn:two' })).toBe(false);
    expect(await strong({ amr: [], acr: 'urn:two' }, client(['urn:two']))).toBe(true);
  });
});

describe('an answer of the provider', () => {
  test.each<OidcFault>([
    'wrong-nonce',
    'wrong-signature',
    'expired',
    'wrong-audience',
    'wrong-issuer',
    'wrong-state',
    'replayed-code',
    'no-id-token',
  ])('with a fault is not trusted: %s', async (fault) => {
    expect(await failure(fault)).toBe('invalid');
  });

  test.each<OidcFault>(['token-500', 'token-slow'])(
    'that does not come may come later: %s',
    async (fault) => {
      expect(await failure(fault)).toBe('unreachable');
    },
  );

  test('that says no is no', async () => {
    expect(await failure('denied')).toBe('denied');
  });

  test('cannot be used a second time', async () => {
    const hub = client();
    const { url, begun } = await hub.begin();
    const sent = await fetch(url, { redirect: 'manual' });
    const { searchParams } = new URL(sent.headers.get('location') ?? '');
    const state = { ...begun, boundTo: '', returnPath: '/' };
    expect(await hub.finish(searchParams, state)).toHaveProperty('account');
    expect(await hub.finish(searchParams, state)).toMatchObject({ failure: 'invalid' });
  });

  test('of one sign-on does not fit another', async () => {
    const hub = client();
    const mine = await hub.begin();
    const other = await hub.begin();
    const sent = await fetch(other.url, { redirect: 'manual' });
    const { searchParams } = new URL(sent.headers.get('location') ?? '');
    searchParams.set('state', mine.begun.state);
    expect(await hub.finish(searchParams, { ...mine.begun, boundTo: '', returnPath: '/' })).toMatchObject({
      failure: 'invalid',
    });
  });
});

test('a provider that is down is found out at the beginning, and asked again the next time', async () => {
  const hub = client();
  provider.fault = 'discovery-500';
  await expect(hub.begin()).rejects.toThrow();
  provider.fault = null;
  expect(await signOn(hub)).toHaveProperty('account');
});
