import { expect, test } from 'vitest';
import { forumStamp } from '../../sample/sites/forum-time.ts';
import { numberOf, siteKeys } from '../../sample/story/types.ts';
import { ask, matches, textOf } from './site-helpers.ts';
import { anchor, DAY, HOUR, world } from './world-helpers.ts';

test('the list pages of the news site lead to every article once, newest first, and end', () => {
  const links: string[] = [];
  let path: string | undefined = '/list/1.html';
  for (let turn = 0; path !== undefined && turn < 100; turn++) {
    const page = textOf(ask('news', path));
    links.push(
      ...matches(page.split('class="side"')[0] ?? '', /<li><a href="(\/\d{4}\/\d{4}\/a\d+\.html)"/g),
    );
    path = matches(page, /<a class="next" href="([^"]+)"/g)[0];
  }
  const articles = world.items('news', anchor).filter((item) => item.kind === 'article');
  expect(links.map((link) => /a(\d+)/.exec(link)?.[1])).toEqual(articles.map(numberOf).reverse());
  expect(ask('news', '/list/100000.html').status).toBe(404);
  expect(ask('news', '/list/0.html').status).toBe(404);
});

test('a news article shows its text, its moment and its comments', () => {
  const comment = world.items('news', anchor).findLast((item) => item.kind === 'reply');
  const article = world.find(comment?.threadId ?? '', anchor);
  const link = matches(textOf(ask('news', '/list/1.html')), /href="(\/\d{4}\/\d{4}\/a\d+\.html)"/g).find(
    (path) => path.includes(numberOf(article ?? { id: '-?' })),
  );
  const page = textOf(ask('news', link ?? ''));
  for (const line of article?.text.split('\n') ?? []) expect(page).toContain(`<p>${line}</p>`);
  expect(page).toMatch(/\d{4}年\d\d月\d\d日 \d\d:\d\d\u3000来源：/);
  expect(page).toContain(comment?.text);
  expect(page).toContain('IP属地');
  expect(page).toContain('href="/user/');
  // An address with a wrong date is no second address of the same article.
  expect(ask('news', (link ?? '').replace(/^\/\d{4}/, '/1999')).status).toBe(404);
});

test('the forum speaks GBK and says so only in its markup', () => {
  const page = ask('forum', '/board-1.html');
  expect(page.type).toBe('text/html');
  const text = new TextDecoder('gbk', { fatal: true }).decode(page.body as Buffer);
  expect(text).toContain('charset=gbk');
  expect(text).toContain('云州论坛');
  expect(new TextDecoder().decode(page.body as Buffer)).not.toContain('云州论坛');
});

test('the boards lead to every thread once, and a thread shows every floor over its pages', () => {
  const numbers: string[] = [];
  let path: string | undefined = '/board-1.html';
  for (let turn = 0; path !== undefined && turn < 100; turn++) {
    const page = textOf(ask('forum', path));
    numbers.push(...matches(page, /href="\/thread-(\d+)-1\.html" class="s xst"/g));
    path = matches(page, /<a href="([^"]+)" class="nxt"/g)[0];
  }
  const threads = world.items('forum', anchor).filter((item) => item.kind === 'thread');
  expect(numbers.toSorted()).toEqual(threads.map(numberOf).toSorted());

  const answers = (id: string): number => world.replies(id, anchor).length;
  const long = threads.toSorted((left, right) => answers(right.id) - answers(left.id))[0];
  const replies = world.replies(long?.id ?? '', anchor);
  const floors: string[] = [];
  path = `/thread-${numberOf(long ?? { id: '-?' })}-1.html`;
  for (let turn = 0; path !== undefined && turn < 20; turn++) {
    const page = textOf(ask('forum', path));
    floors.push(...matches(page, /id="pid([\d-]+)"/g));
    path = matches(page, /<a href="([^"]+)" class="nxt"/g)[0];
  }
  expect(floors).toEqual([long, ...replies].map((item) => numberOf(item ?? { id: '-?' })));
  expect(floors.length).toBeGreaterThan(20);
});

test('forum clocks speak of minutes, hours, yesterday, then dates', () => {
  const now = Date.parse('2026-11-22T12:00:00+08:00');
  expect(forumStamp(now - 5000, now)).toBe('5 秒前');
  expect(forumStamp(now - 7 * 60_000, now)).toBe('7 分钟前');
  expect(forumStamp(now - 3 * HOUR, now)).toBe('3 小时前');
  expect(forumStamp(now - 14 * HOUR, now)).toBe('昨天 22:00');
  expect(forumStamp(now - 30 * HOUR, now)).toBe('昨天 06:00');
  expect(forumStamp(now - 2 * DAY, now)).toBe('前天 12:00');
  expect(forumStamp(now - 5 * DAY - 5 * 60_000, now)).toBe('2026-11-17 11:55');
});

