import { costOf, FIRST_HAN, HAN_COUNT, wordHash, type NameTables } from './tables.ts';

/** Longest stretch that is looked at in one go, in UTF-16 units. */
export const STRETCH = 2_000;
const LONGEST_WORD = 4;
/** What stands for no Chinese character costs the same everywhere. */
const OTHER = 5;
const OTHER_KIND = 30;
const SIGN_KIND = 31;
/** Beyond the stretch. */
export const NO_KIND = 29;

/**
 * A stretch of text cut into words, all ways at once: what the cheapest cut up to each place and from each place on costs
 * (sum of the words' costs). Used again for every stretch.
 */
export class Cut {
  readonly units = new Uint16Array(STRETCH + 8);
  /** Of the first so many units; and of the rest. */
  readonly upTo = new Float32Array(STRETCH + 1);
  readonly from = new Float32Array(STRETCH + 1);
  /** Length of the last word of the cheapest cut up to a place, of the first of that from a place on. */
  readonly last = new Uint8Array(STRETCH + 1);
  readonly first = new Uint8Array(STRETCH + 1);
  length = 0;
  readonly #costs = new Float32Array((STRETCH + 1) * LONGEST_WORD);
  readonly #kinds = new Uint8Array((STRETCH + 1) * LONGEST_WORD);

  /** @param end at most STRETCH units behind `start` */
  read(text: string, start: number, end: number, tables: NameTables): void {
    const { units, upTo, from, last, first } = this;
    const costs = this.#costs;
    const kinds = this.#kinds;
    const length = (this.length = end - start);
    for (let at = 0; at < length; at += 1) units[at] = text.charCodeAt(start + at);
    units.fill(0, length, length + LONGEST_WORD);
    for (let at = 0; at < length; at += 1) {
      const unit = units[at]!;
      const slot = at * LONGEST_WORD;
      const place = unit - FIRST_HAN;
      if (place < 0 || place >= HAN_COUNT) {
        costs[slot] = OTHER;
        kinds[slot] = unit < 0x80 ? OTHER_KIND : SIGN_KIND;
        costs[slot + 1] = costs[slot + 2] = costs[slot + 3] = 0;
        continue;
      }
      costs[slot] = costOf(tables.inTexts, unit);
      kinds[slot] = tables.characterKinds[place]!;
      let hash = wordHash(0, unit);
      for (let more = 1; more < LONGEST_WORD; more += 1) {
        const next = units[at + more]!;
        if (next < FIRST_HAN) {
          costs.fill(0, slot + more, slot + LONGEST_WORD);
          break;
        }
        hash = wordHash(hash, next);
        const found = tables.wordSlot(hash);
        costs[slot + more] = found < 0 ? 0 : tables.wordCost(found);
        if (found >= 0) kinds[slot + more] = tables.wordKinds[found]!;
      }
    }
    upTo[0] = 0;
    for (let at = 1; at <= length; at += 1) {
      let [best, word] = [upTo[at - 1]! + costs[(at - 1) * LONGEST_WORD]!, 1];
      for (let size = 2; size <= LONGEST_WORD && size <= at; size += 1) {
        const cost = costs[(at - size) * LONGEST_WORD + size - 1]!;
        if (cost > 0 && upTo[at - size]! + cost < best) [best, word] = [upTo[at - size]! + cost, size];
      }
      upTo[at] = best;
      last[at] = word;
    }
    from[length] = 0;
    for (let at = length - 1; at >= 0; at -= 1) {
      let [best, word] = [from[at + 1]! + costs[at * LONGEST_WORD]!, 1];
      for (let size = 2; size <= LONGEST_WORD && at + size <= length; size += 1) {
        const cost = costs[at * LONGEST_WORD + size - 1]!;
        if (cost > 0 && from[at + size]! + cost < best) [best, word] = [from[at + size]! + cost, size];
      }
      from[at] = best;
      first[at] = word;
    }
  }

  /** What the cheapest cut of all costs. */
  get whole(): number {
    return this.upTo[this.length]!;
  }

  /** The cost of the word of `size` units (2 to 4) at a place; 0: there is none. */
  word(at: number, size: number): number {
    return at < 0 || at + size > this.length ? 0 : this.#costs[at * LONGEST_WORD + size - 1]!;
  }

  /** The kind of the word of `size` units at a place that is one of a cut. */
  kind(at: number, size: number): number {
    return at < 0 || size === 0 || at + size > this.length
      ? NO_KIND
      : this.#kinds[at * LONGEST_WORD + size - 1]!;
  }
}
