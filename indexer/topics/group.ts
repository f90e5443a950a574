import type { Vector } from './vocabulary.ts';

/** Moments of members that are kept for how near in time a group is. */
const MOMENTS = 16;
/** Words of a group that lasts for months: beyond twice as many the lightest are dropped. */
const WORDS = 384;
/** Weights are added up as whole numbers: an engine keeps those in place, and fractions each in an object of its own. */
const UNIT = 2 ** 14;

export type SavedGroup = Readonly<{
  size: number;
  products: number;
  stride: number;
  moments: readonly number[];
  /** Feature, weight, feature, weight … */
  words: Int32Array;
}>;

/** Posts that belong together: the sum of their vectors, and a fair sample of their moments. */
export class Group {
  readonly sum = new Map<number, number>();
  /** Texts, each once however often it was copied. */
  size = 0;
  readonly moments: number[] = [];
  #stride = 1;
  /** Sum of the products of all pairs of members, each pair twice. */
  #products = 0;

  add({ keys, weights }: Vector, at: number): void {
    let product = 0;
    for (let n = 0; n < keys.length; n += 1) {
      const key = keys[n]!;
      const before = this.sum.get(key) ?? 0;
      product += before * weights[n]!;
      this.sum.set(key, before + Math.round(weights[n]! * UNIT));
    }
    this.#products += (2 * product) / UNIT;
    if (this.size % this.#stride === 0) this.#addMoment(at);
    this.size += 1;
    if (this.sum.size > 2 * WORDS) this.prune(WORDS);
  }

  static of({ size, products, stride, moments, words }: SavedGroup): Group {
    const group = new Group();
    group.size = size;
    group.#products = products;
    group.#stride = stride;
    group.moments.push(...moments);
    for (let n = 0; n < words.length; n += 2) group.sum.set(words[n]!, words[n + 1]!);
    return group;
  }

  get saved(): SavedGroup {
    return {
      size: this.size,
      products: this.#products,
      stride: this.#stride,
      moments: this.moments,
      words: Int32Array.from([...this.sum].flat()),
    };
  }

  copy(): Group {
    const copy = new Group();
    copy.addAll(this);
    copy.#stride = this.#stride;
    return copy;
  }

  /** Mean cosine of its members with one another. */
  get coherence(): number {
    return this.size < 2 ? 0 : this.#products / (this.size * (this.size - 1));
  }

  addAll(other: Group): void {
    this.#products += other.#products + 2 * this.likenessTo(other) * this.size * other.size;
    for (const [key, weight] of other.sum) this.sum.set(key, (this.sum.get(key) ?? 0) + weight);
    this.size += other.size;
    for (const at of other.moments) this.#addMoment(at);
    if (this.sum.size > 2 * WORDS) this.prune(WORDS);
  }

  /** Mean cosine of a text with every member. */
  likeness({ keys, weights }: Vector): number {
    let dot = 0;
    for (let n = 0; n < keys.length; n += 1) {
      const weight = this.sum.get(keys[n]!);
      if (weight !== undefined) dot += weight * weights[n]!;
    }
    return dot / (this.size * UNIT);
  }

  /** Mean cosine of the members of one with those of another. */
  likenessTo(other: Group): number {
    const [small, large] = this.sum.size < other.sum.size ? [this.sum, other.sum] : [other.sum, this.sum];
    let dot = 0;
    for (const [key, weight] of small) dot += weight * (large.get(key) ?? 0);
    return dot === 0 ? 0 : dot / (this.size * UNIT * (other.size * UNIT));
  }

  /** 1: at the same time as all members; 0: long before or after. */
  nearness(at: number, fade: number): number {
    let sum = 0;
    for (const moment of this.moments) sum += Math.exp(-Math.abs(moment - at) / fade);
    return sum / this.moments.length;
  }

  #addMoment(at: number): void {
    if (this.moments.length === MOMENTS) {
      // Every second one: what is left is spread over the members as before.
      for (let n = 0; 2 * n < MOMENTS; n += 1) this.moments[n] = this.moments[2 * n]!;
      this.moments.length = MOMENTS / 2;
      this.#stride *= 2;
    }
    this.moments.push(at);
  }

  /** Keeps the heaviest words only. */
  prune(words: number): void {
    const values = Int32Array.from(this.sum.values()).sort();
    const limit = values[values.length - 1 - words];
    if (limit === undefined) return;
    for (const [key, weight] of this.sum) if (weight <= limit) this.sum.delete(key);
  }
}

/** The group of a concern, an empty one where there was none. */
export function groupOf(groups: Map<number, Group>, concern: number): Group {
  let group = groups.get(concern);
  if (!group) groups.set(concern, (group = new Group()));
  return group;
}

const DAY = 86_400_000;

/** Which are kept when there are too many: large ones longer than small ones, ten times the texts about three weeks. */
export function worth(group: Group): number {
  return Math.max(...group.moments) + Math.log(group.size) * 9 * DAY;
}
