import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { warningMessages as words } from '../../web/lib/messages/warnings.ts';
import { firstSignIn, hydrated } from '../support/browser.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import { newFolder } from '../support/engines.ts';
import { startSite, type TestSite } from '../support/site.ts';

const OFFICER = 'officer@desk.example';
const HOUR = 3_600_000;
/** Of the site's sources, in seconds; the hub makes no visit sooner. */
const INTERVAL = 30;
/** What the way from a visit to the open board may take beyond that, in seconds. */
const WAY = 5;

type Item = { n: number; at: number; text: string };
const feeds: Record<string, Item[]> = { '/forum.xml': [], '/hotline.xml': [] };

const CALM = ['公布办案质效数据', '开放日接待群众', '发布普法短片', '回访被帮助的企业', '召开公开听证会'];
const ANGRY = [
  '孩子说学校食堂的饭菜里吃出虫子，太恶心了，学校还不承认，必须严查！',
  '学校食堂又出事了，饭菜发臭变质，家长非常愤怒，没有人管吗？',
  '食堂的饭菜有虫子，孩子吃了拉肚子，学校推卸责任，太让人气愤了。',
  '校园食堂饭菜变质还给孩子吃，承包商黑心，监管失职，令人愤怒！',
];

let site: TestSite;
let desk: TestDesk;
let page: Page;

/** A hub that reads two feeds of this machine, with five days of everyday items in them. */
beforeAll(async () => {
  const folder = newFolder();
  const now = Date.now();
  for (let n = 0; n < 65; n += 1) {
    const text = `云州市检察院第${n}次${CALM[n % CALM.length] ?? ''}，介绍了近期的工作情况和下一步安排。`;
    feeds[n % 2 === 0 ? '/forum.xml' : '/hotline.xml']?.push({ n, at: now - (130 - 2 * n) * HOUR, text });
  }
  site = await startSite((request, response) => {
    const items = feeds[request.url ?? ''];
    if (!items) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(feed(items));
  });
  const source = (key: string, name: string) => ({
    ...{ key, name, kind: 'feed', url: `${site.url}/${key}.xml`, outlet: name },
    ...{ intervalSeconds: INTERVAL, longestIntervalSeconds: INTERVAL },
    ...{ legalBasis: '测试所用', impactNote: '仅访问本机', approvedBy: '测试' },
    settings: { fullText: 'never' },
  });
  const config = join(folder, 'hub.yaml');
  writeFileSync(
    config,
    stringify({
      office: { code: 'warnings-1', name: '云州市人民检察院', level: 'municipal' },
      people: [{ email: OFFICER, name: '宣传岗', roles: ['press-officer'] }],
      crawler: { contact: '办公室 0000-12309', paceSeconds: 0, allowPrivateHosts: [new URL(site.url).host] },
      sources: [source('forum', '云州论坛'), source('hotline', '云州热线')],
    }),
  );
  desk = await startDesk(folder, config);
  ({ page } = desk);
  await firstSignIn(page, desk.hub, OFFICER);
}, 300_000);
afterAll(async () => {
  await desk?.stop();
  await site?.close();
});

function feed(items: readonly Item[]): string {
  const rows = items.map(({ n, at, text }) => {
    const address = `${site.url}/item/${n}`;
    return `<item><title>${text.slice(0, 12)}</title><link>${address}</link><guid>${address}</guid>
      <pubDate>${new Date(at).toUTCString()}</pubDate><description>${text}</description></item>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>测试</title>${rows.join('')}</channel></rss>`;
}

const cards = () => page.getByTestId('warning-card');

test('a surge on a site stands on the open board as a warning within an interval of its source and five seconds', async () => {
  await desk.go('/');
  await page.getByText('回访被帮助的企业').first().waitFor();
  await desk.go('/warnings');
  await page.getByText(words.board.quiet).first().waitFor();
  expect(await cards().count()).toBe(0);

  const appeared = Date.now();
  for (let n = 0; n < 40; n += 1) {
    const text = `${ANGRY[n % ANGRY.length] ?? ''}（第${n + 1}位家长）`;
    feeds[n % 2 === 0 ? '/forum.xml' : '/hotline.xml']?.push({ n: 100 + n, at: appeared - n * 20_000, text });
  }
  await expect.poll(() => cards().count(), { timeout: 180_000, interval: 100 }).toBeGreaterThan(0);
  const seconds = (Date.now() - appeared) / 1000;
  expect(seconds).toBeLessThanOrEqual(INTERVAL + WAY);

  // It carries its evidence: the rule, and posts of that moment.
  await cards().first().getByRole('link').first().click();
  await page.waitForURL(/\/warnings\/\d+$/u);
  await hydrated(page);
  await page.getByText('食堂').first().waitFor();
  expect(desk.thrown).toEqual([]);
}, 400_000);
