import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plain } from '../indexer/people/lexicon.ts';
import { personalData } from '../indexer/redaction/find.ts';
import { namesIn } from '../indexer/redaction/names.ts';
import type { NameTables } from '../indexer/redaction/naming/tables.ts';
import { numbersIn } from '../indexer/redaction/numbers.ts';
import type { RedactionType } from '../indexer/redaction/types.ts';
import { made } from './support/redaction/made.ts';
import {
  add,
  measureNames,
  measureSpans,
  none,
  precision,
  recall,
  type Count,
  type Miss,
  type Span,
} from './support/redaction/measure.ts';
import institutionFile from './support/redaction/institutions.json' with { type: 'json' };
import keptOutHardFile from './support/redaction/kept-out-hard.json' with { type: 'json' };
import keptOutFile from './support/redaction/kept-out.json' with { type: 'json' };
import { learnNames, sets } from './support/redaction/lessons.ts';
import type { Named } from './support/redaction/name-training.ts';

const FILE = join(import.meta.dirname, '../../shared/data/personal-data/paragraphs.jsonl');
const MODEL = join(import.meta.dirname, '../config/defaults/name-model.bin');

const keptOut = keptOutFile as unknown as Named[];
const keptOutHard = keptOutHardFile as unknown as Named[];
const { institutions } = institutionFile;

/** Kinds of the spans there, and of those made here, and the types with which they are masked. */
const STRUCTURED: Record<string, readonly RedactionType[]> = {
  idCardNumbers: ['id-card'],
  phoneNumbers: ['mobile', 'landline'],
  emailAddress: ['email'],
  bankCard: ['bank-card'],
};
const NUMBERS: readonly RedactionType[] = [
  ...(['id-card', 'mobile', 'landline', 'email', 'bank-card'] as const),
  ...(['passport', 'permit', 'plate', 'wechat', 'qq'] as const),
];

