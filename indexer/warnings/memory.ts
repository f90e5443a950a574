import type { PartGap } from '../../store/warning-series.ts';
import { PACE_POSTS, YOUNG_MS, HOUR_MS, type Observed, type Place, type Subject } from './observed.ts';
import { hourOf, knownHours, seriesOf } from './series.ts';

/** A post as it is counted, in the store and here. */
export type CountedPost = Readonly<{
  id: number;
  /** Unix ms. */
  at: number;
  negative: boolean;
  /** Source and outlet. */
  place: string;
  /** `watch:<id>`, `line:<key>`, `office:<id>`. */
  subjects: readonly string[];
}>;

type Counters = {
  hours: Map<number, { posts: number; negative: number }>;
  places: Map<string, Place>;
  /** Of concerns: what is in it. */
  posts: Set<number> | null;
  firstAt: number;
};

/** Counters of a replay: what `Observed` is read from where nothing is stored. */
export class Memory {
  readonly #from: number;
  readonly #gaps: readonly PartGap[];
  readonly #titleOf: (subject: Subject) => string;
  readonly #posts = new Map<number, CountedPost & { concern: number | null }>();
  readonly #counters = new Map<string, Counters>();
  /** Subjects whose counters have changed since it was last asked. */
  #touched = new Set<string>();

  /** @param from before this nothing is known, Unix ms */
  constructor(from: number, gaps: readonly PartGap[], titleOf: (subject: Subject) => string) {
    this.#from = hourOf(from);
    this.#gaps = gaps;
    this.#titleOf = titleOf;
  }

  get from(): number {
    return this.#from;
  }

  add(post: CountedPost): void {
    this.#posts.set(post.id, { ...post, concern: null });
    for (const name of post.subjects) this.#count(name, post, 1);
  }

  /** @param concern null: in none */
  move(id: number, concern: number | null): void {
    const post = this.#posts.get(id);
    if (!post || post.concern === concern) return;
    if (post.concern !== null) this.#count(`concern:${post.concern}`, post, -1);
    if (concern !== null) this.#count(`concern:${concern}`, post, 1);
    post.concern = concern;
  }

  /** All posts of one concern belong to another one. */
  merge(concern: number, into: number): void {
    for (const id of this.#counters.get(`concern:${concern}`)?.posts ?? []) this.move(id, into);
  }

  touched(): Set<string> {
    const touched = this.#touched;
    this.#touched = new Set();
    return touched;
  }

  /** Null: in none. */
  concernOf(id: number): number | null {
    return this.#posts.get(id)?.concern ?? null;
  }

  postsOf(concern: number): ReadonlySet<number> {
    return this.#counters.get(`concern:${concern}`)?.posts ?? new Set();
  }

  /** Posts since the start of an hour. */
  postsSince(name: string, since: number): number {
    const { hours } = this.#counters.get(name) ?? {};
    let posts = 0;
    for (const [at, hour] of hours ?? []) if (at >= since) posts += hour.posts;
    return posts;
  }

  /** How many posts of a subject since then are in these concerns. */
  postsWithin(name: string, since: number, concerns: Iterable<number>): number {
    let posts = 0;
    for (const concern of concerns) {
      for (const id of this.postsOf(concern)) {
        const post = this.#posts.get(id);
        if (post && post.at >= since && post.subjects.includes(name)) posts += 1;
      }
    }
    return posts;
  }

  /** When a subject was first posted about, Unix ms; Infinity: never. */
  firstAt(name: string): number {
    return this.#counters.get(name)?.firstAt ?? Infinity;
  }

  observe(subject: Subject, now: number): Observed {
    const name = `${subject.kind}:${subject.key}`;
    const counters = this.#counters.get(name);
    const known = knownHours(this.#gaps, this.#from, now);
    const hours = Array.from(counters?.hours ?? [], ([at, hour]) => ({ hour: new Date(at), ...hour }));
    const young = counters?.posts && now - counters.firstAt < YOUNG_MS;
    return {
      subject,
      title: this.#titleOf(subject),
      series: seriesOf(this.#from, known, hours),
      places: [...(counters?.places.values() ?? [])],
      times: young ? this.#timesOf(counters.posts ?? new Set()) : null,
      heat: null,
    };
  }

  #timesOf(ids: ReadonlySet<number>): number[] {
    return Array.from(ids, (id) => this.#posts.get(id)?.at ?? 0)
      .sort((a, b) => a - b)
      .slice(0, PACE_POSTS);
  }

  #count(name: string, { id, at, negative, place }: CountedPost, sign: 1 | -1): void {
    this.#touched.add(name);
    let counters = this.#counters.get(name);
    if (!counters) {
      const posts = name.startsWith('concern:') ? new Set<number>() : null;
      counters = { hours: new Map(), places: new Map(), posts, firstAt: Infinity };
      this.#counters.set(name, counters);
    }
    const start = Math.floor(at / HOUR_MS) * HOUR_MS;
    const hour = counters.hours.get(start) ?? { posts: 0, negative: 0 };
    counters.hours.set(start, hour);
    hour.posts += sign;
    hour.negative += negative ? sign : 0;
    if (sign < 0) {
      counters.posts?.delete(id);
      return;
    }
    counters.posts?.add(id);
    counters.firstAt = Math.min(counters.firstAt, at);
    const { firstAt = at, lastAt = at } = counters.places.get(place) ?? {};
    counters.places.set(place, { firstAt: Math.min(firstAt, at), lastAt: Math.max(lastAt, at) });
  }
}
