import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LEAST_REVIEWS } from '../../web/lib/agreement.ts';
import { reviewMessages } from '../../web/lib/messages/reviews.ts';
import { wordMessages } from '../../web/lib/messages/words.ts';
import { firstSignIn, PATIENCE_MS } from '../support/browser.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import { until } from '../support/engines.ts';

let desk: TestDesk;
let page: Page;
/** The posts that the queue began with: their addresses. */
let drawn: string[] = [];

beforeAll(async () => {
  desk = await startDesk();
  ({ page } = desk);
  await firstSignIn(page, desk.hub);
  // The sample's own posts.
  await until('posts to review', async () => {
    await go('/reviews');
    return (await page.locator('[data-item]').count()) === 20;
  });
});
afterAll(() => desk?.stop());

const go = (path: string) => desk.go(path);
/** Waits for what a page is to show: a busy machine takes its time. */
const eventually = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: PATIENCE_MS });
const figure = () => page.locator('[data-testid="figures"] [data-field="sentiment"]');
const words = reviewMessages;

describe('the queue', () => {
  test('shows a dash and no share while little was reviewed, and hides what the program found', async () => {
    await go('/reviews');
    await eventually(() => figure().textContent()).toContain('—');
    expect(await figure().textContent()).not.toMatch(/\d%/);
    expect(await page.locator('[data-item]').first().textContent()).not.toContain(
      words.differs('', '').slice(-3),
    );
  });

  test('is answered by keys, goes on to the next post by itself, and shows the share in the end', async () => {
    const items = page.locator('[data-item]');
    drawn = await items
      .locator('a[href^="/posts/"]')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    await page.keyboard.press('2');
    await eventually(() => items.first().getByRole('status').count()).toBe(1);
    // u takes the answer of the post back that one stands on.
    await page.keyboard.press('k');
    await eventually(() => items.first().getByRole('button', { name: words.undo }).isEnabled()).toBe(true);
    await page.keyboard.press('u');
    await eventually(() => items.first().getByRole('status').count()).toBe(0);
    for (let n = 0; n < LEAST_REVIEWS; n += 1) {
      await page.keyboard.press('2');
      await eventually(() => items.nth(n).getByRole('status').count()).toBe(1);
    }
    // Whoever leaves at once has answered all the same.
    await go('/');
    await until('all to be kept', async () => {
      await go('/reviews');
      return /\d%/.test((await figure().textContent()) ?? '');
    });
    expect(await figure().textContent()).toContain(words.of(String(LEAST_REVIEWS)));
    // Others are drawn now.
    expect(await page.locator('[data-item]').count()).toBe(20);
  });

  test('says the share on the overview, and beside the feeling of a post', async () => {
    await go('/');
    await eventually(() => page.getByTestId('agreement').textContent()).toMatch(/\d%/);
    await page.locator('a[href^="/posts/"]').first().click();
    await page.waitForURL('**/posts/*');
    await eventually(() => page.getByTestId('agreement').textContent()).toMatch(/\d%/);
  });
});

describe('a post', () => {
  const row = () => page.locator('[data-field="sentiment"]');
  const text = async () => (await row().textContent()) ?? '';
  /** The feeling that the row shows first. */
  const feeling = async () => /负面|中性|正面/u.exec(await text())?.[0];
  const inRow = (name: string) => row().getByRole('button', { name, exact: true });

  async function correct(): Promise<void> {
    const other = (await feeling()) === '正面' ? '负面' : '正面';
    await inRow(words.correctOf(words.fields.sentiment)).click();
    await inRow(other).click();
    await page.getByText(words.kept).waitFor();
    await eventually(text).toContain(words.reviewed('宣传岗'));
    expect(await feeling()).toBe(other);
  }

  test('is corrected in place, says by whom, and is put back', async () => {
    await go('/');
    const links = page.locator('a[href^="/posts/"]');
    const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    // Which posts are drawn for the queue, and which are the latest, chance decides.
    await go(hrefs.find((href) => !drawn.includes(href)) ?? '');
    const before = await text();
    expect(before).not.toContain(words.reviewed('宣传岗'));
    await correct();
    await inRow(words.undoOf(words.fields.sentiment)).click();
    await page.getByText(words.undone).waitFor();
    await eventually(text).toBe(before);
  });

  test('that was reviewed before goes back to that review, and the page says so', async () => {
    await go(drawn[0] ?? '');
    const before = await feeling();
    expect(await text()).toContain(words.reviewed('宣传岗'));
    await correct();
    await inRow(words.undoOf(words.fields.sentiment)).click();
    await page.getByText(words.undoneToEarlier).waitFor();
    await eventually(feeling).toBe(before);
    expect(await text()).toContain(words.reviewed('宣传岗'));
  });

  test('is told its place by name', async () => {
    const row = page.locator('[data-field="place"]');
    await row.getByRole('button', { name: words.correctOf(words.fields.place) }).click();
    await row.getByPlaceholder(words.placeHint).fill('昌平');
    await page.getByRole('option', { name: /昌平/u }).first().click();
    await row.getByRole('button', { name: words.save }).click();
    await page.getByText(words.kept).waitFor();
    await eventually(() => row.textContent()).toContain('北京市昌平区');
  });
});

describe('a word list', () => {
  test('says what is wrong with a line while it is written, and is not saved so', async () => {
    await go('/words');
    const body = page.getByLabel(wordMessages.body, { exact: true });
    const shipped = await body.inputValue();
    await body.fill(`${shipped}\n王小明`);
    await page.getByText('“王小明”像是人名').waitFor();
    expect(await page.getByRole('button', { name: wordMessages.save, exact: true }).isDisabled()).toBe(true);
  });

  test('is tried on a sentence, saved with a reason, shown as a version, and put back', async () => {
    const body = page.getByLabel(wordMessages.body, { exact: true });
    await body.fill(`${(await body.inputValue()).replace('\n王小明', '')}\n云州快办通道`);
    await page.getByTestId('difference').first().getByText('云州快办通道').waitFor();
    await page.getByLabel(wordMessages.try).fill('云州快办通道开通了');
    await page.getByRole('button', { name: wordMessages.trySubmit }).click();
    const tried = page.getByTestId('tried');
    await tried.getByText('云州快办通道', { exact: true }).waitFor();
    expect(await tried.getByText('云州快办通道', { exact: true }).count()).toBe(1);
    await page.getByLabel(wordMessages.why).fill('新的提法');
    await page.getByRole('button', { name: wordMessages.save, exact: true }).click();
    await page.getByText(wordMessages.saved).waitFor();
    const versions = page.getByTestId('versions');
    await versions.getByText('新的提法').waitFor();
    await page.getByRole('button', { name: wordMessages.reset }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: wordMessages.reset }).click();
    await versions.getByText(wordMessages.version(2)).waitFor();
  });
});

test('nothing was thrown in the browser', () => {
  expect(desk.thrown).toEqual([]);
});