/**
 * How much of what points at persons is masked, and how much else.
 *
 * - `structuredRecall`, `structuredPrecision`: identity numbers, telephone numbers, e-mail addresses and bank cards; the
 *   lower of two: the synthetic paragraphs of ../shared/data/personal-data (throws when absent; they hold no cards), and
 *   paragraphs made here with a fixed seed, in which numbers of all four kinds are written in many ways between numbers
 *   that are nobody's. How is counted, says `measureSpans`.
 * - `nameRecall`, `namePrecision`: names of private persons, to the character, in the texts kept out of training
 *   (`kept-out.json`: texts about cases, with names as in life; by somebody who had seen nothing of the program or of the
 *   other texts). Beside: others kept out that were made to be as hard as texts get (`kept-out-hard.json`: half of them told
 *   in everyday words, many names that are words), those trained with (`named.json`) and the names of the paragraphs.
 * - `institutionFalseAlarms`: of the sentences that name institutions, offices, laws, places and people who act publicly,
 *   those in which anything at all is masked.
 *
 * `--ship` trains the model of names first and writes the file that ships with the program; the same data gives the same
 * file, byte for byte. `--cross` measures on each set a model trained with the others: by these figures everything about it
 * is chosen. `--misses` prints what was missed in those sets and nothing of the texts kept out; no text of ../shared/data is
 * printed.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args,
    options: {
      ship: { type: 'boolean', default: false },
      cross: { type: 'boolean', default: false },
      misses: { type: 'boolean', default: false },
    },
  });
  if (values.ship) ship();
  if (values.cross) cross(values.misses);
  if (!existsSync(FILE)) throw new Error(`the development data is absent: ${FILE}`);
  const paragraphs = readFileSync(FILE, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { text: string; spans: Span[] });

  // Card numbers stand in the paragraphs too, without spans: there they are not looked at.
  const stored = total(
    paragraphs,
    STRUCTURED,
    NUMBERS.filter((type) => type !== 'bank-card'),
  );
  const shapes = total(made(2_000), STRUCTURED, NUMBERS);
  const ofParagraphs = total(paragraphs, { name: ['name'], doctor: ['name'] }, ['name']);
  // The county stays: what has to be masked of an address is its end.
  const ends = paragraphs.map(({ text, spans }) => {
    return { text, spans: spans.map(([start, end, kind]): Span => [Math.max(start, end - 3), end, kind]) };
  });
  const addresses = total(ends, { location: ['address'] }, ['address']);
  const misses: Miss[] = [];
  const ofTraining = [...sets].map(([name, texts]) => {
    const measured = texts.map((text) => measureNames(text));
    misses.push(...measured.map(({ miss }) => miss));
    return [
      `names: trained with, ${name}`,
      row(measured.map(({ count }) => count).reduce(add, none())),
    ] as const;
  });
  const [ofKeptOut, ofHard] = [keptOut, keptOutHard].map((texts) =>
    texts.map((text) => measureNames(text).count).reduce(add, none()),
  ) as [Count, Count];
  const alarms = institutions.filter((text) => personalData(text).length > 0);
  console.table({
    'numbers: paragraphs': row(stored),
    'numbers: made here': row(shapes),
    'names: kept out': row(ofKeptOut),
    'names: kept out, hard': row(ofHard),
    ...Object.fromEntries(ofTraining),
    'names: paragraphs, doctors too': row(ofParagraphs),
    'ends of addresses: paragraphs': row(addresses),
  });
  console.log(`sentences about institutions: ${institutions.length}, masked in: ${alarms.length}`);
  console.log(`${microseconds(institutions).toFixed(1)} µs of processor time for a sentence of those`);
  if (values.misses) {
    print(misses);
    for (const text of alarms)
      console.log(
        `${text}\n  ${personalData(text)
          .map(({ start, end, type }) => `${type}: ${text.slice(start, end)}`)
          .join(' ')}`,
      );
  }
  return {
    structuredRecall: Math.min(recall(stored), recall(shapes)),
    structuredPrecision: Math.min(precision(stored), precision(shapes)),
    nameRecall: recall(ofKeptOut),
    namePrecision: precision(ofKeptOut),
    institutionFalseAlarms: alarms.length,
  };
}

function ship(): void {
  const before = process.cpuUsage();
  const { bytes } = learnNames();
  console.log(`trained in ${(process.cpuUsage(before).user / 1e6).toFixed(1)} s of processor time`);
  const isSame = existsSync(MODEL) && Buffer.compare(readFileSync(MODEL), bytes) === 0;
  writeFileSync(MODEL, bytes);
  console.log(isSame ? `${MODEL} is as it was` : `wrote ${MODEL}`);
}

/** Each set by a model of the others, for some eases. */
function cross(withMisses: boolean): void {
  const eases = [0, 0.5, 1, 1.5, 2, 2.5];
  const all = eases.map(none);
  for (const [name, texts] of sets) {
    const tables = learnNames([name]);
    const chosen = tables.ease;
    const rows = eases.map((more, at) => {
      tables.ease = more;
      const find = (text: string) => places(text, tables);
      const measured = texts.map((text) => measureNames(text, find));
      if (withMisses && more === chosen) print(measured.map(({ miss }) => miss));
      const count = measured.map((each) => each.count).reduce(add, none());
      all[at] = add(all[at]!, count);
      return count;
    });
    console.log(`${name.padEnd(10)} ${eases.map((ease, at) => brief(ease, rows[at]!)).join('  ')}`);
  }
  console.log(`${'all'.padEnd(10)} ${eases.map((ease, at) => brief(ease, all[at]!)).join('  ')}`);
}

function brief(ease: number, count: Count): string {
  return `${ease}: ${recall(count).toFixed(3)}/${precision(count).toFixed(3)}`;
}

function places(text: string, tables: NameTables): [number, number][] {
  const told = plain(text);
  return namesIn(told, numbersIn(told), tables).map(({ start, end }) => [start, end]);
}

function print(misses: readonly Miss[]): void {
  for (const { text, missed, wrong } of misses)
    if (missed.length + wrong.length > 0)
      console.log(`${text}\n  missed: ${missed.join(' ')}  wrong: ${wrong.join(' ')}`);
}

function total(
  texts: readonly { text: string; spans: readonly Span[] }[],
  types: Readonly<Record<string, readonly RedactionType[]>>,
  looked: readonly RedactionType[],
): Count {
  return texts.reduce((sum, { text, spans }) => add(sum, measureSpans(text, spans, types, looked)), none());
}

function row(count: Count) {
  return {
    ...count,
    recall: Number(recall(count).toFixed(4)),
    precision: Number(precision(count).toFixed(4)),
  };
}

function microseconds(texts: readonly string[]): number {
  const rounds = 100;
  const begin = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) for (const text of texts) personalData(text);
  return process.cpuUsage(begin).user / (rounds * texts.length);
}
