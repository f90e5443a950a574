import type { SiteSource } from '../../config/sources.ts';
import type { Draft } from '../../store/drafts.ts';
import { NotGot } from '../errors.ts';
import { extractPage } from '../extract/article.ts';
import { canonicalUrl } from '../extract/canonical.ts';
import { articleLinks, nextPage } from '../extract/links.ts';
import { extractBySelectors } from '../extract/selectors.ts';
import type { Extracted } from '../extract/types.ts';
import type { Conditional } from '../fetch/fetcher.ts';
import { runRequests } from '../run-requests.ts';
import type { VisitKind, VisitTools } from './contract.ts';
import { readThread } from './thread.ts';

type Settings = SiteSource['settings'];

/** Drafts handed on together: small enough that the first ones are searchable soon, large enough to be one transaction. */
const BATCH = 40;

/** Articles of one host fetched at the same time; the pace keeper lets one request through at a time all the same. */
const CONCURRENCY = 4;
const RETRIES = 2;

/**
 * List page → articles or threads. Without selectors the links, the text and everything else are found automatically.
 */
export const visitSite: VisitKind<'site'> = async (source, tools) => {
  const settings = source.settings as Settings;
  const list = await readList(source.url, settings, tools);
  if (list === null) return { unchanged: true };
  // What one page gave stays together: a thread whose first floor is stored counts as known, so that its other floors
  // have to be stored with it or not at all.
  const pages: Draft[][] = [];
  const waiting = () => pages.reduce((sum, drafts) => sum + drafts.length, 0);
  const flush = async (least: number) => {
    while (waiting() >= least) {
      const batch = pages.splice(0, enough(pages));
      try {
        await tools.emit(batch.flat());
      } catch (error) {
        pages.unshift(...batch);
        throw error;
      }
    }
  };
  const outcome = await runRequests(
    list.toFetch,
    async (url) => {
      pages.push(await readLinked(url, source.outlet ?? source.name, settings, tools));
      // What cannot be handed on now (a database that restarts) is not this page's fault: it is tried again with the next
      // batch and at the end, where it fails the visit.
      await flush(BATCH).catch(() => {});
    },
    { concurrency: CONCURRENCY, retries: RETRIES },
  );
  await flush(1);
  for (const failure of outcome.failures) tools.missed(failure.url, failure.reason);
  return {
    unchanged: false,
    expected: list.expected,
    got: list.expected - outcome.failures.length,
    conditional: list.conditional,
  };
};

/** How many of the pages make a batch: whole ones, until there are enough drafts. */
function enough(pages: readonly Draft[][]): number {
  let drafts = 0;
  const last = pages.findIndex((page) => (drafts += page.length) >= BATCH);
  return last < 0 ? pages.length : last + 1;
}

type List = { expected: number; toFetch: string[]; conditional: Conditional };

/** The linked pages still to be read, the newest first. Null when the first list page has not changed. */
async function readList(start: string, settings: Settings, tools: VisitTools): Promise<List | null> {
  const listed = new Set<string>();
  const toFetch: string[] = [];
  const seenPages = new Set<string>();
  let conditional: Conditional = { etag: null, lastModified: null };
  let address: string | null = start;
  for (
    let number = 0;
    address !== null && number < settings.list.maxPages && !seenPages.has(address);
    number += 1
  ) {
    seenPages.add(address);
    let page: Awaited<ReturnType<typeof tools.readers.list.getText>>;
    try {
      page = await tools.readers.list.getText(
        address,
        number === 0 && !tools.deep ? tools.conditional : undefined,
      );
    } catch (error) {
      // Without its first page there is no list; behind it, what was listed so far is still to be had.
      if (number === 0 || !(error instanceof NotGot)) throw error;
      tools.missed(address, error);
      break;
    }
    if (page === null) return null;
    if (number === 0) conditional = { etag: page.etag, lastModified: page.lastModified };
    const links = articleLinks(page.text, page.url, settings.list.link).flatMap(
      (link) => canonicalUrl(link.url, page.url) ?? [],
    );
    const here = links.filter((link) => !listed.has(link));
    if (here.length === 0) break;
    for (const link of here) listed.add(link);
    const unknown = await tools.unknown(here);
    // A thread grows: those on the first page are read again for their new floors; and after a visit that was cut short,
    // all of them, since one whose first page is known may lack its second.
    const again = settings.thread !== undefined && (number === 0 || tools.deep);
    const wanted = again ? here : here.filter((link) => unknown.has(link));
    toFetch.push(...wanted);
    if (unknown.size === 0 && !tools.deep) break;
    address = nextPage(page.text, page.url, settings.list.next);
  }
  if (listed.size === 0) throw new NotGot('no-items');
  return { expected: listed.size, toFetch, conditional };
}

async function readLinked(
  url: string,
  outlet: string,
  settings: Settings,
  tools: VisitTools,
): Promise<Draft[]> {
  if (settings.thread) return readThread(url, outlet, settings.thread, tools);
  const page = await tools.readers.linked.getText(url);
  if (page === null) throw new NotGot('no-text');
  const found = settings.article
    ? extractBySelectors(page.text, page.url, tools.now, settings.article)
    : extractPage(page.text, page.url, tools.now);
  return draftsOf(found, url, outlet);
}

/** An article and the comments under it. @throws NotGot `no-text` */
export function draftsOf(found: Extracted, url: string, outlet: string): Draft[] {
  if (found.text === null || found.text === '') throw new NotGot('no-text');
  const article: Draft = {
    kind: 'article',
    url,
    externalId: null,
    parentUrl: null,
    title: found.title,
    text: found.text,
    publishedAt: found.publishedAt,
    outlet: found.outlet ?? outlet,
    counts: { likes: null, comments: found.comments.length > 0 ? found.comments.length : null, shares: null },
  };
  const repeats = new Map<string, number>();
  return [
    article,
    ...found.comments.map((comment): Draft => ({
      kind: 'comment',
      url,
      externalId: floorId(url, comment.text, repeats),
      parentUrl: url,
      title: null,
      text: comment.text,
      publishedAt: comment.publishedAt,
      outlet,
      counts: { likes: comment.likes, comments: null, shares: null },
    })),
  ];
}

/**
 * Comments mostly carry no id that a page shows, and "3 小时前" changes from visit to visit: a comment is told by its
 * page, its words, and which of the same words it is. Pages only grow at their end, so that the count is stable.
 * @param repeats words → how often they have come on this page so far; counted up here
 */
export function floorId(pageUrl: string, text: string, repeats: Map<string, number>): string {
  const nth = (repeats.get(text) ?? 0) + 1;
  repeats.set(text, nth);
  return `${pageUrl}#${nth}#${text}`;
}
