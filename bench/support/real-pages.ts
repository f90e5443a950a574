import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Fetcher } from '../../crawler/fetch/fetcher.ts';
import { visitSource } from '../../crawler/visit.ts';
import type { Draft } from '../../store/drafts.ts';
import type { SourceRow } from '../../store/sources.ts';

const FILE = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'extraction', 'chinese.jsonl.gz');
const PER_LIST_PAGE = 30;

/**
 * Serves the Chinese news pages of the development data as one site on loopback and crawls them as a source without any
 * selector: list pages, next-page links, articles.
 * @returns how many pages there are, how many were got, and how many of them have a title, a date and a text of more
 *   than 100 characters
 */
export async function crawlRealPages(): Promise<{ pages: number; got: number; complete: number }> {
  if (!existsSync(FILE)) throw new Error(`the development data is absent: ${FILE}`);
  const pages = gunzipSync(readFileSync(FILE))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { html: string }).html);
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const list = /^\/list\/(\d+)\.html$/.exec(path);
    const page = /^\/article\/(\d+)\.html$/.exec(path);
    const body = list ? listPage(Number(list[1]), pages.length) : page ? pages[Number(page[1])] : undefined;
    // No charset is declared: what the pages themselves declare, rightly or not, is all there is.
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'text/html' }).end(body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fetcher = new Fetcher({
    contact: 'bench',
    officeName: 'bench',
    requestTimeoutSeconds: 20,
    maxPageMegabytes: 8,
    paceSeconds: 0,
    allowPrivateHosts: ['127.0.0.1'],
  });
  const drafts: Draft[] = [];
  try {
    const report = await visitSource(sourceAt(`${origin}/list/0.html`), {
      fetcher,
      now: Date.now(),
      deep: true,
      unknown: async (items) => new Set(items),
      emit: async (batch) => void drafts.push(...batch.filter((draft) => draft.kind === 'article')),
    });
    console.log(
      `visit: ${report.outcome}, ${report.got} of ${report.expected} pages, not got: ${JSON.stringify(report.failures)}`,
    );
  } finally {
    await fetcher.close();
    server.close();
    server.closeAllConnections();
  }
  const complete = drafts.filter(
    (draft) => draft.title && draft.publishedAt !== null && draft.text.length > 100,
  );
  return { pages: pages.length, got: drafts.length, complete: complete.length };
}

function listPage(number: number, count: number): string {
  const first = number * PER_LIST_PAGE;
  const items = Array.from(
    { length: Math.max(0, Math.min(PER_LIST_PAGE, count - first)) },
    (_, n) => first + n,
  );
  const links = items
    .map((n) => `<li><a href="/article/${n}.html">第 ${n} 篇新闻报道的标题</a></li>`)
    .join('');
  const next = first + PER_LIST_PAGE < count ? `<a href="/list/${number + 1}.html">下一页</a>` : '';
  return `<!doctype html><meta charset="utf-8"><title>新闻</title><ul>${links}</ul><p>${next}</p>`;
}

function sourceAt(url: string): SourceRow {
  return {
    id: 1,
    officeId: 1,
    key: 'real-pages',
    name: 'real pages',
    kind: 'site',
    url,
    outlet: null,
    enabled: true,
    longestIntervalSeconds: null,
    intervalSeconds: 3600,
    settings: { list: { maxPages: 50 } },
    etag: null,
    lastModified: null,
  };
}
