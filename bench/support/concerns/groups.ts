import { Concerns, type Incoming } from '../../../indexer/topics/concerns.ts';

/** Keeps what `take` says, as the store does. */
export class Taken {
  readonly concernOf = new Map<number, number>();
  readonly #posts = new Map<number, Set<number>>();
  moves = 0;

  /** Concerns that have posts. */
  get size(): number {
    return new Set(this.concernOf.values()).size;
  }

  take(concerns: Concerns): void {
    const { merged, moved } = concerns.take();
    for (const { concern, into } of merged)
      for (const post of [...(this.#posts.get(concern) ?? [])]) this.#put(post, into);
    for (const { post, to } of moved) this.#put(post, to);
  }

  posts(concern: number): ReadonlySet<number> {
    return this.#posts.get(concern) ?? new Set();
  }

  #put(post: number, to: number | null): void {
    const before = this.concernOf.get(post);
    if (before !== undefined) {
      this.#posts.get(before)?.delete(post);
      this.moves += 1;
    }
    if (to === null) {
      this.concernOf.delete(post);
      return;
    }
    this.concernOf.set(post, to);
    const posts = this.#posts.get(to);
    if (posts) posts.add(post);
    else this.#posts.set(to, new Set([post]));
  }
}

/** Groups posts in the order in which they are given, as if all came at once. What is alone has a number below 0. */
export function grouped(posts: readonly Incoming[]): { found: number[]; concerns: Concerns; taken: Taken } {
  const [concerns, taken] = [new Concerns(), new Taken()];
  for (const post of posts) {
    concerns.add(post);
    if (!concerns.due(0)) continue;
    concerns.settle(0);
    taken.take(concerns);
  }
  concerns.settle(0);
  taken.take(concerns);
  return { found: posts.map(({ id }) => taken.concernOf.get(id) ?? -1 - id), concerns, taken };
}
