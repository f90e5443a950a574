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
import { keyOf, lessonsOf, read } from './support/sentiment/lessons.ts';
import { confusion, macroF1, table, type Confusion } from './support/sentiment/scores.ts';
import { withUnlabelled } from './support/sentiment/self-training.ts';

const MODEL = join(import.meta.dirname, '../config/defaults/sentiment-model.bin');

/**
 * How well feelings are told on two public sets of posts with three labels, by a model that has seen neither: trained here on
 * the other sets, of which rows are dropped that stand in these two. Needs ../shared/data, throws when it is absent.
 *
 * `--ship` trains on everything, these two sets too, and writes the model that ships with the program. The same data gives the
 * same file, byte for byte. `--held-out` measures on parts of the training sets instead: by these settings are chosen.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args,
    options: { ship: { type: 'boolean', default: false }, 'held-out': { type: 'boolean', default: false } },
  });
  if (values['held-out']) return heldOut();
  const corpora = readCorpora();
  const evaluation = readEvaluation();
  const keys = new Set(Object.values(evaluation).flatMap((rows) => rows.map(({ text }) => keyOf(text))));
  const before = process.cpuUsage();
  const { bytes, size, dropped } = learn(corpora, keys);
  const model = new LinearModel(bytes);
  console.log(`${size} texts to learn from; ${dropped} left out that stand in the sets measured on`);
  console.log(`trained in ${(process.cpuUsage(before).user / 1e6).toFixed(1)} s of processor time`);
  const figures = {
    usualMacroF1: measure('usual', evaluation.usual, model),
    virusMacroF1: measure('virus', evaluation.virus, model),
    microsecondsPerPost: speed(model, evaluation.virus),
  };
  console.log(`\n${repeatsLeftOutThere(corpora, evaluation)}`);
  if (values.ship) {
    const everything = { ...corpora, virus: [...corpora.virus, ...evaluation.virus, ...evaluation.usual] };
    writeFileSync(MODEL, learn(everything, new Set()).bytes);
    console.log(`wrote ${MODEL}`);
  }
  return figures;
}

/** A model of these sets, but for the texts with these keys. */
function learn(
  corpora: Corpora,
  without: ReadonlySet<string>,
): { bytes: Uint8Array; size: number; dropped: number } {
  const { lessons, dropped } = lessonsOf(corpora, without);
  const all = withUnlabelled(lessons, corpora, without);
  return { bytes: train(all), size: all.length, dropped };
}

/**
 * The figures of a model that learns from whole training sets, on the rows that do not stand in those: the other way to keep
 * the two sides apart.
 */
function repeatsLeftOutThere(corpora: Corpora, evaluation: ReturnType<typeof readEvaluation>): string {
  const learnt = new Set(LABELLED.flatMap((set) => corpora[set].map(({ text }) => keyOf(text))));
  for (const text of corpora.unlabelled) learnt.add(keyOf(text));
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

/** Five parts, each measured by a model trained on the other four; sets without neutral posts by their two labels. */
function heldOut(): Record<string, number> {
  const corpora = readCorpora();
  const figures: Record<string, number> = {};
  for (const part of [0, 1, 2]) {
    const isOut = (at: number) => at % 5 === part;
    const kept = { ...corpora };
    const out = {} as Record<(typeof LABELLED)[number], Labelled[]>;
    for (const set of LABELLED) {
      out[set] = corpora[set].filter((_, at) => isOut(at));
      kept[set] = corpora[set].filter((_, at) => !isOut(at));
    }
    const keys = new Set(LABELLED.flatMap((set) => out[set].map(({ text }) => keyOf(text))));
    const model = new LinearModel(learn(kept, keys).bytes);
    for (const set of LABELLED) {
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
