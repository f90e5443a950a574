import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotGot } from '../crawler/errors.ts';
import { readDate } from '../crawler/extract/dates.ts';
import { feedEntries, type FeedEntry } from '../crawler/extract/feed-document.ts';
import { plainText } from '../crawler/extract/plain-text.ts';
import { decodeBody } from '../crawler/fetch/encoding.ts';
import { absolute, statementOf, type StatedEntry, type Statement } from './support/feed-statements.ts';

const FILE = join(import.meta.dirname, '../../shared/data/feeds/feedvalidator-cases.jsonl');
/** Where the documents are said to come from: relative links count from here. */
const URL_OF_ALL = 'https://feeds.example/folder/feed.xml';

type Case = { path: string; expect: string | null; body_b64: string };
type Result = { path: string; verdict: string; seconds: number; differences: string[] };

/**
 * How feed documents are read: the test cases of the W3C feed validator (../shared/data/feeds, throws when absent),
 * exact bytes, through `decodeBody` and `feedEntries` as a visit reads them.
 *
 * What a document states is read by a second, strict and namespace-aware reader (`feed-statements.ts`); the case's own
 * expectation tells which of its dates are right. A feed counts as parsed when there are as many entries as stated, in
 * the same order, and of each entry the title (as its reader sees it), the link (made absolute), the id and the date
 * are ones that the document states, and nothing where it states nothing. A date whose form the case expects to be
 * right, or that has the form of RFC 3339 or RFC 822 with a zone, must also be read as that very moment.
 *
 * - `parsedShare`: of the documents that are feeds. Of those that are no sound XML, only the number of entries counts;
 *   those that the case itself expects to be broken XML are told apart and do not count here.
 * - `crashes`: documents, of all kinds, that end in anything else than entries or the recorded reason `not-a-feed`.
 * - `slowestSeconds`: the longest time for one document, reading of bytes included.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  if (!existsSync(FILE)) throw new Error(`the development data is absent: ${FILE}`);
  const cases = readFileSync(FILE, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);
  const results = cases.map(judge);
  const count = (verdict: string) => results.filter((one) => one.verdict === verdict).length;
  const wrong = results.filter((one) => one.verdict === 'feed: not as stated');
  console.table(
    Object.fromEntries([...new Set(results.map((one) => one.verdict))].sort().map((v) => [v, count(v)])),
  );
  for (const one of wrong.slice(0, args.includes('--all') ? wrong.length : 20))
    console.log(`${one.path}: ${one.differences.slice(0, 3).join('; ')}`);
  const parsed = count('feed: as stated');
  return {
    parsedShare: parsed / (parsed + wrong.length),
    crashes: count('crash'),
    slowestSeconds: Math.max(...results.map((one) => one.seconds)),
  };
}

function judge({ path, expect, body_b64 }: Case): Result {
  const bytes = Buffer.from(body_b64, 'base64');
  const started = performance.now();
  let entries: FeedEntry[] | null = null;
  let crashed = false;
  let text = '';
  try {
    text = decodeBody(bytes, null).text;
    entries = feedEntries(text, URL_OF_ALL);
  } catch (error) {
    crashed = !(error instanceof NotGot);
  }
  const seconds = (performance.now() - started) / 1000;
  const statement = statementOf(text, URL_OF_ALL);
  if (crashed) return { path, verdict: 'crash', seconds, differences: [] };
  if (statement.kind === 'other' || (statement.kind === 'broken' && !statement.feed)) {
    const verdict = entries === null ? 'no feed: refused' : 'no feed: read all the same';
    return { path, verdict, seconds, differences: [] };
  }
  if (statement.kind === 'broken' && /^(?:SAXError|UnicodeError|UnknownEncoding)/.test(expect ?? '')) {
    const verdict = entries === null ? 'broken on purpose: refused' : 'broken on purpose: read all the same';
    return { path, verdict, seconds, differences: [] };
  }
  const differences = compare(statement, entries, expect ?? '');
  const verdict = differences.length === 0 ? 'feed: as stated' : 'feed: not as stated';
  return { path, verdict, seconds, differences };
}

function compare(statement: Statement, entries: FeedEntry[] | null, expect: string): string[] {
  if (entries === null) return ['refused'];
  if (statement.kind === 'broken')
    return entries.length === statement.begun
      ? []
      : [`${entries.length} entries of ${statement.begun} begun`];
  if (statement.kind === 'other') return [];
  if (entries.length !== statement.entries.length)
    return [`${entries.length} entries of ${statement.entries.length}`];
  return entries.flatMap((entry, at) => differencesOf(statement.entries[at] as StatedEntry, entry, expect));
}

function differencesOf(stated: StatedEntry, entry: FeedEntry, expect: string): string[] {
  const found: string[] = [];
  const check = (what: string, got: string | null, any: string[]) => {
    const right = any.filter((one) => one !== '');
    if (right.length === 0 ? (got ?? '') !== '' : !right.includes(got ?? ''))
      found.push(`${what} is ${JSON.stringify(got)}, stated ${JSON.stringify(any)}`);
  };
  const fold = (text: string) => text.replace(/\s+/g, ' ').trim();
  check(
    'title',
    fold(plainText(entry.title ?? '')),
    stated.titles.map(({ value, as }) => fold(as === 'html' ? plainText(value) : value)),
  );
  check('link', entry.link === null ? null : absolute(entry.link, URL_OF_ALL), stated.links);
  check('id', entry.id, stated.ids);
  check('date', entry.date, stated.dates);
  const moment = entry.date === null ? null : momentOf(entry.date, expect);
  if (moment !== null && entry.date !== null) {
    const read = readDate(entry.date, Date.UTC(2026, 10, 22));
    // Fractions of a second are of no use to anybody here.
    const right =
      moment === 'any'
        ? read !== null
        : read !== null && Math.floor(read / 1000) === Math.floor(moment / 1000);
    if (!right)
      found.push(`date ${entry.date} is read as ${read === null ? 'none' : new Date(read).toISOString()}`);
  }
  return found;
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;
const RFC_822 =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d(?::\d\d)? (?:GMT|UT|[ECMP][SD]T|[+-]\d{4})$/;

/** The moment that a date means beyond doubt; `any` when the case calls it right without its saying the zone. */
function momentOf(date: string, expect: string): number | 'any' | null {
  if (RFC_3339.test(date) || RFC_822.test(date)) {
    const at = Date.parse(date.replace(/ UT$/, ' GMT'));
    // 31 June is no date; `Date.parse` reads it as 1 July.
    const day = Number(/^\d{4}-\d\d-(\d\d)/.exec(date)?.[1] ?? 0);
    const exists = day <= 28 || new Date(`${date.slice(0, 10)}T00:00:00Z`).getUTCDate() === day;
    if (!Number.isNaN(at) && exists) return at;
  }
  const calledRight = /^(?:Valid(?:RFC2822|W3CDTF)Date|!Invalid(?:RFC3339|W3CDTF|RFC2822)Date)/.test(expect);
  // A year or a month alone is a right W3C date, but tells no day.
  return calledRight && !/^\d{4}(?:-\d\d)?$/.test(date) ? 'any' : null;
}
