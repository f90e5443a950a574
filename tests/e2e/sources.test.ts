import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { checklistOf } from '../../config/sources/approval.ts';
import { sourceMessages } from '../../web/lib/messages/sources.ts';
import { messages } from '../../web/lib/messages.ts';
import { firstSignIn } from '../support/browser.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import { newFolder } from '../support/engines.ts';
import { rss, startSite, type TestSite } from '../support/site.ts';

const OFFICER = 'officer@desk.example';
const words = sourceMessages;

let site: TestSite;
let desk: TestDesk;
let page: Page;

/** A hub without any source, that may reach a site of this machine. */
beforeAll(async () => {
  const folder = newFolder();
  site = await startSite((request, response) => {
    if (request.url === '/') {
      const link = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">';
      const html = `<html><head><title>云州热线 - 首页</title>${link}</head><body><p>欢迎</p></body></html>`;
      return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
    }
    if (request.url !== '/rss.xml') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss(site.url, 5));
  });
  const config = join(folder, 'hub.yaml');
  writeFileSync(
    config,
    stringify({
      office: { code: 'sources-1', name: '云州市人民检察院', level: 'municipal' },
      people: [{ email: OFFICER, name: '宣传岗', roles: ['press-officer'] }],
      crawler: { contact: '办公室 0000-12309', paceSeconds: 0, allowPrivateHosts: [new URL(site.url).host] },
    }),
  );
  desk = await startDesk(folder, config);
  ({ page } = desk);
  await firstSignIn(page, desk.hub, OFFICER);
});
afterAll(async () => {
  await desk?.stop();
  await site?.close();
});

test('an address that is pasted becomes a source, and its first posts are there to be read', async () => {
  await desk.go('/sources/new');
  await page.getByLabel(words.new.address).fill(site.url);
  await page.getByRole('button', { name: words.new.look, exact: true }).click();

  // The page names a feed: that is what is offered, with its items as they would be stored.
  await page.getByRole('heading', { name: words.trial.title }).waitFor();
  await page.getByText('标题4', { exact: true }).waitFor();
  const form = page.locator('form[action="?/save"]');
  expect(await form.getByLabel(words.fields['url']?.label ?? '').inputValue()).toBe(`${site.url}/rss.xml`);
  await form.getByLabel(words.fields['name']?.label ?? '', { exact: true }).fill('云州热线');

  // Not before everything was looked at.
  await page.getByRole('button', { name: words.new.run }).click();
  await page.getByText(words.approval.unticked).waitFor();
  for (const point of checklistOf('feed')) await page.getByLabel(words.approval.points[point]).check();
  await page.getByRole('button', { name: words.new.run }).click();

  await page.getByRole('heading', { name: '云州热线' }).waitFor();
  await page.getByText('5 / 5').first().waitFor();
  await page.getByRole('link', { name: messages.sources.postsOf }).click();
  await page.getByText('标题4').first().waitFor();
});
