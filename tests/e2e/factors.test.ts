import type { CDPSession, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../store/pool.ts';
import { messages } from '../../web/lib/messages.ts';
import { factorMessages } from '../../web/lib/messages/factors.ts';
import { fillSignIn, firstSignIn, NEW_PASSWORD, OFFICER, PATIENCE_MS } from '../support/browser.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import type { TestHub } from '../support/hub.ts';
import { letTotpStepsPass, totpCode } from '../support/totp.ts';

const words = factorMessages;

let desk: TestDesk;
let hub: TestHub;
let page: Page;
let devtools: CDPSession;
let secret = '';
let codes: string[] = [];

beforeAll(async () => {
  desk = await startDesk();
  ({ hub, page } = desk);
  devtools = await desk.context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
});
afterAll(() => desk?.stop());

const go = (path: string) => page.goto(`${hub.address}${path}`, { waitUntil: 'load' });
const path = () => new URL(page.url()).pathname;
const hydrated = () => page.locator('[data-hydrated="true"]').waitFor();

/** A phone or a laptop that unlocks passkeys by finger; its owner always agrees. */
async function addAuthenticator(): Promise<string> {
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return authenticatorId;
}

async function signOut(): Promise<void> {
  await go('/account');
  await page.getByRole('main').getByRole('button', { name: messages.account.signOut }).click();
  await page.waitForURL('**/sign-in?out');
}

async function givePassword(): Promise<void> {
  await fillSignIn(page, OFFICER, NEW_PASSWORD);
  await page.waitForURL('**/sign-in/second**');
}

/** Sets an app up, with a slip of the finger. @returns its secret */
async function enrolTotp(page: Page): Promise<string> {
  const { totp } = words.page;
  await hydrated();
  await page.getByRole('button', { name: totp.begin }).click();
  await page.getByRole('img', { name: totp.qr }).waitFor();
  const shown = (await page.locator('[data-totp-secret]').textContent()) ?? '';
  await page.getByLabel(totp.confirm).fill('000000');
  await page.getByRole('button', { name: totp.submit, exact: true }).click();
  await page.getByText(words.refused.wrong).waitFor();
  expect(await page.locator('[data-totp-secret]').textContent()).toBe(shown);
  await page.getByLabel(totp.confirm).fill(totpCode(shown));
  await page.getByRole('button', { name: totp.submit, exact: true }).click();
  await page.getByText(totp.done).waitFor();
  return shown;
}

/** What a script of the page is answered; 0: a redirect. */
async function ask(path: string, method: 'GET' | 'POST'): Promise<number> {
  return page.evaluate(
    async ([url = '', method = '']) => (await fetch(url, { method, redirect: 'manual' })).status,
    [path, method],
  );
}

async function typeCode(code: string): Promise<void> {
  await page.getByLabel(words.second.code).fill(code);
  await page.getByRole('button', { name: words.second.submit, exact: true }).click();
}

describe('an authenticator app', () => {
  test('is set up with the secret that the page shows, and brings recovery codes', async () => {
    await firstSignIn(page, hub);
    await go('/account/factors');
    secret = await enrolTotp(page);
    codes = await page.locator('[data-recovery-code]').allTextContents();
    expect(codes).toHaveLength(10);
  });

  test('is asked for after the password, and nothing else is open before', async () => {
    await signOut();
    await go('/sources');
    await givePassword();
    for (const wanted of ['/', '/account/factors', '/account/password', '/search?q=a']) {
      await go(wanted);
      expect(path()).toBe('/sign-in/second');
    }
    expect(await ask('/api/live', 'GET')).toBe(403);
    expect(await ask('/account/factors/passkey/options', 'POST')).toBe(0);
  });

  test('refuses a wrong code, takes a right one, and goes on to the page that was asked for', async () => {
    await go('/sources');
    await typeCode('000000');
    await page.getByText(words.refused.wrong).waitFor();
    await letTotpStepsPass(hub.runtime.identityUrl);
    const before = (await desk.context.cookies()).find(({ name }) => name.includes('session'))?.value;
    await typeCode(totpCode(secret));
    await page.waitForURL(`${hub.address}/sources`);
    // The cookie from before the code is worthless now.
    const after = (await desk.context.cookies()).find(({ name }) => name.includes('session'));
    expect(after?.value).not.toBe(before);
    // From the same browser: a cookie that turns up in another one is worthless anyway.
    const agent = await page.evaluate(() => navigator.userAgent);
    const old = await fetch(`${hub.address}/sources`, {
      headers: { cookie: `${after?.name}=${before}`, 'user-agent': agent },
      redirect: 'manual',
    });
    expect(old.headers.get('location')).toContain('/sign-in');
  });

  test('that is not at hand is stood in for by a recovery code, once', async () => {
    const byRecovery = async (code: string) => {
      await page.getByText(words.second.recovery).click();
      await page.getByLabel(words.second.recoveryCode).fill(code);
      await page.getByRole('button', { name: words.second.recoverySubmit }).click();
    };
    await signOut();
    await givePassword();
    await byRecovery(codes[0] ?? '');
    await page.waitForURL('**/account/factors?recovered');
    await page.getByText(words.page.recovered(9)).waitFor();
    await signOut();
    await givePassword();
    await byRecovery(codes[0] ?? '');
    await page.getByText(words.refused.wrongRecovery).waitFor();
    await letTotpStepsPass(hub.runtime.identityUrl);
    await typeCode(totpCode(secret));
    await page.waitForURL(`${hub.address}/`);
  });
});

describe('a passkey', () => {
  test('is made, named, and listed', async () => {
    await addAuthenticator();
    await go('/account/factors');
    await hydrated();
    await page.getByLabel(words.page.passkeys.name).fill('办公电脑');
    await page.getByRole('button', { name: words.page.passkeys.add }).click();
    await page.getByText(words.page.passkeys.done).waitFor();
    await page.getByText('办公电脑', { exact: true }).waitFor();
  });

  test('signs in by itself, without password and code', async () => {
    await signOut();
    await go('/sign-in?to=%2Fsources');
    await page.getByRole('button', { name: words.passkey.signIn }).click();
    await page.waitForURL(`${hub.address}/sources`);
  });

  test('is a second factor too', async () => {
    await signOut();
    await givePassword();
    await page.getByRole('button', { name: words.second.passkey }).click();
    await page.waitForURL(`${hub.address}/`);
  });

  test('is there as well for whoever types the number of this machine', async () => {
    const { port } = new URL(hub.address);
    const answer = await fetch(`http://127.0.0.1:${port}/sign-in?to=%2Fsources`, { redirect: 'manual' });
    expect(answer.headers.get('location')).toBe(`${hub.address}/sign-in?to=%2Fsources`);
  });

  test('that the browser does not have says so', async () => {
    await signOut();
    await devtools.send('WebAuthn.disable');
    await devtools.send('WebAuthn.enable');
    await addAuthenticator();
    await page.reload();
    await page.getByRole('button', { name: words.passkey.signIn }).click();
    await page.getByText(words.passkey.cancelled).waitFor({ timeout: 90_000 });
  });

  test('is removed after a question', async () => {
    await givePassword();
    await letTotpStepsPass(hub.runtime.identityUrl);
    await typeCode(totpCode(secret));
    await page.waitForURL(`${hub.address}/`);
    await go('/account/factors');
    await hydrated();
    await page.getByRole('button', { name: words.page.passkeys.remove }).first().click();
    await page.getByRole('alertdialog').getByRole('button', { name: words.page.passkeys.remove }).click();
    await page.getByText(words.page.passkeys.removed).waitFor();
  });
});

describe('a session that was left open', () => {
  const add = () => page.getByRole('button', { name: words.page.passkeys.add });

  test('changes no factor before its person has verified again', async () => {
    await go('/account/factors');
    await add().waitFor();
    const store = openStore(hub.runtime.identityUrl, 'test', { settings: ['jiansheng.every=on'] });
    await store.query(
      `update sessions set created_at = created_at - interval '16 minutes', factor_at = factor_at - interval '16 minutes'`,
    );
    await store.end();
    // On the page that stood open: the button is there still, and is refused.
    await page.getByRole('button', { name: words.page.totp.replace }).click();
    await page.getByRole('link', { name: words.page.again }).waitFor();
    await page.getByText(words.page.stale).waitFor();
    expect(await add().count()).toBe(0);
    expect(await ask('/account/factors/passkey/options', 'POST')).toBe(409);
    await page.getByRole('link', { name: words.page.again }).click();
    await page.getByText(words.second.again).waitFor();
    await letTotpStepsPass(hub.runtime.identityUrl);
    await typeCode(totpCode(secret));
    await page.waitForURL(`${hub.address}/account/factors`);
    await add().waitFor();
  });
});

describe('an administrator', () => {
  test('sets a second factor up before anything else, and cannot do without it', async () => {
    const { email } = hub.runtime.hub.administrators.security;
    const room = await desk.browser.newContext({ locale: 'zh-CN' });
    room.setDefaultTimeout(PATIENCE_MS);
    page = await room.newPage();
    await firstSignIn(page, hub, email);
    await go('/account');
    expect(path()).toBe('/account/factors');
    await page.getByText(words.page.needed).waitFor();
    expect(await ask('/account/password', 'GET')).toBe(0);
    const key = await enrolTotp(page);
    await go('/account');
    expect(path()).toBe('/account');
    await go('/account/factors');
    await hydrated();
    await page.getByRole('button', { name: words.page.totp.remove }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: words.page.totp.remove }).click();
    await page.getByText(words.page.last).waitFor();
    expect(key).not.toBe(secret);
    await room.close();
  });
});

test('no page has thrown or asked for what its policy forbids', () => {
  expect(desk.thrown).toEqual([]);
});
