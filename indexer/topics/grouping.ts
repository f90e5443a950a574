import type { Coherence } from './coherence.ts';
import { Group } from './group.ts';
import type { Vector } from './vocabulary.ts';

/** How alike texts have to be: one setting for every office. */
export type Thresholds = Readonly<{
  /** Mean cosine that a single other text has to reach, and a large group. */
  pair: number;
  crowd: number;
  /** How soon the threshold falls from one to the other with the size. */
  fall: number;
  /** Of the threshold that being at the same time makes up for, per unit of coherence. */
  time: number;
  /** Part of the mean cosine of a group's members that a text has to reach before the time counts. */
  kin: number;
  /** Milliseconds in which nearness in time falls by a factor of e. */
  fade: number;
}>;

/** A feature of more groups than this leads to none: it is looked at when groups are compared only. */
const LONGEST_LIST = 48;
/** Features of a text by which groups are looked for; groups that are then compared in full. */
const LEADING = 12;
const COMPARED = 6;
/** Groups that were last added to, compared too when time tells something. */
const RECENT = 8;

/**
 * One grouping of texts in the order in which they are given. A text belongs to the group with the highest score: mean
 * cosine with all members, and what being at the same time makes up for, less a threshold that falls with the size, because
 * the mean over many says more than a single cosine does.
 */
export class Grouping {
  readonly groups: (Group | null)[] = [];
  readonly #thresholds: Thresholds;
  readonly #coherence: Coherence;
  readonly #lists = new Map<number, number[]>();
  /** Groups that were found, while candidates are looked for. */
  readonly #found = new Int32Array(LONGEST_LIST * LEADING);
  readonly #recent: number[] = [];
  readonly #stay = new Set<number>();
  /** How much of a text's weight led to each group, while candidates are looked for; NaN for those that are no more. */
  #hints = new Float32Array(1024);

  constructor(thresholds: Thresholds, coherence: Coherence) {
    this.#thresholds = thresholds;
    this.#coherence = coherence;
  }

  /** @returns the place of the group in `groups` */
  assign(vector: Vector, at: number): number {
    const place = this.nearest(vector, at) ?? this.#open();
    this.join(place, vector, at);
    return place;
  }

  /** The place of the group that the text belongs to; null: to none. */
  nearest(vector: Vector, at: number): number | null {
    const { fade } = this.#thresholds;
    const bonus = this.#bonus(at);
    let best: number | null = null;
    let most = 0;
    for (const place of this.#candidates(vector.keys, vector.weights, bonus > 0)) {
      const group = this.groups[place]!;
      const like = group.likeness(vector);
      const near = bonus > 0 && like >= this.#least(group) ? bonus * group.nearness(at, fade) : 0;
      const score = like + near - this.#threshold(group.size);
      if (score > most) [best, most] = [place, score];
    }
    return best;
  }

  /** Adds a text to a group. */
  join(place: number, vector: Vector, at: number): void {
    const group = this.groups[place]!;
    const { sum } = group;
    for (let n = 0; n < vector.keys.length && n < 2 * LEADING; n += 1)
      if (!sum.has(vector.keys[n]!)) this.#list(vector.keys[n]!, place);
    group.add(vector, at);
    this.#touch(place);
  }

  /** Takes a group as it is. @param stays never to become a part of another one */
  adopt(group: Group, stays: boolean): number {
    const place = this.groups.push(group) - 1;
    if (stays) this.#stay.add(place);
    for (const [key] of heaviest(group, 2 * LEADING)) this.#list(key, place);
    return place;
  }

  /** Joins groups that turn out to be one, smaller ones to larger ones. @returns place → place it is part of now */
  *merging(): Generator<void, Int32Array> {
    const to = Int32Array.from(this.groups, (_, place) => place);
    const bySize = this.groups.flatMap((group, place) => (group ? [place] : []));
    bySize.sort((a, b) => this.groups[a]!.size - this.groups[b]!.size || a - b);
    for (const [n, place] of bySize.entries()) {
      if (n % 128 === 0) yield;
      if (this.#stay.has(place)) continue;
      const into = this.#host(place);
      if (into === null) continue;
      for (const [key] of heaviest(this.groups[place]!, 2 * LEADING)) this.#list(key, into);
      this.groups[into]!.addAll(this.groups[place]!);
      this.groups[place] = null;
      this.#hints[place] = Number.NaN;
      to[place] = into;
    }
    for (let place = to.length - 1; place >= 0; place -= 1) {
      let end = place;
      while (to[end] !== end) end = to[end]!;
      to[place] = end;
    }
    return to;
  }

  #host(place: number): number | null {
    const { fade } = this.#thresholds;
    const own = this.groups[place]!;
    const bonuses = own.moments.map((at) => this.#bonus(at));
    const isTimely = bonuses.some((bonus) => bonus > 0);
    const top = heaviest(own, LEADING);
    const keys = Int32Array.from(top, ([key]) => key);
    const weights = Float32Array.from(top, ([, weight]) => weight);
    let best: number | null = null;
    let most = 0;
    for (const other of this.#candidates(keys, weights, isTimely)) {
      const group = this.groups[other]!;
      if (other === place || group.size < own.size) continue;
      const like = group.likenessTo(own);
      const near =
        isTimely && like >= this.#least(group)
          ? mean(own.moments, (at, n) => bonuses[n]! * group.nearness(at, fade))
          : 0;
      const score = like + near - this.#threshold(group.size * own.size);
      if (score > most) [best, most] = [other, score];
    }
    return best;
  }

  #open(): number {
    return this.groups.push(new Group()) - 1;
  }

