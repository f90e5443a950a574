import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { Sentiment } from '../../../store/posts.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data');

/** A text of a public set with its label among three. */
export type Labelled = { text: string; label: Sentiment };

/**
 * What is learnt from: sets of labelled posts, and two of texts that report. `blind` and `written` are of this field (comments on cases, complaints, praise, questions, reports), all fictional and made for this:
 * the former by a writer who knew nothing of the program.
 */
export type Corpora = Record<(typeof LABELLED)[number], Labelled[]> & {
  titles: string[];
  pages: string[];
};

export const LABELLED = ['virus', 'nlpcc', 'covid', 'weibo', 'blind', 'written'] as const;

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

/** @throws Error that says where the data is missing */
export function readCorpora(): Corpora {
  return {
    virus: smp('smp2020_virus_train.jsonl'),
    nlpcc: csv('nlpcc2013_train_sentences.csv', NLPCC),
    covid: csv('covid19_weibo_7emotions.csv', COVID),
    weibo: csv('weibo2018_train.csv', WEIBO),
    blind: field('field-blind.tsv'),
    written: field('field-written.tsv'),
    titles: titles(),
    pages: pages(),
  };
}

/** The sets that are measured on; nothing of them is learnt from before. `field`: by another writer who knew nothing. */
export function readEvaluation(): Record<'usual' | 'virus' | 'field', Labelled[]> {
  return {
    usual: smp('smp2020_usual_eval_labeled.jsonl'),
    virus: smp('smp2020_virus_eval_labeled.jsonl'),
    field: field('field-held-out.tsv'),
  };
}

/** Lines of label and text beside this file. */
function field(file: string): Labelled[] {
  const lines = readFileSync(join(import.meta.dirname, file), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [label, text] = line.split('\t') as [Sentiment, string];
    return { text, label };
  });
}

type Row = { label: string; text: string };

function smp(file: string): Labelled[] {
  const lines = text('sentiment', file).trim().split('\n');
  const rows = lines
    .map((line) => JSON.parse(line) as { content: string; label: string })
    .map(({ content, label }) => ({ text: content, label }));
  return labelled(rows, SMP);
}

function csv(file: string, labels: Record<string, Sentiment>): Labelled[] {
  const rows: Row[] = parse(text('sentiment', file), { columns: true, bom: true });
  return labelled(rows, labels);
}

function labelled(rows: readonly Row[], labels: Record<string, Sentiment>): Labelled[] {
  return rows.flatMap(({ text, label }) => {
    const known = labels[label];
    return known ? [{ text, label: known }] : [];
  });
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
