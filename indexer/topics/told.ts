import type { Item } from './live-texts.ts';

/** What has changed, to be done in this order. Posts are told of from the moment at which they are in a concern of two. */
export type Changes = Readonly<{
  /** All posts of the one are the other's now, also those that are no longer live. */
  merged: readonly Readonly<{ concern: number; into: number }>[];
  /** `to`: null: it is in no concern any more. */
  moved: readonly Readonly<{ post: number; to: number | null }>[];
  /** Has lost its last live post and keeps nothing of older ones; `into`: where most of them went. */
  gone: readonly Readonly<{ concern: number; into: number | null }>[];
}>;

/** A text of fewer features says too little to be a concern because it was copied: some ten characters. */
const LEAST = 12;

/** Of what a caller knows: to which concern each post belongs. */
export class Told {
  /** The concern that was told of each text, and of how many of its posts. */
  readonly #items = new WeakMap<Item, { concern: number; posts: number }>();
  /** Concerns that posts were taken out of. */
  #lessened = new Set<number>();
  /** Texts of each concern, and the first of them. */
  #texts = new Map<number, number>();
  #alone = new Map<number, Item>();
  #staying: ReadonlySet<number> = new Set();
  #merged: { concern: number; into: number }[] = [];

  /** A post of the text was taken out: that it is in no concern any more need not be told. */
  forget(item: Item): void {
    const told = this.#items.get(item);
    if (!told) return;
    told.posts = Math.max(0, told.posts - 1);
    if (told.concern !== 0) this.#lessened.add(told.concern);
  }

  merge(concern: number, into: number): void {
    this.#merged.push({ concern, into });
  }

  /**
   * What has changed since the last call.
   * @param touched texts that have come or were copied; null: any may have moved, and `staying` have changed
   * @param rootOf the concern that another one is joined into, or itself
   * @param staying concerns that are there whatever live texts they have
   */
  changes(
    items: readonly Item[],
    touched: ReadonlySet<Item> | null,
    rootOf: (concern: number) => number,
    staying: () => ReadonlySet<number>,
  ): Changes {
    const merged = this.#merged;
    this.#merged = [];
    const now = new Map<number, number>();
    for (const { concern, into } of merged) {
      now.set(concern, into);
      for (const [from, to] of now) if (to === concern) now.set(from, into);
    }
    if (touched === null) {
      this.#texts = new Map();
      this.#alone = new Map();
      this.#staying = staying();
    }
    const looked = new Set(touched ?? items);
    for (const item of touched ?? items) {
      // One that was copied is counted already.
      if (touched !== null && this.#items.has(item)) continue;
      const root = rootOf(item.concern);
      const count = (this.#texts.get(root) ?? 0) + 1;
      this.#texts.set(root, count);
      if (count === 1) this.#alone.set(root, item);
      // With the second text the first one is in a concern, too.
      if (count === 2) looked.add(this.#alone.get(root)!);
    }
    const isConcern = (root: number, { posts, features }: Item) =>
      this.#texts.get(root)! > 1 || this.#staying.has(root) || (posts.length > 1 && features.length >= LEAST);
    const moved: { post: number; to: number | null }[] = [];
    const left = new Map<number, Map<number, number>>();
    const live = new Set<number>();
    for (const item of looked) {
      const root = rootOf(item.concern);
      const to = isConcern(root, item) ? root : 0;
      if (to !== 0) live.add(to);
      const told = this.#items.get(item);
      const before = told === undefined ? 0 : (now.get(told.concern) ?? told.concern);
      const known = before === to ? (told?.posts ?? 0) : 0;
      if (before !== to || to !== 0)
        for (let n = known; n < item.posts.length; n += 1)
          // What was in no concern and is in none is no news.
          moved.push({ post: item.posts[n]!, to: to === 0 ? null : to });
      if (before !== 0 && before !== to) {
        let went = left.get(before);
        if (!went) left.set(before, (went = new Map()));
        went.set(to, (went.get(to) ?? 0) + item.posts.length);
      }
      if (told) [told.concern, told.posts] = [to, to === 0 ? 0 : item.posts.length];
      else this.#items.set(item, { concern: to, posts: to === 0 ? 0 : item.posts.length });
    }
    for (const concern of this.#lessened) {
      const into = now.get(concern) ?? concern;
      if (!left.has(into)) left.set(into, new Map([[0, 0]]));
    }
    this.#lessened = new Set();
    const gone = [...left]
      .filter(([concern]) => !live.has(concern) && !this.#staying.has(concern))
      .map(([concern, went]) => ({ concern, into: mostOf(went) }));
    return { merged, moved, gone };
  }
}

function mostOf(went: ReadonlyMap<number, number>): number | null {
  const [[into]] = [...went].sort((a, b) => b[1] - a[1] || a[0] - b[0]) as [[number, number]];
  return into === 0 ? null : into;
}
