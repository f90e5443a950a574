import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a source of the bench behaves. */
type Behaviour = (site: Site, response: ServerResponse, asked: { etag: string | undefined }) => void;

type Site = {
  key: string;
  /** From 0, for telling sites of one kind apart. */
  nth: number;
  /** Items there are by now; new ones come at a rate of the site's own. */
  items: () => number;
  /** Unix ms at which everything began. */
  since: number;
};

export type MixedSource = { key: string; kind: 'feed' | 'site'; host: string; url: string; sort: string };

const LISTED = 20;
const MINUTE = 60_000;

const behaviours: Record<string, { count: number; kind?: 'site'; oneHost?: true; answer: Behaviour }> = {
  fast: { count: 270, answer: (site, response) => sendFeed(site, response) },
  unchanged: { count: 50, answer: sendUnlessKnown },
  slow: {
    count: 40,
    answer: (site, response) => void setTimeout(() => sendFeed(site, response), 1_000 + site.nth * 100),
  },
  hanging: { count: 15, answer: () => {} },
  dripping: { count: 10, answer: drip },
  // Every second quarter of a minute: asked to wait for between 5 and 100 seconds.
  'too-many': {
    count: 20,
    answer: (site, response) =>
      inTurn(site, 15_000)
        ? void response.writeHead(429, { 'retry-after': String(5 + site.nth * 5) }).end()
        : sendFeed(site, response),
  },
  'server-error': {
    count: 25,
    answer: (site, response) =>
      inTurn(site, 45_000) ? void response.writeHead(503).end('503') : sendFeed(site, response),
  },
  big: { count: 10, answer: (site, response) => sendFeed(site, response, 3_000_000) },
  broken: { count: 15, kind: 'site', answer: (site, response) => sendBroken(site, response) },
  loop: { count: 10, answer: (site, response) => void response.writeHead(302, { location: '/feed' }).end() },
  'not-a-feed': {
    count: 10,
    answer: (_, response) => void response.end('<html><body><h1>请先登录</h1></body></html>'),
  },
  gone: { count: 5, answer: (_, response) => void response.writeHead(404).end() },
  'same-host': { count: 20, oneHost: true, answer: (site, response) => sendFeed(site, response) },
};

export const MIXED_SOURCES = Object.values(behaviours).reduce((sum, { count }) => sum + count, 0);

/**
 * Serves 500 sites of mixed behaviour on loopback, each under an address of its own (127.0.x.y), but for those that share one.
 */
export async function startMixedSites(): Promise<{ sources: MixedSource[]; close(): void }> {
  const sites = new Map<string, { site: Site; answer: Behaviour }>();
  const server = createServer((request, response) => {
    const found = sites.get(`${request.headers.host} ${request.url?.split('?')[0]}`);
    if (request.url === '/robots.txt') return void response.writeHead(404).end();
    const article = /^\/item\/(\d+)$/.exec(request.url ?? '');
    if (article) return void response.end(articlePage(Number(article[1])));
    if (!found) return void response.writeHead(404).end();
    found.answer(found.site, response, { etag: request.headers['if-none-match'] });
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  const since = Date.now();
  const sources: MixedSource[] = [];
  for (const [sort, { count, kind = 'feed', oneHost, answer }] of Object.entries(behaviours)) {
    for (let nth = 0; nth < count; nth += 1) {
      const number = oneHost ? sources.length - nth : sources.length;
      const host = `127.0.${1 + Math.floor(number / 200)}.${1 + (number % 200)}:${port}`;
      const path = oneHost ? `/feed-${nth}` : '/feed';
      const key = `${sort}-${nth}`;
      // From a new item every half minute to one in half an hour.
      const every = 30_000 * 2 ** (nth % 7);
      const site = { key, nth, since, items: () => LISTED + Math.floor((Date.now() - since) / every) };
      sites.set(`${host} ${path}`, { site, answer });
      sources.push({ key, kind, host, url: `http://${host}${path}`, sort });
    }
  }
  return {
    sources,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Whether the site is in the bad half of its turn, which differs from site to site. */
function inTurn({ since, nth }: Site, length: number): boolean {
  return Math.floor((Date.now() - since + nth * 3_000) / length) % 2 === 1;
}

function sendFeed(site: Site, response: ServerResponse, padding = 0): void {
  response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8' }).end(feed(site, padding));
}

function sendUnlessKnown(site: Site, response: ServerResponse, { etag }: { etag: string | undefined }): void {
  const now = `"${site.items()}"`;
  if (etag === now) return void response.writeHead(304).end();
  response.writeHead(200, { 'content-type': 'application/rss+xml', etag: now }).end(feed(site, 0));
}

/** A byte now and then: it never ends by itself. */
function drip(site: Site, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/rss+xml' });
  let at = 0;
  const text = feed(site, 0);
  const timer = setInterval(() => void response.write(text[at++] ?? ' '), 500);
  response.on('close', () => clearInterval(timer));
}

function sendBroken(site: Site, response: ServerResponse): void {
  const newest = site.items();
  const links = Array.from(
    { length: LISTED },
    (_, n) => `<li><a href=/item/${newest - n}>${title(site, newest - n)}<td></b><p class="x`,
  );
  response
    .writeHead(200, { 'content-type': 'text/html' })
    .end(`<html><body><div><ul class=list>${links.join('">\n')}`);
}

function feed(site: Site, padding: number): string {
  const newest = site.items();
  const items = Array.from({ length: LISTED }, (_, n) => {
    const id = newest - n;
    const at = new Date(site.since - MINUTE * (LISTED - id)).toUTCString();
    // Long enough to be the whole text: nothing has to be read behind the links.
    const text = `${title(site, id)}，办理情况向社会公开，邀请代表、委员和群众到场旁听并发表意见。`.repeat(8);
    return `<item><title>${title(site, id)}</title><link>http://${site.key}.example/${id}</link>
      <guid>${site.key}-${id}</guid><pubDate>${at}</pubDate><description>${text}</description></item>`;
  });
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>${site.key}</title>${' '.repeat(padding)}${items.join('\n')}</channel></rss>`;
}

const title = (site: Site, id: number) => `${site.key} 第 ${id} 条：检察机关公开第 ${id} 件案件的办理结果`;

function articlePage(id: number): string {
  return `<html><head><title>第 ${id} 条</title></head><body><h1>第 ${id} 条：公开听证</h1><p>2026-11-22 08:00</p>
    <div>${`<p>第 ${id} 件案件的公开听证会在当天举行，人大代表、政协委员和群众代表到场发表意见。</p>`.repeat(6)}</div>`;
}
