import type { SiteSource } from '../../config/sources.ts';
import { NotGot } from '../errors.ts';
import { canonicalUrl } from '../extract/canonical.ts';
import { articleLinks, nextPage } from '../extract/links.ts';
import type { Conditional } from '../fetch/fetcher.ts';
import type { VisitKind, VisitTools } from './contract.ts';
import { readLinked } from './linked.ts';
import { sitemapLinks } from './sitemap.ts';
import { readThread } from './thread.ts';
import { readWhole } from './whole-page.ts';

type Settings = SiteSource['settings'];

/** Pages that one visit reads, where the settings say nothing: at two seconds each, a quarter of an hour. */
const MOST_ITEMS = 500;

/**
 * List page → articles or threads. Without selectors the links, the text and everything else are found automatically.
 */
export const visitSite: VisitKind<'site'> = async (source, tools) => {
  const settings = source.settings as Settings;
  const outlet = source.outlet ?? source.name;
  const list = await readList(source.url, settings, tools);
  const { thread } = settings;
  const linked = await readLinked(
    {
      wanted: list?.wanted ?? [],
      most: settings.list.maxItems ?? MOST_ITEMS,
      growing: thread !== undefined,
      read: (url) =>
        thread ? readThread(url, outlet, thread, tools) : readWhole(url, outlet, settings, tools),
    },
    tools,
  );
  if (list === null && linked.owed === 0 && linked.failed === 0) return { unchanged: true };
  const expected = (list?.expected ?? 0) - linked.gone + linked.owed;
  return {
    unchanged: false,
    expected,
    got: expected - linked.notGot,
    conditional: list?.conditional ?? tools.conditional,
  };
};

type List = { expected: number; wanted: string[]; conditional: Conditional };

/** The linked pages to be read, the newest first. Null when the first list page has not changed. */
async function readList(start: string, settings: Settings, tools: VisitTools): Promise<List | null> {
  const listed = new Set<string>();
  const wanted: string[] = [];
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
    wanted.push(...(again ? here : here.filter((link) => unknown.has(link))));
    // Pages that are gone, or rest after failing, are unknown for good: behind them nothing need be new.
    const barred = await tools.pages.barred([...unknown]);
    if (barred.size === unknown.size && !tools.deep) break;
    address = nextPage(page.text, page.url, settings.list.next);
  }
  const { sitemap = 'auto' } = settings.list;
  let any = false;
  if (sitemap !== 'never' && (sitemap !== 'auto' || listed.size === 0)) {
    const map = await sitemapLinks(start, sitemap === 'auto' ? null : sitemap, tools);
    any = map.any;
    // The map may change while the list page does not.
    conditional = { etag: null, lastModified: null };
    const more = map.links.filter((link) => !listed.has(link));
    const unknown = await tools.unknown(more);
    for (const link of more) listed.add(link);
    wanted.push(...more.filter((link) => unknown.has(link)));
  }
  if (listed.size === 0 && !any) throw new NotGot('no-items');
  return { expected: listed.size, wanted, conditional };
}
