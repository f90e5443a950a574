import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { Sentiment } from '../../../store/posts.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data');

/** A text of a public set with its label among three. */
export type Labelled = { text: string; label: Sentiment };

/** What is learnt from: sets of labelled posts, two of texts that report, and posts without a label among three. */
export type Corpora = Record<(typeof LABELLED)[number], Labelled[]> & {
  titles: string[];
  pages: string[];
  unlabelled: string[];
};

export const LABELLED = ['virus', 'nlpcc', 'covid', 'weibo'] as const;

const SMP: Record<string, Sentiment> = {
  ...{ angry: 'negative', sad: 'negative', fear: 'negative' },
  ...{ neutral: 'neutral', happy: 'positive' },
};
const NLPCC: Record<string, Sentiment> = {
  ...{ disgust: 'negative', sadness: 'negative', anger: 'negative', fear: 'negative' },
  ...{ none: 'neutral', like: 'positive', happiness: 'positive' },
};
/** Numbers instead of names: fear, disgust, optimism, gratitude, sadness, anger; surprise (3) is neither. */
const COVID: Record<string, Sentiment> = {
  ...{ 0: 'negative', 1: 'negative', 5: 'negative', 6: 'negative' },
  ...{ 2: 'positive', 4: 'positive' },
};
const WEIBO: Record<string, Sentiment> = { 0: 'negative', 1: 'positive' };

const FILES = {
  virus: 'smp2020_virus_train.jsonl',
  nlpcc: 'nlpcc2013_train_sentences.csv',
  covid: 'covid19_weibo_7emotions.csv',
};

/** @throws Error that says where the data is missing */
export function readCorpora(): Corpora {
  return {
    virus: smp(FILES.virus),
    nlpcc: csv(FILES.nlpcc, NLPCC),
    covid: csv(FILES.covid, COVID),
    weibo: csv('weibo2018_train.csv', WEIBO),
    titles: titles(),
    pages: pages(),
    unlabelled: unlabelled(),
  };
}

/** The two sets that are measured on; nothing of them is learnt from before. */
export function readEvaluation(): Record<'usual' | 'virus', Labelled[]> {
  return { usual: smp('smp2020_usual_eval_labeled.jsonl'), virus: smp('smp2020_virus_eval_labeled.jsonl') };
}

type Row = { label: string; text: string };

const smp = (file: string): Labelled[] => labelled(smpRows(file), SMP);

function smpRows(file: string): Row[] {
  const lines = text('sentiment', file).trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as { content: string; label: string })
    .map(({ content, label }) => ({ text: content, label }));
}

const csv = (file: string, labels: Record<string, Sentiment>): Labelled[] => labelled(csvRows(file), labels);

const csvRows = (file: string): Row[] => parse(text('sentiment', file), { columns: true, bom: true });

function labelled(rows: readonly Row[], labels: Record<string, Sentiment>): Labelled[] {
  return rows.flatMap(({ text, label }) => {
    const known = labels[label];
    return known ? [{ text, label: known }] : [];
  });
}

/** Posts whose label is none of three (surprise), and posts about events of the same months. */
function unlabelled(): string[] {
  const lines = text('events', 'posts.jsonl').trim().split('\n');
  const sets = [
    { rows: smpRows(FILES.virus), labels: SMP },
    { rows: csvRows(FILES.nlpcc), labels: NLPCC },
    { rows: csvRows(FILES.covid), labels: COVID },
  ];
  return [
    ...sets.flatMap(({ rows, labels }) => rows.filter(({ label }) => !labels[label]).map(({ text }) => text)),
    ...lines.map((line) => (JSON.parse(line) as { text: string }).text),
  ];
}

/** Titles of law and crime on a board of hot searches: grim for the most part, and reported. */
function titles(): string[] {
  const rows: { title: string; description: string }[] = parse(text('hot-search', 'judicial-topics.tsv'), {
    ...{ columns: true, delimiter: '\t', quote: null, relax_column_count: true },
  });
  return rows
    .flatMap(({ title, description }) => [title, description])
    .filter((line) => (line?.length ?? 0) > 5);
}

/** Paragraphs of news pages, at most four of each. */
function pages(): string[] {
  const lines = gunzipSync(bytes('extraction', 'chinese.jsonl.gz')).toString().trim().split('\n');
  return lines.flatMap((line) =>
    (JSON.parse(line) as { gold: string }).gold
      .split('\n')
      .filter((paragraph) => paragraph.length >= 30)
      .slice(0, 4),
  );
}

const text = (...path: string[]): string => bytes(...path).toString('utf8');

function bytes(...path: string[]): Buffer {
  try {
    return readFileSync(join(DATA, ...path));
  } catch (cause) {
    throw new Error(`The sentiment data is absent: put it at ${DATA} (see shared/data/README.md)`, { cause });
  }
}
