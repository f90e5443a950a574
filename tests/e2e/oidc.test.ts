import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { drawKey } from '../../config/keys.ts';
import { openStore } from '../../store/pool.ts';
import { messages } from '../../web/lib/messages.ts';
import { factorMessages } from '../../web/lib/messages/factors.ts';
import { PATIENCE_MS } from '../support/browser.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import { newFolder } from '../support/engines.ts';
import { runCli, type TestHub } from '../support/hub.ts';
import { startOidcSimulator, type OidcSimulator } from '../simulators/oidc.ts';

const words = factorMessages.oidc;
const OFFICER = 'officer@desk.example';
const AUDITOR = 'auditor@desk.example';
const BUTTON = words.signIn('统一认证');

let folder: string;
let config: string;
let provider: OidcSimulator;
let desk: TestDesk;
let hub: TestHub;
let room: BrowserContext;
let page: Page;

beforeAll(async () => {
  folder = newFolder();
  provider = await startOidcSimulator();
  config = join(folder, 'hub.yaml');
  const { issuer, clientId, clientSecret } = provider;
  writeFileSync(
    config,
    stringify({
      office: { code: 'oidc-1', name: '云州市人民检察院', level: 'municipal' },
      administrators: { audit: { email: AUDITOR } },
      people: [{ email: OFFICER, name: '宣传岗', roles: ['press-officer', 'leader'] }],
      signIn: { oidc: { issuer, clientId, name: '统一认证' } },
    }),
  );
  const secret = { JIANSHENG_OIDC_SECRET: clientSecret };
  desk = await startDesk(folder, config, secret);
  ({ hub } = desk);
  // As somebody who was invited and never needed a password.
  const store = openStore(hub.runtime.identityUrl, 'test', { settings: ['jiansheng.every=on'] });
  await store.query('update people set must_change_password = false');
  await store.query('delete from credentials');
  await store.end();
});
afterAll(async () => {
  await desk?.stop();
  await provider?.close();
});
beforeEach(async () => {
  await room?.close();
  room = await desk.browser.newContext({ locale: 'zh-CN' });
  room.setDefaultTimeout(PATIENCE_MS);
  page = await room.newPage();
  provider.fault = null;
  provider.user = { sub: 'officer', email: OFFICER, email_verified: true };
});

async function signOn(to = '/'): Promise<void> {
  await page.goto(`${hub.address}/sign-in?to=${encodeURIComponent(to)}`, { waitUntil: 'load' });
  await page.getByRole('link', { name: BUTTON }).click();
}

test('somebody who was invited signs on and comes to the page that was asked for', async () => {
  await signOn('/releases');
  await page.waitForURL(`${hub.address}/releases`);
  await page.getByRole('heading', { name: messages.releases.title }).waitFor();
});

test('a provider that has asked for a second factor has asked for ours as well', async () => {
  provider.user = { sub: 'auditor', email: AUDITOR, email_verified: true };
  await signOn('/account');
  await page.waitForURL(`${hub.address}/account/factors`);
  await page.getByText(factorMessages.page.needed).waitFor();
  await room.clearCookies();
  provider.user.amr = ['pwd', 'mfa'];
  await signOn('/account');
  await page.waitForURL(`${hub.address}/account`);
});

test('somebody whom nobody has invited is told whom to ask', async () => {
  provider.user = { sub: 'stranger', email: 'stranger@desk.example', email_verified: true };
  await signOn();
  await page.getByText(words.refused.unknown).waitFor();
  await page.goto(`${hub.address}/releases`);
  expect(new URL(page.url()).pathname).toBe('/sign-in');
});

test.each([
  ['denied', words.refused.denied],
  ['wrong-signature', words.refused.invalid],
  ['wrong-nonce', words.refused.invalid],
  ['token-500', words.refused.unreachable],
  ['wrong-state', words.refused.expired],
] as const)('when it goes wrong (%s), the page says what to do', async (fault, text) => {
  provider.fault = fault;
  await signOn();
  await page.getByText(text).waitFor();
  // And the next try is a new one.
  provider.fault = null;
  await page.getByRole('link', { name: BUTTON }).click();
  await page.waitForURL(`${hub.address}/`);
});

test('a return that was overheard opens nothing, here or in another browser', async () => {
  let back = '';
  page.on('request', (request) => {
    if (request.url().includes('/sign-in/oidc/callback')) back = request.url();
  });
  await signOn();
  await page.waitForURL(`${hub.address}/`);
  const thief = await desk.browser.newContext({ locale: 'zh-CN' });
  for (const who of [await thief.newPage(), page]) {
    await room.clearCookies();
    await who.goto(back);
    await who.getByText(words.refused.expired).waitFor();
  }
  await thief.close();
});

test('a hub that knows the provider and not its own secret there does not start', async () => {
  const { code, err } = await runCli(['start', '--config', config], {
    JIANSHENG_DATA: join(folder, 'other'),
    JIANSHENG_KEY: drawKey(),
  });
  expect(code).toBe(1);
  expect(err).toContain('JIANSHENG_OIDC_SECRET');
});
