import { request } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSampleSites, type SampleSites } from '../../sample/server.ts';
import { siteKeys, type SiteKey } from '../../sample/story/types.ts';
import { anchor, HOUR, world } from './world-helpers.ts';

let now = anchor;
let sites: SampleSites;
beforeAll(async () => {
  sites = await startSampleSites({ world, clock: () => now });
});
afterAll(() => sites.close());

function rawBody(port: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/' }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts)));
    })
      .on('error', reject)
      .end();
  });
}

const lists: Record<SiteKey, string> = {
  news: '/list/1.html',
  forum: '/board-1.html',
  weibo: '/api/timeline?count=50',
  rss: '/rss.xml',
  atom: '/atom.xml',
  jsonfeed: '/feed.json',
};

test('every list answers 304 to both kinds of validators until something new appears', async () => {
  for (const site of siteKeys) {
    now = anchor;
    const url = sites.addresses[site] + lists[site];
    const first = await fetch(url);
    const etag = first.headers.get('etag') ?? '';
    const modified = first.headers.get('last-modified') ?? '';
    await first.arrayBuffer();
    expect(Date.parse(modified)).toBeLessThanOrEqual(now);
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status, site).toBe(304);
    expect((await fetch(url, { headers: { 'if-modified-since': modified } })).status, site).toBe(304);
    now = anchor + 20 * HOUR;
    const later = await fetch(url, { headers: { 'if-none-match': etag, 'if-modified-since': modified } });
    expect(later.status, site).toBe(200);
    await later.arrayBuffer();
  }
  now = anchor;
});

test('answers are compressed for those who ask and plain for those who do not', async () => {
  const url = sites.addresses.news + lists.news;
  const packed = await fetch(url, { headers: { 'accept-encoding': 'gzip' } });
  const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(await packed.text()).toBe(await plain.text());
});

test('robots.txt allows the pages and forbids the people', async () => {
  for (const site of siteKeys) {
    const text = await (await fetch(`${sites.addresses[site]}/robots.txt`)).text();
    expect(text).toBe('User-agent: *\nAllow: /\nDisallow: /user/\n');
  }
});

test('HEAD has the headers without the body, and what is not reading is 405', async () => {
  const url = sites.addresses.rss + lists.rss;
  const head = await fetch(url, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(Number(head.headers.get('content-length'))).toBeGreaterThan(1000);
  expect(await head.text()).toBe('');
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const answer = await fetch(url, { method, body: method === 'POST' ? 'x'.repeat(100_000) : null });
    expect(answer.status, method).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
    await answer.arrayBuffer();
  }
});

test('odd addresses get an answer and the site lives on', async () => {
  const { addresses, ports } = sites;
  const odd: [string, number][] = [
    [`/${'x'.repeat(5000)}`, 414],
    ['/%', 404],
    ['/%00%ff', 404],
    ['//evil.example/list/1.html', 200],
    ['/list/99999999999999999999.html', 404],
    ['/thread-0-0.html', 404],
    ['*', 400],
  ];
  for (const [path, expected] of odd) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ host: '127.0.0.1', port: ports.news, path }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    // `//host/path` names another host to a URL parser; any calm answer will do.
    expect(path.startsWith('//') ? [200, 404] : [expected], path).toContain(status);
  }
  await new Promise<void>((resolve) => {
    const socket = connect(ports.news, '127.0.0.1', () => socket.end('NONSENSE\r\n\r\n'));
    socket
      .on('error', () => {})
      .on('close', () => resolve())
      .resume();
  });
  expect((await fetch(addresses.news)).status).toBe(200);
});

test('a Host header never reaches the addresses in a feed', async () => {
  const body = await new Promise<string>((resolve, reject) => {
    request(
      { host: '127.0.0.1', port: sites.ports.rss, path: '/rss.xml', headers: { host: 'evil.example' } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => resolve(text));
      },
    )
      .on('error', reject)
      .end();
  });
  expect(body).toContain(sites.addresses.rss);
  expect(body).not.toContain('evil.example');
});

test('a taken port rejects with the original error and leaves no site open', async () => {
  const { ports, close } = await startSampleSites({ world });
  await close();
  const start = startSampleSites({ world, ports: { news: ports.news, atom: sites.ports.atom } });
  await expect(start).rejects.toMatchObject({ code: 'EADDRINUSE', syscall: 'listen' });
  const again = await startSampleSites({ world, ports: { news: ports.news } });
  expect(again.ports.news).toBe(ports.news);
  await again.close();
});

test('closing does not wait for a reader that hangs', async () => {
  const own = await startSampleSites({ world, faults: { news: () => 'timeout' } });
  const hanging = fetch(own.addresses.news).catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await own.close();
  expect(await hanging).toBeInstanceOf(Error);
});

test('each fault fails in its own way, and only where it was asked for', async () => {
  const plan = { rss: (path: string) => (path === '/rss.xml' ? ('html-for-feed' as const) : null) };
  const own = await startSampleSites({
    world,
    clock: () => anchor,
    faults: {
      ...plan,
      news: () => '500',
      forum: () => 'truncated-gzip',
      atom: () => 'redirect-loop',
      jsonfeed: () => 'huge',
    },
  });
  try {
    expect((await fetch(own.addresses.news)).status).toBe(500);
    // fetch forgives a packed stream that stops; zlib does not.
    const packed = await rawBody(own.ports.forum);
    expect(() => gunzipSync(packed)).toThrow('unexpected end of file');
    await expect(fetch(own.addresses.atom)).rejects.toThrow();
    const feed = await fetch(`${own.addresses.rss}/rss.xml`);
    expect(feed.headers.get('content-type')).toContain('text/html');
    await feed.text();
    expect((await fetch(own.addresses.rss)).status).toBe(200);
    let bytes = 0;
    for await (const part of (await fetch(own.addresses.jsonfeed)).body ?? []) {
      bytes += (part as Uint8Array).length;
      if (bytes > 10_000_000) break;
    }
    expect(bytes).toBeGreaterThan(10_000_000);
  } finally {
    await own.close();
  }
});
