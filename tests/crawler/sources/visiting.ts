import type { Draft } from '../../../store/drafts.ts';
import type { SourceRow } from '../../../store/sources.ts';
import type { PageMemory } from '../../../crawler/sources/contract.ts';
import { visitSource, type VisitReport } from '../../../crawler/visit.ts';
import { openFetcher, type LocalSite } from '../fetch/local-site.ts';

export const now = Date.UTC(2026, 10, 22, 4, 0, 0);

/** A source as its table keeps it. */
export function sourceOf(kind: SourceRow['kind'], url: string, settings: object = {}): SourceRow {
  const defaults =
    kind === 'site' || kind === 'browser'
      ? { list: { maxPages: 3 } }
      : kind === 'feed'
        ? { fullText: 'never' }
        : {};
  return {
    id: 1,
    officeId: 1,
    key: 'local',
    name: '云州日报',
    kind,
    url,
    outlet: null,
    enabled: true,
    intervalSeconds: 900,
    longestIntervalSeconds: null,
    settings: { ...defaults, ...settings } as SourceRow['settings'],
    etag: null,
    lastModified: null,
  };
}

export type Visited = VisitReport & {
  drafts: Draft[];
  /** How many drafts came together, each time. */
  batches: number[];
};

/** Visits a source as the crawl role does, but for the database: `known` are the ids and addresses stored already. */
export async function visit(
  source: SourceRow,
  options: {
    known?: Iterable<string>;
    deep?: boolean;
    emit?: (drafts: Draft[]) => Promise<void>;
    secrets?: Record<string, string>;
    pages?: PageMemory;
    since?: number;
  } = {},
): Promise<Visited> {
  const known = new Set(options.known);
  const drafts: Draft[] = [];
  const batches: number[] = [];
  const report = await visitSource(source, {
    fetcher: openFetcher(),
    now,
    deep: options.deep ?? false,
    secrets: options.secrets ?? {},
    ...(options.pages ? { pages: options.pages } : {}),
    since: options.since ?? null,
    unknown: async (items) => new Set(items.filter((item) => !known.has(item))),
    async emit(batch) {
      await options.emit?.(batch);
      batches.push(batch.length);
      drafts.push(...batch);
      for (const draft of batch) known.add(draft.externalId ?? draft.url);
    },
  });
  return { ...report, drafts, batches };
}

/** Enough words for an article, all different for each number. */
export const articleText = (number: number): string =>
  Array.from(
    { length: 4 },
    (_, line) =>
      `第${number}号通报第${line + 1}段：云州市人民检察院依法办理了一批案件，并就有关情况向社会作了说明，欢迎监督。`,
  ).join('\n');

export const articlePage = (
  number: number,
): string => `<!doctype html><html><head><title>通报${number}号</title></head>
<body><nav><a href="/">首页</a></nav><article><h1>云州检察通报第${number}号</h1>
<p class="meta"><span class="time">2026-11-22 08:${String(number % 60).padStart(2, '0')}</span></p>
<div class="text">${articleText(number)
  .split('\n')
  .map((line) => `<p>${line}</p>`)
  .join('')}</div></article></body></html>`;

/** Puts articles and the list pages that name them on a site: `perPage` on each, newest first. */
export function publish(site: LocalSite, numbers: readonly number[], perPage = numbers.length): void {
  const pages = Math.max(1, Math.ceil(numbers.length / perPage));
  for (let page = 1; page <= pages; page += 1) {
    const items = numbers
      .slice((page - 1) * perPage, page * perPage)
      .map((n) => `<li><a href="/2026/1122/a${n}.html">云州检察通报第${n}号：案件办理情况</a></li>`);
    const next = page < pages ? `<a class="next" href="/list/${page + 1}.html">下一页</a>` : '';
    site.routes[`/list/${page}.html`] =
      `<html><head><title>通报</title></head><body><ul class="list">${items.join('')}</ul><div class="pager">${next}</div></body></html>`;
  }
  for (const n of numbers) site.routes[`/2026/1122/a${n}.html`] = articlePage(n);
}

export const articleAddress = (site: LocalSite, number: number): string =>
  `${site.origin}/2026/1122/a${number}.html`;
