import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extractPage } from '../crawler/extract/article.ts';

const DATA = join(import.meta.dirname, '../../shared/data/extraction');

type ChinesePage = { id: string; host: string; date: string; html: string; gold: string };
type EnglishTruth = Record<string, { articleBody: string; url: string }>;
type Counts = { both: number; extra: number; missing: number };

function read(name: string): Buffer {
  try {
    return readFileSync(join(DATA, name));
  } catch (cause) {
    throw new Error(`The extraction data is absent: put it at ${DATA} (see shared/data/README.md)`, {
      cause,
    });
  }
}

/** All runs of four tokens with their counts; a shorter text is one run. */
function grams(tokens: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  const last = Math.max(1, tokens.length - 3);
  for (let i = 0; i < last && tokens.length > 0; i++) {
    const gram = tokens.slice(i, i + 4).join('\u0001');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** Shingles shared, only found and only in the truth, counted with repetitions. */
export function compare(truth: readonly string[], found: readonly string[]): Counts {
  const a = grams(truth);
  const b = grams(found);
  let both = 0;
  let total = 0;
  let predicted = 0;
  for (const count of a.values()) total += count;
  for (const [gram, count] of b) {
    predicted += count;
    both += Math.min(count, a.get(gram) ?? 0);
  }
  return { both, extra: predicted - both, missing: total - both };
}

/** Mean precision over pages with an answer, mean recall over pages with a truth, and their harmonic mean. */
export function score(pages: readonly Counts[]): { precision: number; recall: number; f1: number } {
  const mean = (values: number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const precision = mean(pages.filter((c) => c.both + c.extra > 0).map((c) => c.both / (c.both + c.extra)));
  const recall = mean(pages.filter((c) => c.both + c.missing > 0).map((c) => c.both / (c.both + c.missing)));
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall || 1) };
}

/** Tokens as the article-extraction benchmark takes them. */
export const words = (text: string): string[] => text.match(/[\p{L}\p{N}_]+/gu) ?? [];
/** Characters without white space, which Chinese layouts strew about. */
export const characters = (text: string): string[] => [...text.replace(/\s+/gu, '')];

/** The Chinese pages with their hand-made texts. */
export function chinesePages(): ChinesePage[] {
  const lines = gunzipSync(read('chinese.jsonl.gz')).toString('utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as ChinesePage);
}

/** The English pages with their hand-made texts. */
export function englishPages(): { id: string; url: string; html: string; gold: string }[] {
  const truth = JSON.parse(read('english/ground-truth.json').toString('utf8')) as EnglishTruth;
  const names = new Set(readdirSync(join(DATA, 'english')));
  return Object.entries(truth)
    .filter(([id]) => names.has(`${id}.html.gz`))
    .map(([id, { url, articleBody }]) => ({
      id,
      url,
      gold: articleBody,
      html: gunzipSync(read(`english/${id}.html.gz`)).toString('utf8'),
    }));
}

const DAY = 86_400_000;
const SHANGHAI = 8 * 3_600_000;

/** Days from the day a page was collected (YYYYMMDD) to the Shanghai day of `at`. */
function daysAfter(collected: string, at: number): number {
  const day = Date.UTC(
    Number(collected.slice(0, 4)),
    Number(collected.slice(4, 6)) - 1,
    Number(collected.slice(6)),
  );
  return Math.floor((at + SHANGHAI) / DAY) - day / DAY;
}

// News is collected within days of its publication; the collector's clock ran in Europe, so that what Shanghai
// published after midnight carries the day before.
const agrees = (collected: string, at: number): boolean =>
  daysAfter(collected, at) >= -3 && daysAfter(collected, at) <= 1;

/** True when the page writes down a full date that agrees, anywhere outside scripts and addresses. */
function showsDate(page: ChinesePage): boolean {
  const text = page.html.replace(/<script[\s\S]*?<\/script>|\b(?:href|src)\s*=\s*["'][^"']*/gi, '');
  for (const match of text.matchAll(/(20\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)/g)) {
    const at = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) - SHANGHAI;
    if (agrees(page.date, at)) return true;
  }
  return false;
}

type ChineseResult = { counts: Counts; textOnly: Counts; shows: boolean; agrees: boolean; complete: boolean };

function readChinese(page: ChinesePage): ChineseResult {
  // A crawler comes within a day or so: late on the day after the collector did.
  const now = Date.parse(`${page.date.replace(/(\d{4})(\d\d)(\d\d)/, '$1-$2-$3')}T12:00:00+08:00`) + DAY;
  const found = extractPage(page.html, `http://${page.host}/`, now);
  const gold = characters(page.gold);
  return {
    counts: compare(gold, characters(`${found.title ?? ''}\n${found.text ?? ''}`)),
    textOnly: compare(gold, characters(found.text ?? '')),
    shows: showsDate(page),
    agrees: found.publishedAt !== null && agrees(page.date, found.publishedAt),
    complete: found.title !== null && found.publishedAt !== null && (found.text?.length ?? 0) > 100,
  };
}

/** The page without any name that its authors gave to a part of it: what is left tells rules from names learned by heart. */
const unnamed = (page: ChinesePage): ChinesePage => ({
  ...page,
  html: page.html
    .replace(/\s(?:class|id)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi, '')
    .replace(/<(\/?)(?:article|main|header|footer|nav|aside|section)\b/gi, '<$1div'),
});

/**
 * How well pages are read, against texts made by hand. Needs ../shared/data/extraction, throws when it is absent.
 *
 * - `chineseF1`: shingles of 4 characters without white space, headline and text together, as the hand-made texts begin
 *   with the headline. Mean precision and mean recall over pages, and their harmonic mean.
 * - `englishF1`: shingles of 4 words, text only, the same means: the rule of the article-extraction benchmark.
 * - `publishedAtShare`: of the Chinese pages that write down a full date from three days before to one day after the day
 *   on which they were collected, the share whose found date lies in that span. The set has no date made by hand.
 */
export async function bench(): Promise<Record<string, number>> {
  const started = performance.now();
  const chinese = chinesePages().map(readChinese);
  const english = englishPages().map((page) =>
    compare(words(page.gold), words(extractPage(page.html, page.url, Date.UTC(2019, 11, 1)).text ?? '')),
  );
  const took = performance.now() - started;
  const rows = {
    'Chinese, headline and text': score(chinese.map((one) => one.counts)),
    'Chinese, without class, id and semantic elements': score(
      chinesePages().map((page) => readChinese(unnamed(page)).counts),
    ),
    'Chinese, text only': score(chinese.map((one) => one.textOnly)),
    English: score(english),
  };
  console.table(rows);
  const dated = chinese.filter((one) => one.shows);
  const publishedAtShare = dated.filter((one) => one.agrees).length / Math.max(1, dated.length);
  console.table({
    'Chinese pages': chinese.length,
    'with title, date and text > 100 characters': chinese.filter((one) => one.complete).length,
    'that show a date': dated.length,
    'whose date was found': dated.filter((one) => one.agrees).length,
    'English pages': english.length,
    'milliseconds per page, reading and scoring':
      Math.round((took / (chinese.length + english.length)) * 10) / 10,
  });
  return { chineseF1: rows['Chinese, headline and text'].f1, englishF1: rows.English.f1, publishedAtShare };
}
