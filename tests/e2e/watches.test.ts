import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { watchMessages as words } from '../../web/lib/messages/watches.ts';
import { firstSignIn, PATIENCE_MS } from '../support/browser.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';

let desk: TestDesk;
let page: Page;

/** A hub with its sample: there is something to be found. */
beforeAll(async () => {
  desk = await startDesk();
  ({ page } = desk);
  await firstSignIn(page, desk.hub);
});
afterAll(() => desk?.stop());

const query = () => page.getByLabel(words.form.query, { exact: true });
const go = (path: string) => desk.go(path);

test('the watches that ship are there from the start, and count what comes in', async () => {
  await go('/watches');
  await page.getByRole('link', { name: '公益诉讼', exact: true }).first().waitFor();
  await expect
    .poll(
      async () => {
        await page.reload();
        const row = page.getByRole('row').filter({ hasText: '公益诉讼 | 检察建议' });
        return Number(await row.getByRole('cell').nth(3).innerText());
      },
      { timeout: PATIENCE_MS, interval: 2_000 },
    )
    .toBeGreaterThan(0);
}, 120_000);

test('a watch is written, its mistake marked, tried on stored posts, saved, changed and taken back', async () => {
  await go('/watches/new');
  await page.getByLabel(words.form.name, { exact: true }).fill('校园食堂');
  await page.getByLabel(words.kinds.issue, { exact: true }).check();
  await page.getByLabel(words.form.subject, { exact: true }).fill('校园食堂的食品安全');
  await query().fill('(食堂 | 校园餐');
  await page.getByText(/第 1 列/u).waitFor();
  await page.getByRole('button', { name: words.form.goThere }).click();
  expect(await query().evaluate((field: HTMLTextAreaElement) => field.selectionEnd)).toBe(1);

  await query().fill('检察院 王建国');
  await page.getByText(/第 5 列：.*王建国/u).waitFor();

  await query().fill('食堂 | 校园餐 | 公益诉讼');
  await page.getByText(words.form.fine).waitFor();
  await page.getByRole('button', { name: words.trial.run }).click();
  await page.getByRole('heading', { name: words.trial.newest }).waitFor();
  await page.locator('mark').first().waitFor();
  expect(await page.getByLabel(words.form.name, { exact: true }).inputValue()).toBe('校园食堂');

  await page.getByRole('button', { name: words.form.create }).click();
  await page.getByText(words.form.created).waitFor();
  const path = new URL(page.url()).pathname;

  await query().fill('食堂');
  await page.getByRole('button', { name: words.form.save, exact: true }).click();
  await page.getByText(words.form.saved).waitFor();
  await page.getByRole('button', { name: words.page.restore }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: words.page.restore }).click();
  await page.getByText(words.page.restored).waitFor();
  await go(path);
  expect(await query().inputValue()).toBe('食堂 | 校园餐 | 公益诉讼');

  await page.getByRole('button', { name: words.page.pause, exact: true }).click();
  await page.getByText(words.page.paused).waitFor();
  expect(desk.thrown).toEqual([]);
}, 180_000);
