import { coherence, Coherence } from './coherence.ts';
import { featuresOf, fingerprint } from './features.ts';
import { Group, groupOf, worth } from './group.ts';
import { Grouping, type Thresholds } from './grouping.ts';
import { LiveTexts, type Item } from './live-texts.ts';
import { nameGroups } from './naming.ts';
import { packJournal, packSnapshot, unpackJournal, unpackSnapshot, type Entry, type Saved } from './saved.ts';
import { Talk } from './talk.ts';
import { Told, type Changes } from './told.ts';
import { Vocabulary, type Vector } from './vocabulary.ts';

export { FORM, type Saved } from './saved.ts';
export type { Changes } from './told.ts';

/** A post as it is grouped: its number, Unix ms, its words (`topicWords`), and the post that it repeats if that is known. */
export type Incoming = Readonly<{
  id: number;
  at: number;
  words: readonly string[];
  copyOf?: number | null;
}>;

/** Chosen on event posts, the sample story and posts written for it (docs/decisions.md). */
export const THRESHOLDS: Thresholds = {
  pair: 0.12,
  crowd: 0.02,
  fall: 0.7,
  time: 0.3,
  kin: 0.2,
  fade: 36_000_000,
};

/** Texts that are grouped anew when the concerns settle; of older ones only what their concerns have kept of them. */
const LIVE = 16_000;
/** Concerns of which something is kept when their texts are too old. */
const KEPT = 2_000;
const KEPT_WORDS = 128;
/** The concerns settle when so many texts have come, then whenever they have doubled or half of the live ones are new; */
const FIRST = 256;
/** by the clock when this part of them is new and so many milliseconds for each have passed: an hour for all. */
const PART = 1 / 32;
const PACE = 225;
const DAY = 86_400_000;
/** Texts that are grouped before others get their turn. */
const PIECE = 128;

/**
 * Groups posts of one office into concerns as they arrive. `add` makes a first guess by what is there already; from time to
 * time (`due`) all recent texts are grouped anew in order of time, so that in the end it does not matter in which order they
 * came. `take` says what has changed. Pure: reads no clock, and the same calls give the same concerns.
 */
export class Concerns {
  readonly vocabulary: Vocabulary;
  /** What is talked about when, among the live texts. */
  readonly #talk = new Talk();
  readonly #thresholds: Thresholds;
  readonly #live = new LiveTexts();
  /** What old texts have left, by concern. */
  readonly #frozen: Map<number, Group>;
  /** Concerns that a person has formed: never absorbed by another one; and which of them are joined into which. */
  readonly #formed: Set<number>;
  readonly #joined: Map<number, number>;
  #grouping: Grouping;
  /** The concern of each group, and the groups of concerns. */
  #concerns: number[] = [];
  #coherence = new Coherence();
  #told = new Told();
  /** Texts that have come or were copied since it was last told of them; null: any may have moved. */
  #touched: Set<Item> | null = null;
  #fresh = 0;
  #settledAt = -Infinity;
  #next = 1;
  #journal: Entry[] | null = [];
  /** A person has said something: what is like it follows soon. */
  #moved = false;

  /** @param saved what an earlier one has written; it goes on where that one was */
  constructor(saved: Saved | null = null, thresholds = THRESHOLDS) {
    this.#thresholds = thresholds;
    const snapshot = saved?.snapshot ? unpackSnapshot(saved.snapshot) : null;
    this.vocabulary = new Vocabulary(snapshot?.vocabulary);
    this.#frozen = new Map(snapshot?.frozen.map(({ concern, group }) => [concern, Group.of(group)]));
    this.#formed = new Set(snapshot?.formed);
    this.#joined = new Map(snapshot?.joined);
    this.#next = snapshot?.next ?? 1;
    this.#settledAt = snapshot?.settledAt ?? -Infinity;
    for (const { features, posts, ...rest } of snapshot?.items ?? [])
      this.#keep({ ...rest, features, print: fingerprint(features), posts: [...posts] });
    this.#grouping = this.#regrouped();
    for (const bytes of saved?.journal ?? []) for (const entry of unpackJournal(bytes)) this.#redo(entry);
    this.take();
    this.#journal = [];
  }

