import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chosen } from '../indexer/sentiment/chosen.ts';
import { LABELS, LinearModel } from '../indexer/sentiment/model.ts';
import { train } from '../indexer/sentiment/train.ts';
import type { SentimentModel } from '../indexer/sentiment/types.ts';
import {
  LABELLED,
  readCorpora,
  readEvaluation,
  type Corpora,
  type Labelled,
} from './support/sentiment/corpora.ts';
import { keyOf, lessonsOf, nearKeyOf, read } from './support/sentiment/lessons.ts';
import { confusion, macroF1, table, type Confusion } from './support/sentiment/scores.ts';

/** Sets of which parts can be held out. */
const MEASURED = LABELLED.filter((set) => set !== 'written');

const MODEL = join(import.meta.dirname, '../config/defaults/sentiment-model.bin');

/**
 * How well feelings are told on two public sets of posts with three labels, and on fictional texts of this field by somebody
 * who did not know the program (`fieldMacroF1`), by a model that has seen none of them: trained here on the other sets, of which
 * rows are dropped that stand in these. Needs ../shared/data, throws when it is absent.
 *
 * `--ship` trains on everything, these sets too, and writes the model that ships with the program. The same data gives the
 * same file, byte for byte. `--held-out` measures on parts of the training sets instead: by these settings are chosen.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args,
    options: { ship: { type: 'boolean', default: false }, 'held-out': { type: 'boolean', default: false } },
  });
  if (values['held-out']) return heldOut();
  const evaluation = readEvaluation();
  const corpora = withoutRepeats(readCorpora(), evaluation.field);
  const keys = new Set(Object.values(evaluation).flatMap((rows) => rows.map(({ text }) => keyOf(text))));
  const before = process.cpuUsage();
  const { bytes, size, dropped } = learn(corpora, keys);
  const model = new LinearModel(bytes);
  console.log(`${size} texts to learn from; ${dropped} left out that stand in the sets measured on`);
  console.log(`trained in ${(process.cpuUsage(before).user / 1e6).toFixed(1)} s of processor time`);
  const figures = {
    usualMacroF1: measure('usual', evaluation.usual, model),
    virusMacroF1: measure('virus', evaluation.virus, model),
    fieldMacroF1: measure('field', evaluation.field, model),
    microsecondsPerPost: speed(model, evaluation.virus),
  };
  console.log(`\n${repeatsLeftOutThere(corpora, evaluation)}`);
  if (values.ship) {
    const { usual, virus, field } = evaluation;
    const everything = {
      ...corpora,
      virus: [...corpora.virus, ...virus, ...usual],
      blind: [...corpora.blind, ...field],
    };
    writeFileSync(MODEL, learn(everything, new Set()).bytes);
    console.log(`wrote ${MODEL}`);
  }
  return figures;
}

/** Short remarks are written by more than one: those of our own field that nearly stand in what is measured are left out. */
function withoutRepeats(corpora: Corpora, measured: readonly Labelled[]): Corpora {
  const keys = new Set(measured.map(({ text }) => nearKeyOf(text)));
  const apart = (rows: readonly Labelled[]) => rows.filter(({ text }) => !keys.has(nearKeyOf(text)));
  return { ...corpora, blind: apart(corpora.blind), written: apart(corpora.written) };
}

/** A model of these sets, but for the texts with these keys (`key` makes them). */
function learn(
  corpora: Corpora,
  without: ReadonlySet<string>,
  key = keyOf,
): { bytes: Uint8Array; size: number; dropped: number } {
  const { lessons, dropped } = lessonsOf(corpora, without, key);
  return { bytes: train(lessons), size: lessons.length, dropped };
}

/**
 * The figures of a model that learns from whole training sets, on the rows that do not stand in those: the other way to keep
 * the two sides apart.
 */
function repeatsLeftOutThere(corpora: Corpora, evaluation: ReturnType<typeof readEvaluation>): string {
  const learnt = new Set(LABELLED.flatMap((set) => corpora[set].map(({ text }) => keyOf(text))));
  const model = new LinearModel(learn(corpora, new Set()).bytes);
  const figures = (['usual', 'virus'] as const).map((name) => {
    const rows = evaluation[name].filter(({ text }) => !learnt.has(keyOf(text)));
    return `${name} ${macroF1(count(rows, model)).toFixed(4)} (${rows.length} posts)`;
  });
  return `with what repeats left out here and not there, macro F1: ${figures.join(', ')}`;
}

function count(rows: readonly Labelled[], model: SentimentModel): Confusion {
  const judged = rows.map(({ text, label }) => {
    const { analysed, words } = read(text);
    return { label, judged: chosen(model.judge(analysed, words)) };
  });
  return confusion(judged);
}

/** Prints the confusion table of a set; its macro F1. */
function measure(name: string, rows: readonly Labelled[], model: SentimentModel): number {
  const counts = count(rows, model);
  console.log(`\n${name}: ${rows.length} posts, macro F1 ${macroF1(counts).toFixed(4)}\n${table(counts)}`);
  return macroF1(counts);
}

/** Microseconds of processor time per post of about 60 characters. */
function speed(model: SentimentModel, rows: readonly Labelled[]): number {
  const posts = rows
    .map(({ text }) => read(text))
    .filter(({ analysed }) => analysed.length >= 50 && analysed.length <= 70);
  const judgeAll = (rounds: number) => {
    for (let round = 0; round < rounds; round += 1) {
      for (const { analysed, words } of posts) model.judge(analysed, words);
    }
  };
  judgeAll(20);
  const before = process.cpuUsage();
  judgeAll(100);
  return process.cpuUsage(before).user / (100 * posts.length);
}

/**
 * Three of five parts, each measured by a model trained on the other four, without texts that nearly stand on both sides; sets
 * without neutral posts by their two labels. What was written for training is only learnt from.
 */
function heldOut(): Record<string, number> {
  const corpora = readCorpora();
  const figures: Record<string, number> = {};
  for (const part of [0, 1, 2]) {
    const isOut = (at: number) => at % 5 === part;
    const kept = { ...corpora };
    const out = {} as Record<(typeof MEASURED)[number], Labelled[]>;
    for (const set of MEASURED) {
      out[set] = corpora[set].filter((_, at) => isOut(at));
      kept[set] = corpora[set].filter((_, at) => !isOut(at));
    }
    const keys = new Set(MEASURED.flatMap((set) => out[set].map(({ text }) => nearKeyOf(text))));
    const model = new LinearModel(learn(kept, keys, nearKeyOf).bytes);
    for (const set of MEASURED) {
      const two = set === 'covid' || set === 'weibo';
      const judged = out[set].map(({ text, label }) => {
        const { analysed, words } = read(text);
        const found = model.judge(analysed, words);
        return { label, judged: chosen(two ? { ...found, neutral: 0 } : found) };
      });
      const labels = two ? (['negative', 'positive'] as const) : LABELS;
      figures[set] = (figures[set] ?? 0) + macroF1(confusion(judged), labels) / 3;
    }
  }
  return figures;
}
