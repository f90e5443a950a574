import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { expect, onTestFinished, test } from 'vitest';
import { messages } from '../../hub/messages.ts';
import { localSite } from '../crawler/fetch/local-site.ts';
import { articlePage, articleText } from '../crawler/sources/visiting.ts';
import { jiansheng } from './run.ts';

test('a file is shown with every field, its encoding, and where its time stands', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jiansheng-try-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'page.html');
  writeFileSync(file, iconv.encode(articlePage(1), 'gbk'));
  const { out, code } = await jiansheng([
    'try',
    'extract',
    file,
    '--url',
    'https://news.example.com/a1.html',
  ]);
  expect(code).toBe(0);
  for (const shown of [
    'https://news.example.com/a1.html',
    'gb18030',
    '云州检察通报第1号',
    '2026-11-22 08:01',
    messages.extract.toldBy('text'),
    ...articleText(1).split('\n'),
  ]) {
    expect(out).toContain(shown);
  }
});

test('an address is asked for politely, and an inner one only when its host is named', async () => {
  const site = await localSite({
    '/a.html': articlePage(2),
    '/robots.txt': 'User-agent: *\nDisallow: /secret',
  });
  const refused = await jiansheng(['try', 'extract', `${site.origin}/a.html`]);
  expect([refused.code, refused.err.includes('address-blocked'), site.paths]).toEqual([1, true, []]);
  const got = await jiansheng([
    'try',
    'extract',
    `${site.origin}/a.html`,
    '--json',
    '--allow-private',
    site.host,
  ]);
  expect(JSON.parse(got.out)).toMatchObject({
    probe: { is: 'page', article: { title: '云州检察通报第2号', text: articleText(2) } },
    encoding: { charset: 'utf-8', replaced: 0 },
    robots: { state: 'allowed' },
  });
  const closed = await jiansheng([
    'try',
    'extract',
    `${site.origin}/secret.html`,
    '--allow-private',
    site.host,
  ]);
  expect([closed.code, closed.err.includes('robots-disallow')]).toEqual([1, true]);
});

test('standard input is a page where a dash stands, and lines of JSON where nothing does', async () => {
  const page = await jiansheng(['try', 'extract', '-', '--json'], { input: articlePage(3) });
  expect(JSON.parse(page.out)).toMatchObject({ robots: null, probe: { article: { text: articleText(3) } } });
  const lines = await jiansheng(['try', 'extract'], {
    input: `${JSON.stringify({ url: 'https://news.example.com/', html: articlePage(3) })}\n`,
  });
  expect(JSON.parse(lines.out)).toMatchObject({ text: articleText(3) });
});

test('what cannot be read is told, with what to do about it', async () => {
  const absent = await jiansheng(['try', 'extract', '/nowhere/page.html']);
  expect([absent.code, absent.err.includes('/nowhere/page.html')]).toEqual([1, true]);
  const wrong = await jiansheng(['try', 'extract', 'a', 'b']);
  expect([wrong.code, wrong.err.trim()]).toEqual([2, messages.extract.usage]);
  const noFeed = await jiansheng(['try', 'extract', '-', '--kind', 'feed'], { input: articlePage(3) });
  expect([noFeed.code, noFeed.err.includes('not-a-feed')]).toEqual([1, true]);
});
