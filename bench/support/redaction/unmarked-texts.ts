import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Lesson } from './name-training.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data');
/** Sentences of other lengths are titles without a sentence, or lists. In UTF-16 units. */
const SHORTEST = 8;
const LONGEST = 400;

type Row = Record<string, unknown>;

/** Posts whose names are marked; which of them are of public figures is not known, so these are left open. */
export function postsWithoutNames(): Lesson[] {
  return lines('personal-data/weiboner_2nd_train.jsonl').map((row) => ({
    text: row.text as string,
    names: [],
    ignored: (row.spans as [number, number, string][])
      .filter(([, , kind]) => kind.startsWith('PER.NAM'))
      .map(([start, end]) => [start, end] as const),
  }));
}

function pages(): unknown[] {
  const path = join(DATA, 'extraction/chinese.jsonl.gz');
  if (!existsSync(path)) return [];
  return rows(gunzipSync(readFileSync(path)).toString('utf8')).map(({ gold }) => gold);
}

function lines(file: string): Row[] {
  return rows(readOr(file));
}

function rows(content: string): Row[] {
  return content
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Row);
}

function readOr(file: string): string {
  const path = join(DATA, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** About so many sentences of other texts, spread over all of them, which may hold names unmarked. Nothing where the data is absent. */
export function plainTexts(most: number): Lesson[] {
  const texts = [
    ...lines('search/dev_docs.jsonl').map(({ text }) => text),
    ...lines('events/posts.jsonl').map(({ text }) => text),
    ...readOr('hot-search/judicial-topics.tsv')
      .split('\n')
      .flatMap((line) => line.split('\t')),
    ...lines('sentiment/smp2020_virus_train.jsonl').map(({ content, text }) => content ?? text),
    ...lines('near-duplicates/sohu_dc.jsonl').flatMap((row) => Object.values(row)),
    ...pages(),
  ]
    .filter((text): text is string => typeof text === 'string')
    .flatMap((text) => text.split(/(?<=[。！？!?\n])/u))
    .map((text) => text.trim())
    .filter((text) => text.length >= SHORTEST && text.length <= LONGEST && !text.includes('某'));
  return texts
    .filter((_, at) => (at * 7919) % texts.length < most)
    .map((text) => ({ text, names: [], open: true }));
}
