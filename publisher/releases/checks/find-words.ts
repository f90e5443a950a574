import type { WordList } from '../../../config/release-words.ts';
import type { PartName } from '../plain.ts';
import type { Checked, Found } from './types.ts';

type Hit = { word: string; start: number; end: number };

/** Finds words of a list in texts; of two that overlap, the one that begins first, and of those the longest. */
export class WordFinder {
  /** First character → words, the longest first. */
  readonly #words = new Map<string, string[]>();
  /** Word → longer runs in which it is right, each with where the word begins in it. */
  readonly #unless: ReadonlyMap<string, { run: string; offset: number }[]>;

  constructor(words: Iterable<string>, unless: Readonly<Record<string, readonly string[]>> = {}) {
    for (const word of words) {
      const first = word[0]!;
      this.#words.set(first, [...(this.#words.get(first) ?? []), word]);
    }
    for (const list of this.#words.values()) list.sort((a, b) => b.length - a.length);
    this.#unless = new Map(
      Object.entries(unless).map(([word, runs]) => [
        word,
        runs.map((run) => ({ run, offset: run.indexOf(word) })),
      ]),
    );
  }

  *find(text: string): Generator<Hit> {
    for (let at = 0; at < text.length; at += 1) {
      const word = this.#words
        .get(text[at]!)
        ?.find((each) => text.startsWith(each, at) && !this.#isRight(text, each, at));
      if (word === undefined) continue;
      yield { word, start: at, end: at + word.length };
      at += word.length - 1;
    }
  }

  #isRight(text: string, word: string, at: number): boolean {
    return this.#unless.get(word)?.some(({ run, offset }) => text.startsWith(run, at - offset)) ?? false;
  }
}

/**
 * A check that looks for the words of a list.
 * @param say what is wrong with a word; `better`: what should stand there, '' where nothing should
 */
export function lookFor(list: WordList, say: (word: string, better: string) => string) {
  const finder = new WordFinder(Object.keys(list.words), list.unless);
  const block = new Set(list.block);
  return ({ parts }: Pick<Checked, 'parts'>): Found[] =>
    inParts(parts, (text) =>
      [...finder.find(text)].map(({ word, start, end }) => ({
        severity: block.has(word) ? ('block' as const) : ('warn' as const),
        ...{ start, end, quote: word, text: say(word, list.words[word] ?? '') },
      })),
    );
}

/** What is found in each of the texts, with the name of the text. */
export function inParts(
  parts: ReadonlyMap<PartName, string>,
  find: (text: string, part: PartName) => readonly Omit<Found, 'part'>[],
): Found[] {
  return [...parts].flatMap(([part, text]) => find(text, part).map((found) => ({ part, ...found })));
}
