import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSite } from '../support/site.ts';
import { until } from '../support/engines.ts';
import { startSourceDesk, type SourceDesk } from '../support/source-desk.ts';

let desk: SourceDesk;
beforeAll(async () => {
  desk = await startSourceDesk();
});
afterAll(() => desk?.stop());

describe('an address is looked at', () => {
  test('and said line by line what it is, with its newest items as they would be stored', async () => {
    const lines = await desk.look(desk.officer, { url: `${desk.site.url}/look.xml` });
    expect(lines.at(-1)).toEqual({ say: 'end' });
    const found = lines.find((line) => line.say === 'found');
    expect(found).toMatchObject({ is: 'feed', offers: [{ kind: 'feed', name: '测试', known: null }] });
    const trial = lines.find((line) => line.say === 'trial');
    expect(trial?.items).toHaveLength(10);
    expect(trial?.items[0]).toMatchObject({ title: '标题9', kind: 'article', masked: 1 });
    expect(JSON.stringify(lines)).not.toContain('13912345678');
    const stored = await desk.engines.store.query('select from posts');
    expect(stored.rowCount).toBe(0);
  });

  test('but not inside the own network, and not where crawling is stopped', async () => {
    const inside = await desk.look(desk.officer, { url: desk.site.url.replace('127.0.0.1', 'localhost') });
    expect(inside.find((line) => line.say === 'failed')).toMatchObject({ code: 'address-blocked' });
    const host = new URL(desk.site.url).host;
    expect(
      (await desk.send(desk.officer, '/sources/stops?/stop', { what: 'host', host, reason: '对方来电' }))
        .status,
    ).toBe(200);
    const stopped = await desk.look(desk.officer, { url: `${desk.site.url}/look.xml` });
    expect(stopped.find((line) => line.say === 'failed')).toMatchObject({ code: 'stopped' });
    const [stop] = (
      await desk.engines.store.query<{ id: number }>('select id from crawl_stops where ended_at is null')
    ).rows;
    expect((await desk.send(desk.officer, '/sources/stops?/resume', { id: String(stop?.id) })).status).toBe(
      200,
    );
  });

  test('and no further once nobody waits for it', async () => {
    const { promise: asked, resolve: arrived } = Promise.withResolvers<void>();
    const { promise: enough, resolve: goOn } = Promise.withResolvers<void>();
    const page = '<link rel="alternate" type="application/rss+xml" href="/never-asked.xml"><p>慢</p>';
    const slow = await startSite((_, response) => {
      arrived();
      void enough.then(() => response.writeHead(200, { 'content-type': 'text/html' }).end(page));
    });
    const left = new AbortController();
    const body = new FormData();
    body.set('url', slow.url);
    const headers = { origin: desk.web.address, cookie: desk.officer.cookie };
    const answer = fetch(`${desk.web.address}/sources/new/look`, {
      ...{ method: 'POST', headers, body, signal: left.signal },
    }).then((response) => response.text());
    await asked;
    left.abort();
    await expect(answer).rejects.toThrow();
    const looking = `select from pg_stat_activity where application_name = 'jiansheng hosts'`;
    await until('the look to be over', async () => (await desk.engines.store.query(looking)).rowCount === 0);
    goOn();
    expect(slow.asked.filter((path) => path !== '/robots.txt')).toEqual(['/']);
    await slow.close();
  });

  test('no more often than a person may ask, and what is no address is told', async () => {
    const often = await desk.enter('often', 'city', 'analyst');
    const answers = [];
    for (let n = 0; n < 31; n += 1)
      answers.push(await desk.send(often, '/sources/new/look', { url: 'http://localhost/' }));
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(30).fill(200), 429]);
    expect((await desk.send(desk.officer, '/sources/new/look', { url: 'ftp://x' })).status).toBe(400);
  });
});
