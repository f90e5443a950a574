import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Jieba } from '@node-rs/jieba';
import { dictionary, lawTerms, type DictionaryEntry } from '../../config/dictionary.ts';
import { fold } from './fold.ts';

export type Segmenter = {
  /** Cuts a folded text into pieces, punctuation and space among them: together they are the text. */
  cut(text: string): string[];
};

/**
 * The dictionary that comes with jieba, without its 200,000 words that were seen twice or three times: they take half of
 * the memory and make the cut worse (F on the Weibo treebank .823 with them, .834 without).
 */
const LEAST_FREQUENCY = 4;

/** Wins over the same characters as two ordinary words: jieba weighs a cut by the product of frequencies in 60 million. */
const OWN_FREQUENCY = 1000;
const LAW_FREQUENCY = 200;

/**
 * A segmenter by jieba's dictionary, the words of the law and `entries`, which win over both. The dictionary (20 MB) is
 * read at the first cut: a process that never cuts does not hold it. Words that no dictionary has stay single
 * characters; jieba's guesses (HMM) make the cut worse (F .825) and would make words of people's names.
 */
export function makeSegmenter(entries: readonly DictionaryEntry[]): Segmenter {
  let jieba: Jieba | null = null;
  return {
    cut(text) {
      jieba ??= load(entries);
      return jieba.cut(text, false);
    },
  };
}

let shipped: Segmenter | null = null;

/** By the dictionary that ships with the program. */
export function shippedSegmenter(): Segmenter {
  return (shipped ??= makeSegmenter(dictionary));
}

const require = createRequire(import.meta.url);

function load(entries: readonly DictionaryEntry[]): Jieba {
  const binding = require('@node-rs/jieba') as typeof import('@node-rs/jieba');
  const own = [
    ...lawTerms.map((word) => `${word} ${LAW_FREQUENCY}`),
    ...entries.map(({ word, frequency = OWN_FREQUENCY }) => `${fold(word).replace(/\s/gu, '')} ${frequency}`),
  ];
  const base = frequentWords(require.resolve('@node-rs/jieba/dict.txt'));
  // In one call: loading a second list later takes another 8 MB.
  return binding.Jieba.withDict(
    Buffer.concat([...base, Buffer.from(`${own.filter((line) => !line.startsWith(' ')).join('\n')}\n`)]),
  );
}

const SPACE = 0x20;
const NEWLINE = 0x0a;
const CHUNK = 1 << 17;

/**
 * Of a file of lines `word frequency tag` those of frequent words, without tags, in lower case. Read as bytes and in
 * pieces: strings take longer, and the whole file at once leaves the process 6 MB larger for good.
 */
function frequentWords(path: string): Buffer[] {
  const file = openSync(path, 'r');
  try {
    const kept: Buffer[] = [];
    const chunk = Buffer.alloc(CHUNK);
    let held = 0;
    for (;;) {
      const read = readSync(file, chunk, held, CHUNK - held, null);
      const end = chunk.lastIndexOf(NEWLINE, held + read - 1) + 1;
      if (read === 0 || end === 0) return kept;
      kept.push(frequentLines(chunk.subarray(0, end)));
      chunk.copy(chunk, 0, end, held + read);
      held += read - end;
    }
  } finally {
    closeSync(file);
  }
}

function frequentLines(lines: Buffer): Buffer {
  const kept = Buffer.allocUnsafe(lines.length);
  let length = 0;
  for (let start = 0; start < lines.length; start = lines.indexOf(NEWLINE, start) + 1) {
    let end = lines.indexOf(SPACE, start) + 1;
    let frequency = 0;
    for (; isDigit(lines[end] as number); end += 1)
      frequency = frequency * 10 + (lines[end] as number) - 0x30;
    if (frequency < LEAST_FREQUENCY) continue;
    for (let at = start; at < end; at += 1) kept[length++] = lowerCase(lines[at] as number);
    kept[length++] = NEWLINE;
  }
  return Buffer.from(kept.subarray(0, length));
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
/** Of ASCII; the bytes of other characters lie above. */
const lowerCase = (byte: number) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);
