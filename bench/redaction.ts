import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { personalData } from '../indexer/redaction/find.ts';
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
import sentences from './support/redaction/sentences.json' with { type: 'json' };

const FILE = join(import.meta.dirname, '../../shared/data/personal-data/paragraphs.jsonl');

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
 * - `nameRecall`, `namePrecision`: names of private persons, to the character, in the sentences kept out of tuning
 *   (`sentences.json` says how). Those used for tuning and the names of the paragraphs stand beside.
 * - `institutionFalseAlarms`: of the sentences that name institutions, offices, laws, places and people who act publicly,
 *   those in which anything at all is masked.
 *
 * `--misses` prints what was missed in those for tuning and nothing of the others; no text of the data is printed.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
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
  const halves = { tuning: none(), 'kept out': none(), odd: none() };
  const misses: Miss[] = [];
  for (const marked of sentences.keptOut)
    halves['kept out'] = add(halves['kept out'], measureNames(marked).count);
  for (const marked of sentences.oddNames) halves.odd = add(halves.odd, measureNames(marked).count);
  for (const marked of sentences.tuning) {
    const { count, miss } = measureNames(marked);
    halves.tuning = add(halves.tuning, count);
    if (miss.missed.length + miss.wrong.length > 0) misses.push(miss);
  }
  const alarms = sentences.institutions.filter((text) => personalData(text).length > 0);
  console.table({
    'numbers: paragraphs': row(stored),
    'numbers: made here': row(shapes),
    'names: sentences, kept out': row(halves['kept out']),
    'names: sentences, kept out, odd names': row(halves.odd),
    'names: sentences, tuning': row(halves.tuning),
    'names: paragraphs, doctors too': row(ofParagraphs),
    'ends of addresses: paragraphs': row(addresses),
  });
  console.log(`sentences about institutions: ${sentences.institutions.length}, masked in: ${alarms.length}`);
  console.log(
    `${microseconds(sentences.institutions).toFixed(1)} µs of processor time for a sentence of those`,
  );
  if (args.includes('--misses')) {
    for (const { text, missed, wrong } of misses)
      console.log(`${text}\n  missed: ${missed.join(' ')}  wrong: ${wrong.join(' ')}`);
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
    nameRecall: recall(halves['kept out']),
    namePrecision: precision(halves['kept out']),
    institutionFalseAlarms: alarms.length,
  };
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
