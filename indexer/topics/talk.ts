import { background } from './background.ts';
import type { Features } from './features.ts';

/** Two days: what is talked about now is told by these, those before and those after, so that a weekend does not end it. */
const STRETCH = 2 * 86_400_000;

/** What everybody says says at least so much; the rest only what is talked about more than usual at the time. */
const ALWAYS = 0.6;
/** Natural logarithm of how many times its usual a feature has to occur to count in full: twenty times. */
const TIMES = 3;
/** And how sure it must be that this is no chance: log likelihood ratio of a Poisson count. */
const SURE = 15;
/** Nothing says more than that, however few texts have been seen. */
const MOST = 9;

/**
 * What is talked about when: in how many of the live texts of a stretch of days each feature occurs. A word that now stands in
 * many times more texts than usual tells a concern of now, and the more of them there are the surer: inverse document
 * frequency alone, learnt online, makes it weigh less the more is said of the concern.
 *
 * Counts are exact but for two features of one hash in 2^32, in a table that grows with the texts: about 12 bytes for each
 * feature of each text.
 */
export class Talk {
  #tags = new Uint32Array(2 ** 12);
  #counts = new Uint16Array(2 ** 12);
  #used = 0;
  readonly #texts = new Map<number, number>();
  /** Where `look` looks: stretch, and texts in it and beside it. */
  #stretch = 0;
  #inside = 0;

  clear(): void {
    this.#tags.fill(0);
    this.#counts.fill(0);
    this.#used = 0;
    this.#texts.clear();
  }

  /** @param features ascending, @param at Unix ms */
  add(features: Features, at: number): void {
    const stretch = Math.floor(at / STRETCH);
    this.#texts.set(stretch, (this.#texts.get(stretch) ?? 0) + 1);
    if (2 * (this.#used + features.length) > this.#tags.length)
      this.#grow(2 * (this.#used + features.length));
    for (let n = 0; n < features.length; n += 1) {
      if (n > 0 && features[n] === features[n - 1]) continue;
      const tag = tagOf(features[n]!, stretch);
      const place = this.#placeOf(tag);
      if (this.#tags[place] === 0) {
        this.#tags[place] = tag;
        this.#used += 1;
      }
      if (this.#counts[place]! < 0xffff) this.#counts[place]! += 1;
    }
  }

  /** From here on `weight` speaks of this time. @param at Unix ms */
  look(at: number): void {
    this.#stretch = Math.floor(at / STRETCH);
    this.#inside = 0;
    for (let by = -1; by <= 1; by += 1) this.#inside += this.#texts.get(this.#stretch + by) ?? 0;
  }

  /**
   * How much a feature says of a text of the time that was looked at.
   * @param count texts of the office that have it, and `texts` all of them, as the vocabulary has counted
   */
  weight(feature: number, count: number, texts: number): number {
    const always = ALWAYS * Math.min(MOST, Math.max(0, Math.log((texts + 1) / (count + 0.5))));
    const now = this.#now(feature);
    if (now < 2) return always;
    // What is usual: among other people's texts, or in the office's own of other times, whichever is more.
    const elsewhere = background().share(feature);
    const before = (Math.max(0, count - now) + 0.5) / (Math.max(0, texts - this.#inside) + 1);
    const expected = this.#inside * Math.max(elsewhere, before);
    if (now <= expected) return always;
    const log = Math.log(now / expected);
    const sure = Math.sqrt(Math.min(1, (now * log - now + expected) / SURE));
    return always + (1 - ALWAYS) * Math.max(0, -Math.log(elsewhere)) * Math.min(1, log / TIMES) * sure;
  }

  #now(feature: number): number {
    let sum = 0;
    for (let by = -1; by <= 1; by += 1)
      sum += this.#counts[this.#placeOf(tagOf(feature, this.#stretch + by))]!;
    return sum;
  }

  /** Where it stands, or the free place where it would. */
  #placeOf(tag: number): number {
    const mask = this.#tags.length - 1;
    let place = tag & mask;
    while (this.#tags[place] !== 0 && this.#tags[place] !== tag) place = (place + 1) & mask;
    return place;
  }

  #grow(least: number): void {
    const [tags, counts] = [this.#tags, this.#counts];
    const size = 2 ** Math.ceil(Math.log2(least));
    [this.#tags, this.#counts] = [new Uint32Array(size), new Uint16Array(size)];
    for (let n = 0; n < tags.length; n += 1) {
      if (tags[n] === 0) continue;
      const place = this.#placeOf(tags[n]!);
      [this.#tags[place], this.#counts[place]] = [tags[n]!, counts[n]!];
    }
  }
}

/** Never 0, which stands for a free place. */
function tagOf(feature: number, stretch: number): number {
  let mixed = Math.imul(feature ^ Math.imul(stretch, 0x9e37_79b1), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 13)) >>> 0 || 1;
}
