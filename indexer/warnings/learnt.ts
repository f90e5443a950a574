import { BurstDetector, type Usual } from './burst-detector.ts';
import { rhythmTime } from './calendar.ts';
import { HOUR_MS, WHOLE, type Series, type Window } from './observed.ts';
import { ShareDetector } from './share-detector.ts';

/** An hour is learnt so long after it has ended: most sources have been visited by then. */
export const SETTLED_MS = 15 * 60_000;
/** What was seen in the last hours counts as happening now. */
const RECENT_HOURS = 6;
/** A detector is asked what is usual once it has seen two days. */
const LEAST_LEARNT = 48;
/** The counters of so many days are learnt; a week later they are learnt anew, so that no more than these are ever read. */
const LEARNT_DAYS = 60;
const RENEWED_DAYS = 67;
/** From when on counters have to be known for that. */
export const READ_DAYS = RENEWED_DAYS + 1;
const DAY_MS = 24 * HOUR_MS;

/** Later posts of older hours: from how many, and from what part of all, everything is learnt anew. */
const LATE_POSTS = 20;
const LATE_PART = 0.05;

/** Of an hour: how unusual the number of posts was and how unusual the share of negative ones, where above the usual. */
type Rise = { volume: number; slow: boolean; negative: number };

/** What is usual for one subject: the detectors of its volume and of its negative share, which learn each closed hour once. */
export class Learnt {
  readonly #volume: BurstDetector;
  readonly #share: ShareDetector;
  /** The first hour that was learnt, Unix ms. */
  readonly since: number;
  /** Hours before this are learnt, Unix ms. */
  until: number;
  /** Posts in the hours that were learnt: when older hours have changed by much, it is time to learn anew. */
  posts: number;
  #usualShare = 0.5;
  readonly #recent: Rise[];

  private constructor(
    since: number,
    until = since,
    posts = 0,
    volume = new BurstDetector(rhythmTime),
    share = new ShareDetector(rhythmTime),
  ) {
    this.since = since;
    this.until = until;
    this.posts = posts;
    this.#volume = volume;
    this.#share = share;
    this.#recent = [];
  }

  /** Nothing learnt yet. @param first when there was first something to be learnt; no more than two months are */
  static since(first: number, now: number): Learnt {
    return new Learnt(Math.floor(Math.max(first, now - LEARNT_DAYS * DAY_MS) / HOUR_MS) * HOUR_MS);
  }

  /** Usual numbers can be told. */
  get ready(): boolean {
    return this.#volume.seen >= LEAST_LEARNT;
  }

  /** The usual share of negative posts, 0 to 1. */
  get share(): number {
    return this.#usualShare;
  }

  /**
   * Learns the hours that have closed since. Hours with a gap are not known, whatever was counted in them.
   * @returns how many
   */
  learn(series: Series, now: number): number {
    let learnt = 0;
    const first = Math.max(this.until, series.from);
    for (let at = first; at + HOUR_MS + SETTLED_MS <= now; at += HOUR_MS) {
      const n = (at - series.from) / HOUR_MS;
      const posts = series.posts[n] ?? 0;
      const known = series.known[n] === WHOLE;
      const volume = this.#volume.next(at, known ? posts : Number.NaN);
      const share = this.#share.next(at, series.negative[n] ?? 0, known ? posts : 0);
      this.#usualShare = share.expected;
      this.#recent.push({
        volume: volume.direction > 0 ? volume.strength : 0,
        slow: volume.kind === 'shift',
        negative: share.direction > 0 ? share.strength : 0,
      });
      if (this.#recent.length > RECENT_HOURS) this.#recent.shift();
      this.posts += posts;
      this.until = at + HOUR_MS;
      learnt += 1;
    }
    return learnt;
  }

  /**
   * Whether it is to be learnt anew: it was begun long ago, or so many posts came to hours that were learnt already, or went
   * from them, that the rhythm is not what it was.
   */
  isStale(series: Series, now: number): boolean {
    if (this.since < now - RENEWED_DAYS * DAY_MS) return true;
    let posts = 0;
    const hours = Math.min(series.posts.length, (this.until - series.from) / HOUR_MS);
    const first = Math.max(0, (this.since - series.from) / HOUR_MS);
    for (let n = first; n < hours; n += 1) posts += series.posts[n] ?? 0;
    return Math.abs(posts - this.posts) > Math.max(LATE_POSTS, LATE_PART * this.posts);
  }

  /** How unusually much there was lately, 0 to 1; from .5 on it is a rise. `slow`: one that has been growing. */
  rise(of: 'volume' | 'negative', slow: boolean): number {
    return this.#recent.reduce((most, rise) => {
      if (of === 'negative') return Math.max(most, rise.negative);
      return slow && !rise.slow ? most : Math.max(most, rise.volume);
    }, 0);
  }

  /** What is usual for a whole hour, past or coming. */
  usual(at: number): Usual | null {
    return this.ready ? this.#volume.usual(at) : null;
  }

  /**
   * What is usual for a window, and how many standard deviations more there is: on the scale of roots, where they are alike at
   * any size. Null where too little was learnt.
   */
  against({ spans, posts }: Pick<Window, 'spans' | 'posts'>): { expected: number; beyond: number } | null {
    if (!this.ready || spans.length === 0) return null;
    const { expected, deviations } = this.#volume.over(spans, posts);
    return { expected, beyond: deviations };
  }

  /** Everything, as bytes: the two detectors and what they said last. */
  save(): Uint8Array {
    const [volume, share] = [this.#volume.save(), this.#share.save()];
    const own = Float64Array.from([
      Learnt.form,
      volume.length,
      share.length,
      this.#usualShare,
      this.since,
      ...this.#recent.flatMap(({ volume: much, slow, negative }) => [much, Number(slow), negative]),
    ]);
    const bytes = new Uint8Array(volume.length + share.length + own.byteLength);
    bytes.set(new Uint8Array(own.buffer));
    bytes.set(volume, own.byteLength);
    bytes.set(share, own.byteLength + volume.length);
    return bytes;
  }

  static readonly form = 1_000_000 + BurstDetector.form * 1_000 + ShareDetector.form;

  /** As it was saved; undefined for bytes of another form: learn anew then. */
  static restore(bytes: Uint8Array, until: number, posts: number): Learnt | undefined {
    const HEAD = 5;
    if (bytes.length < HEAD * 8) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const at = (n: number) => view.getFloat64(n * 8, true);
    if (at(0) !== Learnt.form) return undefined;
    const [volumeLength, shareLength] = [at(1), at(2)];
    const own = bytes.length - volumeLength - shareLength;
    if (own < HEAD * 8 || own % 8 !== 0) return undefined;
    const volume = BurstDetector.restore(bytes.subarray(own, own + volumeLength), rhythmTime);
    const share = ShareDetector.restore(bytes.subarray(own + volumeLength), rhythmTime);
    if (!volume || !share) return undefined;
    const learnt = new Learnt(at(4), until, posts, volume, share);
    learnt.#usualShare = at(3);
    for (let n = HEAD; n + 2 < own / 8; n += 3) {
      learnt.#recent.push({ volume: at(n), slow: at(n + 1) === 1, negative: at(n + 2) });
    }
    return learnt;
  }
}
