import type { Features } from './features.ts';

/** A text with all its copies. */
export type Item = {
  readonly features: Features;
  readonly print: number;
  /** Unix ms of the earliest of its copies. */
  at: number;
  readonly posts: number[];
  concern: number;
  /** Put there by a person: it stays. */
  held: boolean;
};

/** Texts that are grouped anew when the concerns settle, to be found by post and by what they say. */
export class LiveTexts {
  items: Item[] = [];
  readonly #byPrint = new Map<number, Item>();
  readonly #byPost = new Map<number, Item>();

  ofPost(post: number): Item | undefined {
    return this.#byPost.get(post);
  }

  /** The text that says the same. @param print its fingerprint */
  ofPrint(print: number): Item | undefined {
    return this.#byPrint.get(print);
  }

  keep(item: Item): void {
    this.items.push(item);
    this.#byPrint.set(item.print, item);
    for (const post of item.posts) this.#byPost.set(post, item);
  }

  addCopy(post: number, at: number, original: Item): void {
    original.posts.push(post);
    original.at = Math.min(original.at, at);
    this.#byPost.set(post, original);
  }

  /** Takes posts out, and texts that have none left. @returns texts that have lost a post, once for each */
  forget(posts: readonly number[]): Item[] {
    const lost: Item[] = [];
    for (const post of posts) {
      const item = this.#byPost.get(post);
      if (!item) continue;
      this.#byPost.delete(post);
      item.posts.splice(item.posts.indexOf(post), 1);
      lost.push(item);
    }
    const emptied = new Set(lost.filter((item) => item.posts.length === 0));
    this.items = this.items.filter((item) => !emptied.has(item));
    for (const item of emptied) this.#unprint(item);
    return lost;
  }

  /** In the order in which they are grouped, whatever the order in which they came; the earliest beyond `most` are let go. */
  settle(most: number): Item[] {
    this.items.sort((a, b) => a.at - b.at || a.print - b.print);
    const old = this.items.splice(0, Math.max(0, this.items.length - most));
    for (const item of old) {
      this.#unprint(item);
      for (const post of item.posts) this.#byPost.delete(post);
    }
    return old;
  }

  #unprint(item: Item): void {
    if (this.#byPrint.get(item.print) === item) this.#byPrint.delete(item.print);
  }
}
