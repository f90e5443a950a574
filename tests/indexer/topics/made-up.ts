import { Concerns, type Incoming } from '../../../indexer/topics/concerns.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const START = Date.UTC(2026, 2, 2);

/** Numbers from 0 to 1, the same for the same seed (Numerical Recipes' generator). */
export function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Syllables that make no word of any language: a topic's words are its own. */
const wordOf = (topic: number, n: number) => `topic${topic}word${n}`;

/** Words of a post about a topic: half of them are the topic's, of which it has twelve, the others anybody's. */
export function about(topic: number, draw: () => number): string[] {
  return Array.from({ length: 14 }, () =>
    draw() < 0.5 ? wordOf(topic, Math.floor(12 * draw())) : `any${Math.floor(400 * draw())}`,
  );
}

/** Posts of some topics in turn, hours apart. Ids from 1 on; `topicOf` their topics. */
export function posts(topics: number, count: number, seed = 1, gap = HOUR) {
  const draw = drawing(seed);
  const topicOf = new Map<number, number>();
  const list = Array.from({ length: count }, (_, n): Incoming => {
    const topic = Math.floor(topics * draw());
    topicOf.set(n + 1, topic);
    return { id: n + 1, at: START + n * gap, words: about(topic, draw) };
  });
  return { list, topicOf };
}

/** Who keeps what `take` says, as the store does. */
export class Kept {
  readonly of = new Map<number, number>();

  take(concerns: Concerns): void {
    const { merged, moved, gone } = concerns.take();
    for (const { concern, into } of merged)
      for (const [post, one] of this.of) if (one === concern) this.of.set(post, into);
    for (const { post, to } of moved) {
      if (to === null) this.of.delete(post);
      else this.of.set(post, to);
    }
    for (const { concern } of gone)
      if ([...this.of.values()].includes(concern))
        throw new Error(`${concern} is said to be gone and has posts`);
  }

  posts(concern: number): number[] {
    return [...this.of].flatMap(([post, one]) => (one === concern ? [post] : [])).sort((a, b) => a - b);
  }

  /** Concerns as sets of posts, whatever their numbers. */
  get groups(): string[] {
    return [...new Set(this.of.values())].map((concern) => this.posts(concern).join(' ')).sort();
  }
}

export function grouped(list: readonly Incoming[]): { concerns: Concerns; kept: Kept } {
  const [concerns, kept] = [new Concerns(), new Kept()];
  for (const post of list) {
    concerns.add(post);
    if (concerns.due(0)) concerns.settle(0);
    kept.take(concerns);
  }
  concerns.settle(0);
  kept.take(concerns);
  return { concerns, kept };
}
