import { chromium as playwright, type Browser, type Locator, type Page } from 'playwright';
import { chromium } from '../../hub/engines/chromium.ts';
import { factorMessages } from '../../web/lib/messages/factors.ts';
import { messages } from '../../web/lib/messages.ts';
import type { TestHub } from './hub.ts';
import { totpCode } from './totp.ts';

/** A real Chromium: the machine's own, else the packaged one. */
export async function openBrowser(): Promise<Browser> {
  const { path, args, env } = await chromium();
  return playwright.launch({ executablePath: path, args, env });
}

export const NEW_PASSWORD = '云州-test-4711';

/** The person of the sample who works with content. */
export const OFFICER = 'press@jiansheng.local';

/** A busy machine takes its time; a test that passes waits for none of it. */
export const PATIENCE_MS = 60_000;

/** Until the page answers to clicks, and shows what its address says. */
export const hydrated = (page: Page): Promise<void> => page.locator('[data-hydrated="true"]').waitFor();

/** Clicks a link and waits for the page behind it: until then, the one before would answer to the same words. */
export async function follow(page: Page, link: Locator): Promise<void> {
  const target = new URL((await link.getAttribute('href')) ?? '', page.url());
  await link.click();
  await page.waitForURL((url) => url.pathname === target.pathname && url.search === target.search);
  await hydrated(page);
}

/** What the terminal shows for an account. */
export function oneTimePassword(hub: TestHub, email: string): string {
  return hub.output().split(`${email}  一次性口令：`)[1]?.split(/\s/u)[0] ?? '';
}

/** Signs in for the first time with what the terminal shows, and changes the one-time password as asked. */
export async function firstSignIn(page: Page, hub: TestHub, email = OFFICER): Promise<void> {
  const password = oneTimePassword(hub, email);
  await page.goto(`${hub.address}/`);
  await fillSignIn(page, email, password);
  await page.waitForURL('**/account/password');
  const words = messages.password;
  await page.getByLabel(words.current).fill(password);
  await page.getByLabel(words.next, { exact: false }).first().fill(NEW_PASSWORD);
  await page.getByLabel(words.repeat).fill(NEW_PASSWORD);
  await page.getByRole('button', { name: words.submit }).click();
  // Whoever needs a second factor goes straight on to it.
  await page.getByText(words.changed).or(page.getByText(factorMessages.page.needed)).waitFor();
}

export async function fillSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel(messages.signIn.email).fill(email);
  await page.getByLabel(messages.signIn.password, { exact: true }).fill(password);
  await page.getByRole('button', { name: messages.signIn.submit, exact: true }).click();
}

/** Sets up an authenticator app for whoever is signed in: an administrator comes no further without a second factor. */
export async function takeFactor(page: Page, hub: TestHub): Promise<void> {
  await page.goto(`${hub.address}/account/factors`);
  await hydrated(page);
  const { totp } = factorMessages.page;
  await page.getByRole('button', { name: totp.begin }).click();
  const secret = (await page.locator('[data-totp-secret]').textContent()) ?? '';
  await page.getByLabel(totp.confirm).fill(totpCode(secret));
  await page.getByRole('button', { name: totp.submit, exact: true }).click();
  await page.getByText(totp.done).waitFor();
}
