import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { classes } from '../../web/lib/messages/classes.ts';
import { searchMessages as words } from '../../web/lib/messages/search.ts';
import { messages } from '../../web/lib/messages.ts';
import { firstSignIn, follow } from '../support/browser.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import { until } from '../support/engines.ts';
import type { TestHub } from '../support/hub.ts';

let desk: TestDesk;
let hub: TestHub;
let page: Page;

beforeAll(async () => {
  desk = await startDesk();
  ({ hub, page } = desk);
  await firstSignIn(page, hub);
  await until('posts of the sample to be found', async () => {
    await page.goto(`${hub.address}/search`);
    return (await page.locator('a[data-hit]').count()) > 10;
  });
});
afterAll(() => desk?.stop());

const open = (params: Record<string, string>) => desk.go(`/search?${new URLSearchParams(params).toString()}`);
const total = () => page.getByTestId('total').innerText();

test('a question finds what fits it, says so, and j walks through it', async () => {
  await until('posts of the story that share words with it', async () => {
    await open({ q: '检察院的公开听证应该找哪个部门报名？', sort: 'relevance' });
    return (await page.locator('mark').count()) > 0;
  });
  await page.getByText(words.widened.question).waitFor();
  await page.locator('h1').click();
  await page.keyboard.press('j');
  expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-hit'))).toBe(true);
});

test('a filter narrows what is found to the number that stood beside it', async () => {
  // The sample goes on meanwhile: what comes in between the two looks is found by the second one alone.
  await until('the number beside a filter to be what it finds', async () => {
    await open({ range: '30d' });
    await page.getByRole('button', { name: words.more }).click();
    const chip = page.getByRole('group', { name: classes.line }).getByRole('link').first();
    const beside = (await chip.innerText()).replaceAll(/\D/gu, '');
    await follow(page, chip);
    return beside !== '' && (await total()).replaceAll(/\D/gu, '') === beside;
  });
});

test('a search is saved where it stands, and has a feed until it is ended', async () => {
  await open({ q: '检察' });
  await page.getByRole('button', { name: words.saved.save, exact: true }).click();
  await page.getByLabel(words.saved.name).fill('检察动态');
  await page.getByRole('button', { name: words.saved.save, exact: true }).last().click();
  await page.getByText(words.saved.done).waitFor();
  expect(await page.getByRole('searchbox').inputValue()).toBe('检察');
  await follow(page, page.getByRole('link', { name: words.saved.all }));
  await page.getByRole('button', { name: words.feed.open }).click();
  const address = await page.getByRole('textbox', { name: words.feed.open }).inputValue();
  const feed = await fetch(address);
  expect(feed.headers.get('content-type')).toContain('rss');
  await page.getByRole('button', { name: words.feed.close }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: words.feed.close }).click();
  await page.getByText(words.feed.closed).waitFor();
  expect((await fetch(address)).status).toBe(410);
});

test('what was found is taken away as a workbook once it is said what for', async () => {
  await open({ q: '检察' });
  await page.getByRole('button', { name: words.export.open, exact: true }).click();
  await page.getByLabel(words.export.reason).fill('周例会研判');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: words.export.submit, exact: true }).last().click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^posts-.*\.xlsx$/u);
});

test('a post leads to what says something like it', async () => {
  await open({ q: '检察' });
  await follow(page, page.locator('a[data-hit]').first());
  await follow(page, page.getByRole('link', { name: words.similar }));
  await page.getByText(words.similarTo).waitFor();
  expect(await page.title()).toContain(messages.search.title);
});
