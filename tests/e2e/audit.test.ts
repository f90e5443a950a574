import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../store/pool.ts';
import { auditMessages as words } from '../../web/lib/messages/audit.ts';
import { messages } from '../../web/lib/messages.ts';
import { firstSignIn, takeFactor } from '../support/browser.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import { runCli, type TestHub } from '../support/hub.ts';

const AUDITOR = 'audit@jiansheng.local';

let desk: TestDesk;
let hub: TestHub;
let page: Page;

beforeAll(async () => {
  desk = await startDesk();
  ({ hub, page } = desk);
  await firstSignIn(page, hub, AUDITOR);
  await takeFactor(page, hub);
});
afterAll(() => desk?.stop());

const go = (path: string) => page.goto(`${hub.address}${path}`, { waitUntil: 'load' });
const entries = () => page.getByRole('main').locator('ol > li details');
const actions = () => entries().locator('summary > span:nth-of-type(2)').allInnerTexts();

test('the log shows who did what, and an entry unfolds into what it changed', async () => {
  await go('/manage/audit');
  await page.getByRole('heading', { name: words.title }).waitFor();
  const shown = await actions();
  expect(shown).toContain(words.actions['factor-enrol']);
  expect(shown.at(-1)).toBe(words.actions['audit-begin']);
  const changed = entries().filter({ hasText: words.actions['password-change'] ?? '' });
  await changed.locator('summary').click();
  await changed.getByText(words.values['changed'] ?? '', { exact: true }).waitFor();
});

test('looking into it is itself in it, with what was looked for', async () => {
  expect(await actions()).not.toContain(words.actions['audit-read']);
  await go('/manage/audit?text=release&reads=1');
  await go('/manage/audit?action=audit-read');
  expect(new Set(await actions())).toEqual(new Set([words.actions['audit-read']]));
  const last = entries().nth(1);
  await last.locator('summary').click();
  await last.getByText('release', { exact: true }).waitFor();
});

test('it is filtered by what is asked for, and says so when there is nothing', async () => {
  await go('/manage/audit');
  await page.getByLabel(words.filter.action).selectOption('sign-in');
  await page.getByRole('button', { name: words.filter.submit, exact: true }).click();
  await page.waitForURL('**action=sign-in**');
  expect(new Set(await actions())).toEqual(new Set([words.actions['sign-in']]));
  await page.getByRole('textbox', { name: words.filter.actor }).fill('查无此人');
  await page.getByRole('button', { name: words.filter.submit, exact: true }).click();
  await page.getByText(words.none).waitFor();
  await go('/manage/audit?from=2026-02-01T00:00&to=2026-01-01T00:00');
  await page.getByText(words.filter.badRange).waitFor();
});

test('an export is signed, and the command line agrees', async () => {
  await go('/manage/audit?range=all');
  const fingerprint = await page.locator('code').first().innerText();
  const button = page.getByRole('button', { name: words.export.submit, exact: true });
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const file = join(hub.folder, 'export.jsonl');
  await download.saveAs(file);
  const checked = await runCli(['audit', 'verify', '--file', file], { JIANSHENG_DATA: hub.folder });
  expect(checked.code).toBe(0);
  expect(checked.out).toContain(fingerprint);
  expect(checked.out).toContain('签名出自本平台');
  await go('/manage/audit?action=audit-export');
  expect(await entries().count()).toBe(1);
});

test('a verification says that all is well, and after somebody had their hands in the database, where', async () => {
  await go('/manage/audit?range=all');
  await page.getByRole('button', { name: words.chain.verify }).click();
  await page.getByRole('status').getByText(words.chain.good('').slice(0, 2)).waitFor();
  expect(page.url()).toContain('range=all');

  const { database } = JSON.parse(readFileSync(join(hub.folder, 'secrets.json'), 'utf8')) as {
    database: string;
  };
  const url = new URL(hub.runtime.databaseUrl);
  url.username = 'jiansheng';
  url.password = database;
  const owner = openStore(url.href, 'test');
  await owner.query(
    `alter table audit_entries disable trigger all;
     update audit_entries set entry = replace(entry, 'audit-begin', 'audit-began') where seq = 1;
     delete from audit_entries where seq = 3;
     alter table audit_entries enable trigger all`,
  );
  await owner.end();
  await page.getByRole('button', { name: words.chain.verify }).click();
  await page.getByRole('alert').waitFor();
  const told = await page.getByRole('main').innerText();
  expect(told).toContain('第 1 条：内容或哈希被改动');
  expect(told).toContain('第 3 条：已被删除');
});

test('it is open to the audit administrator alone', async () => {
  const other = await desk.browser.newContext({ locale: 'zh-CN' });
  const officer = await other.newPage();
  await firstSignIn(officer, hub);
  await officer.goto(`${hub.address}/manage/audit`);
  await officer.getByText(messages.errors.forbidden).waitFor();
  const status = await officer.evaluate(async () => {
    const answer = await fetch('/manage/audit/export', { method: 'POST', body: new FormData() });
    return answer.status;
  });
  expect(status).toBe(403);
  await other.close();
});

test('no page threw, or wanted what its policy forbids', () => {
  expect(desk.thrown).toEqual([]);
});