  /** What makes up for likeness when a group is at the same time. */
  #bonus(at: number): number {
    return this.#thresholds.time * this.#coherence.share(at);
  }

  /** Without so much likeness the time counts for nothing: less alike than any two texts, or an outsider among these. */
  #least(group: Group): number {
    return Math.max(this.#coherence.apart, this.#thresholds.kin * group.coherence);
  }

  #threshold(size: number): number {
    const { pair, crowd, fall } = this.#thresholds;
    return crowd + (pair - crowd) / size ** fall;
  }

  /** Groups that share the rarest features, and those added to last. */
  #candidates(keys: Int32Array, weights: Float32Array, withRecent: boolean): number[] {
    if (this.#hints.length < this.groups.length) {
      const larger = new Float32Array(2 * this.groups.length);
      larger.set(this.#hints);
      this.#hints = larger;
    }
    const hints = this.#hints;
    const found = this.#found;
    let count = 0;
    let looked = 0;
    for (let n = 0; n < keys.length && looked < LEADING; n += 1) {
      const list = this.#lists.get(keys[n]!);
      if (!list) continue;
      looked += 1;
      const weight = weights[n]! * weights[n]!;
      for (const place of list) {
        const hint = hints[place]!;
        if (hint === 0) found[count++] = place;
        hints[place] = hint + weight;
      }
    }
    const all = top(found, count, hints, COMPARED);
    for (let n = 0; n < count; n += 1) hints[found[n]!] = 0;
    if (!withRecent) return all;
    for (const place of this.#recent) if (this.groups[place] && !all.includes(place)) all.push(place);
    return all;
  }

  #list(key: number, place: number): void {
    let list = this.#lists.get(key);
    if (!list) this.#lists.set(key, (list = []));
    // The oldest go first: a list that is full names the groups that were added to last.
    if (list.length >= LONGEST_LIST) list.splice(0, LONGEST_LIST / 4);
    list.push(place);
  }

  #touch(place: number): void {
    const at = this.#recent.indexOf(place);
    if (at >= 0) this.#recent.splice(at, 1);
    else if (this.#recent.length === RECENT) this.#recent.shift();
    this.#recent.push(place);
  }
}

/** Features of a group with the largest weights, of equal ones the smaller; without a list of all, of which there are many. */
function heaviest(group: Group, most: number): [key: number, weight: number][] {
  const best: [number, number][] = [];
  for (const [key, weight] of group.sum) {
    let at = best.length;
    if (at === most) {
      const [last, least] = best[at - 1]!;
      if (weight < least || (weight === least && key > last)) continue;
      at -= 1;
    }
    while (at > 0 && (weight > best[at - 1]![1] || (weight === best[at - 1]![1] && key < best[at - 1]![0]))) {
      best[at] = best[at - 1]!;
      at -= 1;
    }
    best[at] = [key, weight];
  }
  return best;
}

/** Of the first `count` places those with the largest hints, of equal ones the later; not more than `most`. */
function top(places: Int32Array, count: number, hints: Float32Array, most: number): number[] {
  const best: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const place = places[n]!;
    const hint = hints[place]!;
    let at = best.length;
    if (at === most) {
      const last = best[at - 1]!;
      if (hint < hints[last]! || (hint === hints[last] && place < last)) continue;
      at -= 1;
    }
    while (
      at > 0 &&
      (hint > hints[best[at - 1]!]! || (hint === hints[best[at - 1]!] && place > best[at - 1]!))
    ) {
      best[at] = best[at - 1]!;
      at -= 1;
    }
    best[at] = place;
  }
  return best;
}

function mean(list: readonly number[], value: (one: number, n: number) => number): number {
  let sum = 0;
  for (const [n, one] of list.entries()) sum += value(one, n);
  return sum / list.length;
}
