import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceMessages } from '../../web/lib/messages/sources.ts';
import { approval, startSourceDesk, type SourceDesk } from '../support/source-desk.ts';
import { ask } from '../support/web.ts';

let desk: SourceDesk;
beforeAll(async () => {
  desk = await startSourceDesk();
});
afterAll(() => desk?.stop());

describe('a list of sources', () => {
  type Plan = { all: number; list: string };
  /** The list that comes back with the order to import it, out of the page's data. */
  const listIn = (text: string): string => {
    const values = JSON.parse((JSON.parse(text) as { data: string }).data) as unknown[];
    const plan = values.find(
      (value): value is Plan => typeof value === 'object' && value !== null && 'list' in value,
    );
    return String(values[Number(plan?.list)]);
  };

  test('is shown line by line, and then imported', async () => {
    const known = desk.feed();
    await desk.send(desk.officer, '/sources/new?/save', { ...known, then: 'wait' });
    const file = new Blob([
      '名称,网址,类型,间隔\n',
      '甲报,https://a.example.com/rss.xml,订阅,30 分钟\n',
      '乙网,https://b.example.com/list,网站,2 小时\n',
      `已有的,${String(known['url'])},订阅,\n`,
      '丙网,ftp://c.example.com,网站,\n丁网,https://d.example.com/,博客,\n',
      '戊网,https://a.example.com/rss.xml,订阅,\n',
    ]);
    const shown = await desk.send(desk.analyst, '/sources/import?/preview', { file });
    for (const words of ['甲报', '乙网', '须是 http', '博客', sourceMessages.import.wrong.twice(2)])
      expect(shown.text).toContain(words);
    const list = listIn(shown.text);
    expect(list).not.toContain('丙网');
    expect(
      (await desk.send(desk.analyst, '/sources/import?/apply', { list, ...approval, then: 'run' })).status,
    ).toBe(403);
    expect((await desk.send(desk.officer, '/sources/import?/apply', { list, then: 'run' })).status).toBe(400);
    expect(
      (await desk.send(desk.officer, '/sources/import?/apply', { list, ...approval, then: 'run' })).status,
    ).toBe(200);
    const rows = await desk.engines.store.query(
      `select name, kind, interval_seconds, enabled from sources where url like 'https://_.example.com/%' order by name`,
    );
    expect(rows.rows).toEqual([
      { name: '乙网', kind: 'site', interval_seconds: 7200, enabled: true },
      { name: '甲报', kind: 'feed', interval_seconds: 1800, enabled: true },
    ]);
    // Again: everything is known.
    expect((await desk.send(desk.officer, '/sources/import?/apply', { list, then: 'wait' })).status).toBe(
      409,
    );
  });

  test('of a feed reader is one too; garbage is refused in words', async () => {
    const opml = `<?xml version="1.0"?><opml version="2.0"><body><outline text="新闻">
      <outline type="rss" text="庚报" xmlUrl="https://g.example.org/feed"/></outline></body></opml>`;
    const shown = await desk.send(desk.officer, '/sources/import?/preview', { file: new Blob([opml]) });
    expect(shown.text).toContain('https://g.example.org/feed');
    for (const bad of ['<html></html>', '什么都不是', '名称\n甲'])
      expect(
        (await desk.send(desk.officer, '/sources/import?/preview', { file: new Blob([bad]) })).status,
        bad,
      ).toBe(409);
    const binary = new Blob([crypto.getRandomValues(new Uint8Array(50_000))]);
    expect((await desk.send(desk.officer, '/sources/import?/preview', { file: binary })).status).toBe(409);
  });

  test('goes out as a table and for feed readers, and the log says so', async () => {
    const table = await ask(desk.web.address, 'GET', '/sources/export', desk.analyst.cookie);
    expect(table.text).toContain('甲报,https://a.example.com/rss.xml,订阅,30 分钟');
    expect(table.text).not.toContain('token-of-the-office');
    const opml = await ask(desk.web.address, 'GET', '/sources/export?format=opml', desk.analyst.cookie);
    expect(opml.text).toContain('xmlUrl="https://a.example.com/rss.xml"');
    expect(opml.text).not.toContain('乙网');
    const logged = await desk.engines.store.query(`select from audit_entries where action = 'source-export'`);
    expect(logged.rowCount).toBe(2);
  });
});
