import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { concernPageMessages as words } from '../../web/lib/messages/concern.ts';
import { concernMessages } from '../../web/lib/messages/concerns.ts';
import { ruleMessages } from '../../web/lib/messages/rules.ts';
import { firstSignIn, follow, hydrated, PATIENCE_MS } from '../support/browser.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';

let desk: TestDesk;
let page: Page;
/** The page of the concern that most is said of. */
let path = '';

/** A hub with its sample: two months of it are grouped in the first minute. */
beforeAll(async () => {
  desk = await startDesk();
  ({ page } = desk);
  await firstSignIn(page, desk.hub);
});
afterAll(() => desk?.stop());

const go = (to: string) => desk.go(to);
const button = (name: string) => page.getByRole('button', { name, exact: true });
const said = (text: string) => page.getByRole('status').filter({ hasText: text });

test('what stirs comes to the open overview by itself, and leads to its page', async () => {
  await go('/');
  const first = page.getByTestId('trending').getByRole('listitem').getByRole('link').first();
  await first.waitFor({ timeout: PATIENCE_MS });
  await go('/concerns?sort=heat&only=1');
  await expect
    .poll(() => page.locator('a[data-hit]:visible').count(), { timeout: PATIENCE_MS, interval: 1_000 })
    .toBeGreaterThan(5);
  // From the keyboard: to the first of the list, and in.
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/concerns\/\d+/u);
  await hydrated(page);
  path = new URL(page.url()).pathname;
  await page.getByTestId('concern-chart').waitFor();
  await page.getByTestId('heat-parts').getByText(words.heatParts.volume).waitFor();
  await page.getByRole('heading', { name: words.outlets }).waitFor();
}, 240_000);

test('a concern is renamed, and called back by the toast', async () => {
  await go(path);
  const before = await page.getByRole('heading', { level: 1 }).innerText();
  await button(words.rename).click();
  await page.getByLabel(words.renameTo).fill('改了的名称');
  await button(words.renameSave).click();
  await page.getByRole('heading', { level: 1, name: '改了的名称' }).waitFor();
  await said(words.renamed).getByRole('button', { name: words.undo }).click();
  await said(words.undid).waitFor();
  await page.getByRole('heading', { level: 1, name: before, exact: true }).waitFor();
}, 120_000);

test('it is merged into another one that is looked for by its words, and parted again', async () => {
  // Those of the own office: of others one only reads.
  await go('/concerns?sort=heat&period=all&only=1');
  const rows = page.locator('a[data-hit]:visible');
  const into = (await rows.nth(1).innerText()).trim();
  const third = (await rows.nth(2).getAttribute('href')) ?? '';
  await go(third);
  await button(words.merge).click();
  const field = page.getByLabel(words.mergeInto);
  await field.fill(into.slice(0, 4));
  await page.getByRole('option', { name: into }).first().click();
  await button(words.mergeGo).click();
  await said(words.mergedNow).getByRole('button', { name: words.undo }).click();
  await said(words.undid).waitFor();
  await go(third);
  expect(new URL(page.url()).pathname).toBe(third);
}, 120_000);

test('posts of it are split off with a name of their own', async () => {
  await go(path);
  await follow(page, page.getByRole('link', { name: words.split, exact: true }));
  const boxes = page.getByRole('checkbox');
  await boxes.first().check();
  await boxes.nth(1).check();
  await page.getByLabel(words.splitName).fill('另一件事');
  await button(words.splitGo(2)).click();
  await page.getByRole('heading', { level: 1, name: '另一件事' }).waitFor();
  await said(words.splitDone).getByRole('button', { name: words.undo }).click();
  await page.waitForURL((url) => url.pathname === path);
}, 120_000);

test('a rule reads as a sentence while it is written, and is tried on the past before it is saved', async () => {
  await go('/warnings/rules');
  await page.locator('a[data-hit]:visible').nth(1).click();
  await page.waitForURL(/\/rules\/\d+/u);
  await hydrated(page);
  const sentence = page.getByTestId('sentence');
  await page
    .getByLabel(ruleMessages.form.fields['atLeast'] ?? '', { exact: true })
    .first()
    .fill('4321');
  await sentence.filter({ hasText: '4321' }).waitFor();
  await button(ruleMessages.preview.run).click();
  await page.getByTestId('preview').getByText(ruleMessages.preview.none(90)).waitFor();
  await page
    .getByLabel(ruleMessages.form.fields['hours'] ?? '', { exact: true })
    .first()
    .fill('0');
  await page.getByText(ruleMessages.form.wrongNumber['hours'] ?? '').waitFor();
  await page
    .getByLabel(ruleMessages.form.fields['hours'] ?? '', { exact: true })
    .first()
    .fill('2');
  await button(ruleMessages.form.save).click();
  await said(ruleMessages.form.saved).waitFor();
  await button(ruleMessages.page.reset).click();
  await page.getByRole('alertdialog').getByRole('button', { name: ruleMessages.page.reset }).click();
  await said(ruleMessages.page.resetDone).waitFor();
  expect(await page.getByTestId('says').innerText()).not.toContain('4321');
}, 120_000);

test('a replay without a marked event does not say which suggestions are false', async () => {
  await go('/warnings/replay');
  await button(ruleMessages.replay.run).click();
  const result = page.getByTestId('result');
  await result.getByText(ruleMessages.replay.tooFew(0, 5)).waitFor({ timeout: 4 * PATIENCE_MS });
  await result.getByRole('cell', { name: ruleMessages.replay.unmarkedOne }).first().waitFor();
  expect(await result.getByText(ruleMessages.replay.falseOne, { exact: true }).count()).toBe(0);
  expect(await result.getByRole('button', { name: ruleMessages.replay.onlyFalse }).count()).toBe(0);
}, 400_000);

test('a past event is marked from its concern, and the rules are replayed against it', async () => {
  await go(path);
  await page.getByRole('link', { name: words.markEvent }).click();
  await page.waitForURL(/\/warnings\/replay/u);
  await hydrated(page);
  await button(ruleMessages.replay.mark).click();
  await said(ruleMessages.replay.marked).waitFor();
  await button(ruleMessages.replay.run).click();
  const result = page.getByTestId('result');
  await result.waitFor({ timeout: 4 * PATIENCE_MS });
  // One event says nothing of how good rules are, and the page says that.
  await result.getByText(ruleMessages.replay.tooFew(1, 5)).waitFor();
}, 400_000);

test('all of it fits a phone, and no page threw', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const each of ['/', '/concerns', path, `${path}/posts`, '/warnings/rules', '/warnings/replay']) {
    await go(each);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, each).toBeLessThanOrEqual(390);
  }
  await page.getByRole('link', { name: concernMessages.title, exact: true }).last().waitFor();
  expect(desk.thrown).toEqual([]);
}, 120_000);
