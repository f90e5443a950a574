import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extractPage } from '../crawler/extract/article.ts';
import { shanghaiParts } from '../crawler/extract/calendar.ts';

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

export const words = (text: string): string[] => text.match(/[\p{L}\p{N}_]+/gu) ?? [];
export const characters = (text: string): string[] => [...text.replace(/\s+/gu, '')];

export function chinesePages(): ChinesePage[] {
  const lines = gunzipSync(read('chinese.jsonl.gz')).toString('utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as ChinesePage);
}

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

const dayOf = (at: number): string => {
  const { year, month, day } = shanghaiParts(at);
  return `${year}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`;
};

/** See the benchmark's key figures in the shared list. */
export async function bench(): Promise<Record<string, number>> {
  const chinese: Counts[] = [];
  const chineseTextOnly: Counts[] = [];
  let agree = 0;
  let dated = 0;
  let complete = 0;
  for (const page of chinesePages()) {
    const found = extractPage(page.html, `http://${page.host}/`, Date.UTC(2012, 1, 1));
    chinese.push(compare(characters(page.gold), characters(`${found.title ?? ''}\n${found.text ?? ''}`)));
    chineseTextOnly.push(compare(characters(page.gold), characters(found.text ?? '')));
    if (found.publishedAt !== null) {
      dated++;
      if (dayOf(found.publishedAt) === page.date) agree++;
    }
    if (found.title && found.publishedAt !== null && (found.text?.length ?? 0) > 100) complete++;
  }
  const english = englishPages().map((page) =>
    compare(words(page.gold), words(extractPage(page.html, page.url, Date.now()).text ?? '')),
  );
  console.table({
    chinese: score(chinese),
    'chinese, text only': score(chineseTextOnly),
    english: score(english),
  });
  console.log({ complete, dated, agree });
  return {
    chineseF1: score(chinese).f1,
    englishF1: score(english).f1,
    publishedAtShare: agree / Math.max(1, dated),
  };
}
