/** Query parameters that number the pages of one thing. `p` and `pn` do only where the first page goes without. */
const PAGE_PARAM =
  /^(?:page|paged|pg|p|pn|c?page_?(?:no|num|number|index|id)?|cur(?:rent)?_?page|page_?start|start|offset)$/iu;
const OFFSET_PARAM = /^(?:page_?start|start|offset)$/iu;
/** A thing of more pages than this is not one thing. */
const MOST_PAGES = 2_000;
const MOST_OFFSET = 100_000;

/**
 * What comes between an address and its page number: `_2`, `-2`, `/2`, `/page/2`, `/page-2`, `/p2`,
 * `/comment-page-2`, `,2`.
 */
const SUFFIX = /^(?:[_\-,/]|\/?[_-]?(?:comment-?)?(?:page|p)[_\-/]?)(\d{1,4})\/?$/iu;
const EXTENSION = /\.(?:s?html?|php|aspx?|jsp|htm|do)$/iu;

/**
 * Which page of the same article, thread or list an address is, as its number in the address says: `a.html` and `a_2.html`,
 * `thread-9-1-1.html` and `thread-9-2-1.html`, `?id=9` and `?id=9&page=2` are of one series, `1001.html` and `1002.html` are not.
 * @param first the first page's own address
 * @returns the number, which only orders the pages (counting from 0, 1, or in items); null: another thing
 */
export function numberInSeries(address: URL, first: URL): number | null {
  if (address.host !== first.host) return null;
  const query = queryDifference(address, first);
  const path = pathDifference(address.pathname, first.pathname);
  if (query === null || path === null) return null;
  // Either the path or the query counts, never both.
  if (query === 0) return path === 0 ? null : path;
  return path === 0 ? query : null;
}

/** The page number in the query; 0 when the queries are the same, null when they differ in anything else. */
function queryDifference(address: URL, first: URL): number | null {
  let number = 0;
  const names = new Set([...address.searchParams.keys(), ...first.searchParams.keys()]);
  for (const name of names) {
    const value = address.searchParams.get(name);
    const before = first.searchParams.get(name);
    if (value === before) continue;
    const most = OFFSET_PARAM.test(name) ? MOST_OFFSET : MOST_PAGES;
    const isFirst = before === null || (/^[01]$/u.test(before) && name.length > 2);
    if (!PAGE_PARAM.test(name) || !isFirst || number !== 0) return null;
    // Page 2 of a thread may drop a parameter that page 1 had: no other page does.
    if (value === null || !/^\d{1,6}$/u.test(value) || Number(value) > most || Number(value) === 0)
      return null;
    number = Number(value);
  }
  return number;
}

/** The page number in the path; 0 when the paths are the same, null when they differ in anything else. */
function pathDifference(path: string, first: string): number | null {
  if (path === first || path === `${first}/` || `${path}/` === first) return 0;
  const stem = first.replace(EXTENSION, '').replace(/\/(?:index)?$/u, '');
  const ours = path.replace(EXTENSION, '');
  for (const start of [stem, `${stem}/index`]) {
    if (start === '' || !ours.startsWith(start)) continue;
    const number = SUFFIX.exec(ours.slice(start.length))?.[1];
    if (number !== undefined) return Number(number);
  }
  return numberedDifference(ours, first.replace(EXTENSION, ''));
}

/** `thread-9-1-1` → `thread-9-2-1`: one number that was 1 (or 0) has changed, and another one names the thing. */
function numberedDifference(ours: string, first: string): number | null {
  const [a, b] = [ours.split(/(\d+)/u), first.split(/(\d+)/u)];
  if (a.length !== b.length || a.length < 5) return null;
  const changed = a.flatMap((piece, at) => (piece === b[at] ? [] : [at]));
  const [at] = changed;
  if (changed.length !== 1 || at === undefined || at % 2 === 0) return null;
  const [value = '', before = '', lead = ''] = [a[at], b[at], a[at - 1]];
  if (!/^[01]$/u.test(before) || value.length > 4 || Number(value) === 0) return null;
  return /(?:[_\-,]|page[/-]?|\/p)$/iu.test(lead) ? Number(value) : null;
}