interface Timeline {
  ok: number;
  data: { list: { id: string; text: string; created_at: string }[]; next_cursor: string | null };
}
const timeline = (query: string, now = anchor): Timeline =>
  JSON.parse(textOf(ask('weibo', `/api/timeline?${query}`, now))) as Timeline;

test('the cursor of the microblog leads through every post once, also while new ones arrive', () => {
  const seen: string[] = [];
  let cursor: string | null = '';
  for (let turn = 0; cursor !== null && turn < 200; turn++) {
    const page: Timeline = timeline(`count=100&cursor=${cursor}`, anchor + turn * 60_000);
    seen.push(...page.data.list.map((status) => status.id));
    cursor = page.data.next_cursor;
  }
  expect(cursor).toBeNull();
  expect(seen).toEqual(world.items('weibo', anchor).map(numberOf).reverse());
});

test('the microblog writes dates, topics and entities as such interfaces do', () => {
  const { ok, data } = timeline('count=100');
  expect(ok).toBe(1);
  expect(data.list[0]?.created_at).toMatch(/^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \+0800 \d{4}$/);
  expect(data.list.some((status) => /<a href="[^"]+">#[^#]+#<\/a>/.test(status.text))).toBe(true);
  expect(ask('weibo', `/status/${data.list[0]?.id}`).status).toBe(200);
});

test('odd questions to the microblog get an answer, not an accident', () => {
  expect(ask('weibo', '/api/timeline?cursor=zz').status).toBe(400);
  expect(ask('weibo', '/api/timeline?cursor=1_1').status).toBe(200);
  expect(timeline('count=-3').data.list).toHaveLength(50);
  expect(timeline('count=100000').data.list).toHaveLength(100);
  expect(ask('weibo', '/api/other').status).toBe(404);
  expect(ask('weibo', '/status/999999999999').status).toBe(404);
});

test('the feeds hold as many entries as they promise, whole texts and working addresses', () => {
  const rss = textOf(ask('rss', '/rss.xml'));
  expect(matches(rss, /<item>/g)).toHaveLength(60);
  expect(rss).toContain('<content:encoded><![CDATA[<p>');
  for (const link of matches(rss, /<link>http:\/\/rss\.test(\/a\/[^<]+)</g))
    expect(ask('rss', link).status).toBe(200);
  const atom = textOf(ask('atom', '/atom.xml'));
  expect(matches(atom, /<entry>/g)).toHaveLength(40);
  for (const link of matches(atom, /href="http:\/\/atom\.test(\/jcdt\/[^"]+)"/g)) {
    expect(ask('atom', link).status).toBe(200);
  }
  const json = JSON.parse(textOf(ask('jsonfeed', '/feed.json'))) as {
    version: string;
    items: { url: string }[];
  };
  expect(json.version).toBe('https://jsonfeed.org/version/1.1');
  expect(json.items).toHaveLength(50);
  for (const { url } of json.items) expect(ask('jsonfeed', new URL(url).pathname).status).toBe(200);
});

test('no site shows what has not happened yet', () => {
  const now = anchor - 10 * DAY - 5 * HOUR;
  const moments = [
    ...matches(textOf(ask('news', '/list/1.html', now)), /class="date">([^<]+)</g),
    ...matches(textOf(ask('rss', '/rss.xml', now)), /<pubDate>([^<]+)</g),
    ...matches(textOf(ask('atom', '/atom.xml', now)), /<published>([^<]+)</g),
    ...matches(textOf(ask('jsonfeed', '/feed.json', now)), /"date_published":"([^"]+)"/g),
    ...timeline('count=100', now).data.list.map((status) => status.created_at),
  ].map((text) => Date.parse(/[+T]/.test(text) ? text : `${text.replace(' ', 'T')}+08:00`));
  expect(moments.length).toBeGreaterThan(200);
  for (const moment of moments) expect(moment).toBeLessThanOrEqual(now);
  const burst = world.items('weibo', anchor).findLast((item) => item.storyline === 'burst');
  expect(ask('weibo', `/status/${numberOf(burst ?? { id: '-?' })}`, now).status).toBe(404);
});

test('before the story begins the sites are empty, not broken', () => {
  const early = world.start - DAY;
  for (const [site, path] of [
    ['news', '/list/1.html'],
    ['forum', '/board-1.html'],
    ['weibo', '/api/timeline'],
    ['rss', '/rss.xml'],
    ['atom', '/atom.xml'],
    ['jsonfeed', '/feed.json'],
  ] as const) {
    expect(ask(site, path, early).status, path).toBe(200);
  }
});

test('every site has a home page and a page for what is not there', () => {
  for (const site of siteKeys) {
    expect(ask(site, '/').status, site).toBe(200);
    expect(ask(site, '/no/such/page.html').status, site).toBe(404);
  }
});