  /** How likely two texts of the same time are to be of one concern (coherence.ts), and how many there are of what. */
  get facts(): { apart: number; share: number; live: number; kept: number } {
    const { apart } = this.#coherence;
    const shares = this.#live.items.map(({ at }) => this.#coherence.share(at));
    const share = shares.reduce((sum, one) => sum + one, 0) / Math.max(1, shares.length);
    return { apart, share, live: this.#live.items.length, kept: this.#frozen.size };
  }

  /** Groups a post. One that is known already, or that says nothing in words, changes nothing. */
  add({ id, at, words, copyOf = null }: Incoming): void {
    if (this.#live.ofPost(id)) return;
    const original = copyOf === null ? undefined : this.#live.ofPost(copyOf);
    if (original) return this.#addCopy(id, at, original);
    const features = featuresOf(words);
    if (features.length === 0) return;
    const known = this.#live.ofPrint(fingerprint(features));
    if (known) return this.#addCopy(id, at, known);
    this.vocabulary.learn(features);
    this.#talk.add(features, at);
    const place = this.#grouping.assign(this.#vector({ features, at }), at);
    const concern = (this.#concerns[place] ??= this.open());
    this.#keep({ features, print: fingerprint(features), at, posts: [id], concern, held: false });
    this.#fresh += 1;
    this.#journal?.push({ kind: 'text', post: id, at, concern, features });
  }

  /**
   * Whether it is time to settle: much is new, or something is and the last time is long ago. A caller that never settles gets
   * first guesses for ever. @param now Unix ms
   */
  due(now: number): boolean {
    const [fresh, live] = [this.#fresh, this.#live.items.length];
    if (this.#moved || fresh >= Math.min(LIVE / 2, Math.max(FIRST, live / 2))) return true;
    const passed = now - this.#settledAt;
    return fresh > 0 && ((fresh >= live * PART && passed >= live * PACE) || passed >= DAY);
  }

  /** What has changed since it was last asked. */
  take(): Changes {
    const rootOf = (concern: number) => this.#rootOf(concern);
    const staying = () => new Set([...this.#frozen.keys(), ...this.#formed].map(rootOf));
    const touched = this.#touched;
    this.#touched = new Set();
    return this.#told.changes(this.#live.items, touched, rootOf, staying);
  }

  /** A number for a concern that a person opens. */
  open(): number {
    return this.#next++;
  }

  /**
   * A person says where posts belong: they stay there, and what is like them follows when the concerns settle. Posts that
   * are no longer live are passed over.
   */
  hold(posts: readonly number[], concern: number): void {
    for (const post of posts) {
      const item = this.#live.ofPost(post);
      if (item) [item.held, item.concern] = [true, concern];
    }
    this.#next = Math.max(this.#next, concern + 1);
    this.#formed.add(concern);
    this.#note({ kind: 'hold', posts, concern });
  }

  /**
   * A person makes one concern a part of another one. Each stays a group of its own, so that what is like either is found
   * again; to whoever asks they are one.
   */
  join(concern: number, into: number): void {
    if (this.#rootOf(into) === concern) return;
    for (const item of this.#live.items)
      if (item.concern === concern || item.concern === into) item.held = true;
    this.#joined.set(concern, into);
    this.#formed.add(concern).add(into);
    this.#told.merge(concern, this.#rootOf(into));
    this.#note({ kind: 'join', concern, into });
  }

  /** Undoes both: its posts go where the next settling puts them, and what was joined into it is on its own again. */
  release(concern: number): void {
    const free = new Set([concern]);
    for (const [part, into] of this.#joined) {
      if (into !== concern) continue;
      this.#joined.delete(part);
      if (![...this.#joined.values()].includes(part)) free.add(part);
    }
    for (const item of this.#live.items) if (free.has(item.concern)) item.held = false;
    for (const one of free) this.#formed.delete(one);
    this.#note({ kind: 'release', concern });
  }

  /** Posts that are kept no longer, or that ought not to have been grouped. */
  forget(posts: readonly number[]): void {
    for (const item of this.#live.forget(posts)) this.#told.forget(item);
    this.#note({ kind: 'forget', posts });
  }

  /** To be kept with what `take` said last, after a settling: everything, as bytes. Of a small office some 300 kB. */
  snapshot(): Uint8Array {
    this.#journal = [];
    const frozen = [...this.#frozen].map(([concern, group]) => ({ concern, group: group.saved }));
    return packSnapshot({
      next: this.#next,
      settledAt: this.#settledAt,
      vocabulary: this.vocabulary.saved,
      frozen,
      formed: [...this.#formed],
      joined: [...this.#joined],
      items: this.#live.items,
    });
  }

  /**
   * To be kept with what `take` said last, beside the last snapshot and what was kept since: what was added and done since
   * then; null: nothing. @throws Error after a settling: a snapshot is wanted
   */
  journal(): Uint8Array | null {
    if (this.#journal === null) throw new Error('the concerns have settled: a snapshot is wanted');
    if (this.#journal.length === 0) return null;
    const bytes = packJournal(this.#journal);
    this.#journal = [];
    return bytes;
  }

  /** Groups all live texts anew. @param now Unix ms, to tell when it is due again */
  settle(now: number): void {
    for (const _ of this.settling(now)) continue;
  }

  /** The same in pieces of some 20 ms, for a process that has to answer in between; nothing may be called meanwhile. */
  *settling(now: number): Generator<void> {
    [this.#fresh, this.#settledAt, this.#moved, this.#journal] = [0, now, false, null];
    this.#touched = null;
    const old = this.#live.settle(LIVE);
    const { items } = this.#live;
    this.#freeze(old);
    const texts = yield* this.#vectors();
    this.#coherence = coherence(texts, this.#thresholds.fade);
    yield;
    const grouping = new Grouping(this.#thresholds, this.#coherence);
    const own = this.#adopt(grouping, texts);
    const named = [...own.keys()];
    const first: number[] = [];
    for (const [n, { vector, at }] of texts.entries()) {
      first.push(items[n]!.held ? own.get(items[n]!.concern)! : grouping.assign(vector, at));
      if (n % PIECE === 0) yield;
    }
    const to = yield* grouping.merging();
    const places = first.map((place) => to[place]!);
    const before = items.map(({ concern }) => concern);
    const { names, absorbed } = nameGroups(places, before, named, to, () => this.open());
    for (const { concern, into } of absorbed) this.#absorb(concern, into);
    items.forEach((item, n) => {
      item.concern = names[places[n]!]!;
    });
    [this.#grouping, this.#concerns] = [grouping, names];
  }

  #vector({ features, at }: Pick<Item, 'features' | 'at'>): Vector {
    return this.vocabulary.vector(features, this.#talk, at);
  }

  *#vectors(): Generator<void, Text[]> {
    const texts: Text[] = [];
    this.#talk.clear();
    for (const [n, { at, features }] of this.#live.items.entries()) {
      this.#talk.add(features, at);
      if (n % (4 * PIECE) === 0) yield;
    }
    for (const [n, item] of this.#live.items.entries()) {
      texts.push({ at: item.at, vector: this.#vector(item) });
      if (n % (4 * PIECE) === 0) yield;
    }
    return texts;
  }

  /** Groups that have their concern beforehand: what old texts have left, and what people put together. By concern, their places. */
  #adopt(grouping: Grouping, texts: readonly Text[]): Map<number, number> {
    const groups = this.#left();
    this.#live.items.forEach((item, n) => {
      if (item.held) groupOf(groups, item.concern).add(texts[n]!.vector, item.at);
    });
    const own = new Map<number, number>();
    for (const [concern, group] of groups) own.set(concern, grouping.adopt(group, this.#formed.has(concern)));
    return own;
  }

  /** What old texts have left, to be added to. */
  #left(): Map<number, Group> {
    return new Map([...this.#frozen].map(([concern, group]) => [concern, group.copy()]));
  }

  /** The groups as they were when the concerns settled last, made of what belongs to each. */
  #regrouped(): Grouping {
    const texts = run(this.#vectors());
    this.#coherence = coherence(
      texts.toSorted((a, b) => a.at - b.at),
      this.#thresholds.fade,
    );
    const grouping = new Grouping(this.#thresholds, this.#coherence);
    const groups = this.#left();
    this.#live.items.forEach(({ concern, at }, n) => {
      groupOf(groups, concern).add(texts[n]!.vector, at);
    });
    this.#concerns = [];
    for (const [concern, group] of groups)
      this.#concerns[grouping.adopt(group, this.#formed.has(concern))] = concern;
    return grouping;
  }

  #redo(entry: Entry): void {
    switch (entry.kind) {
      case 'text': {
        const { features, at, concern, post } = entry;
        this.vocabulary.learn(features);
        this.#talk.add(features, at);
        this.#joinGroup(concern, this.#vector({ features, at }), at);
        this.#keep({ features, print: fingerprint(features), at, posts: [post], concern, held: false });
        this.#next = Math.max(this.#next, concern + 1);
        this.#fresh += 1;
        return;
      }
      case 'copy':
        return this.#addCopy(entry.post, entry.at, this.#live.ofPost(entry.of)!);
      case 'hold':
        return this.hold(entry.posts, entry.concern);
      case 'join':
        return this.join(entry.concern, entry.into);
      case 'release':
        return this.release(entry.concern);
      case 'forget':
        return this.forget(entry.posts);
    }
  }

  #joinGroup(concern: number, vector: Vector, at: number): void {
    let place = this.#concerns.lastIndexOf(concern);
    if (place < 0) this.#concerns[(place = this.#grouping.adopt(new Group(), false))] = concern;
    this.#grouping.join(place, vector, at);
  }

  #keep(item: Item): void {
    this.#live.keep(item);
    this.#touched?.add(item);
  }

  #addCopy(id: number, at: number, original: Item): void {
    this.#journal?.push({ kind: 'copy', post: id, at, of: original.posts[0]! });
    this.#live.addCopy(id, at, original);
    this.#touched?.add(original);
  }

  #note(entry: Entry): void {
    this.#moved = true;
    this.#touched = null;
    this.#journal?.push(entry);
  }

  /** The concern that it is a part of, to whoever asks. */
  #rootOf(concern: number): number {
    let root = concern;
    for (let into = this.#joined.get(root); into !== undefined; into = this.#joined.get(root)) root = into;
    return root;
  }

  #absorb(concern: number, into: number): void {
    this.#told.merge(concern, this.#rootOf(into));
    const left = this.#frozen.get(concern);
    if (!left) return;
    const host = this.#frozen.get(into);
    if (host) host.addAll(left);
    else this.#frozen.set(into, left);
    this.#frozen.delete(concern);
  }

  /** Of texts that are too old their concerns keep the words. A text that stayed alone is no concern. */
  #freeze(old: readonly Item[]): void {
    const together = new Map<number, number>();
    for (const { concern } of [...this.#live.items, ...old])
      together.set(concern, (together.get(concern) ?? 0) + 1);
    for (const item of old) {
      const stays = this.#frozen.has(item.concern) || this.#formed.has(item.concern) || item.posts.length > 1;
      if (together.get(item.concern) === 1 && !stays) continue;
      groupOf(this.#frozen, item.concern).add(this.#vector(item), item.at);
    }
    for (const group of this.#frozen.values()) if (group.sum.size > 2 * KEPT_WORDS) group.prune(KEPT_WORDS);
    if (this.#frozen.size <= KEPT) return;
    const least = [...this.#frozen].sort((a, b) => worth(a[1]) - worth(b[1]) || a[0] - b[0]);
    for (const [concern] of least.slice(0, this.#frozen.size - KEPT)) this.#frozen.delete(concern);
  }
}

type Text = { at: number; vector: Vector };

function run<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
