import { nameData } from '../../../config/names.ts';
import { surnameAt } from '../../../indexer/people/lexicon.ts';

/** A generator of numbers in [0, 1) that always says the same (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How often characters stand in names, by where: counted in names of a dictionary, each once. */
export type NameCounts = Readonly<{
  surname: ReadonlyMap<string, number>;
  givenFirst: ReadonlyMap<string, number>;
  givenSecond: ReadonlyMap<string, number>;
  givenOnly: ReadonlyMap<string, number>;
  foreign: ReadonlyMap<string, number>;
  /** Words of two characters that are no names, some of them given names too. */
  words: readonly string[];
}>;

const DOT = /[·•・‧∙]/u;

/** Invents names of the kind of a given one. */
export class NameMaker {
  readonly #random: () => number;
  readonly #surname: () => string;
  readonly #first: () => string;
  readonly #second: () => string;
  readonly #only: () => string;
  readonly #foreign: () => string;
  readonly #words: readonly string[];
  readonly #wordNames: readonly string[];

  constructor(counts: NameCounts, random: () => number) {
    this.#random = random;
    // Flatter than they are: rare ones must be met as well.
    this.#surname = this.#drawer(counts.surname, 0.6);
    this.#first = this.#drawer(counts.givenFirst, 0.8);
    this.#second = this.#drawer(counts.givenSecond, 0.8);
    this.#only = this.#drawer(counts.givenOnly, 0.8);
    this.#foreign = this.#drawer(counts.foreign, 1);
    this.#words = counts.words;
    this.#wordNames = counts.words.filter(
      (word) =>
        surnameAt(word, 0) === 1 &&
        !nameData.rareAsNames.includes(word[0]!) &&
        !nameData.neverNames.includes(word),
    );
  }

  like(name: string): string {
    if (DOT.test(name)) {
      return name
        .split(/([·•・‧∙])/u)
        .map((part) => (DOT.test(part) ? part : this.#foreignPart(2 + this.#below(3))))
        .join('');
    }
    if (/^[\p{Script=Han}]{2,4}$/u.test(name) && surnameAt(name, 0) > 0 && name.length < 5) {
      if (name.length < 4) return this.#han();
      return surnameAt(name, 0) === 2 && this.#random() < 0.7
        ? this.#pick(nameData.compound) + this.#first() + this.#second()
        : this.#surname() + this.#surname() + this.#first() + this.#second();
    }
    return name;
  }

  #han(): string {
    const kind = this.#random();
    if (kind < 0.03) return this.#pick(nameData.compound) + this.#only();
    if (kind < 0.06) return this.#pick(nameData.compound) + this.#first() + this.#second();
    if (kind < 0.08) return this.#surname() + this.#surname() + this.#first() + this.#second();
    if (kind < 0.11) return this.#pick(this.#wordNames);
    if (kind < 0.16) return this.#surname() + this.#pick(this.#words);
    if (kind < 0.19) {
      const twice = this.#second();
      return this.#surname() + twice + twice;
    }
    if (kind < 0.22) return this.#surname() + this.#pick([...'小阿大老亚']) + this.#second();
    if (kind < 0.48) return this.#surname() + this.#only();
    return this.#surname() + this.#first() + this.#second();
  }

  #foreignPart(length: number): string {
    if (this.#random() < 0.4) return this.#pick(nameData.elements);
    return Array.from({ length }, () => this.#foreign()).join('');
  }

  #pick(list: readonly string[]): string {
    return list[this.#below(list.length)]!;
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #drawer(counts: ReadonlyMap<string, number>, flat: number): () => string {
    const entries = [...counts].map(([character, count]) => [character, count ** flat] as const);
    const sums: number[] = [];
    for (const [, weight] of entries) sums.push((sums.at(-1) ?? 0) + weight);
    const all = sums.at(-1) ?? 0;
    return () => {
      const goal = this.#random() * all;
      let [low, high] = [0, sums.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sums[middle]! <= goal) low = middle + 1;
        else high = middle;
      }
      return entries[low]![0];
    };
  }
}
