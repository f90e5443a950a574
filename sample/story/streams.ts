import { rhythm } from './rhythm.ts';
import { DAY, HOUR } from './time.ts';
import type { ItemKind, SiteKey, Storyline } from './types.ts';

/** A steady source of new items: who writes where about what, and how often at a given moment. */
export interface Stream {
  readonly key: string;
  readonly site: SiteKey;
  readonly kind: Exclude<ItemKind, 'reply'>;
  readonly storyline: Storyline;
  /** The extra liveliness after the anchor; it leaves the sites after some days. */
  readonly live: boolean;
  /** Expected items per hour. Replies and reprints come on top. */
  rate(at: number): number;
}

type Who = 'people' | 'desk';
const kinds: Record<SiteKey, Exclude<ItemKind, 'reply'>> = {
  news: 'article',
  forum: 'thread',
  weibo: 'post',
  rss: 'article',
  atom: 'article',
  jsonfeed: 'article',
};
const writers: Record<SiteKey, Who> = {
  news: 'desk',
  forum: 'people',
  weibo: 'people',
  rss: 'desk',
  atom: 'desk',
  jsonfeed: 'desk',
};

/** Items per day of the storylines that follow the clock. */
const everyday = { weibo: 29.5, forum: 3.4, news: 5.2, rss: 1.2, jsonfeed: 1, atom: 1.1 };
const noise = { weibo: 5.2, forum: 1.2, news: 0.35, rss: 0.8, jsonfeed: 0.5 };
const praised = { weibo: 27, forum: 2.4, news: 1.5, jsonfeed: 0.5, atom: 0.4 };
const slow = { weibo: 10, forum: 1.3, news: 0.5 };
/** Shares of the burst that start something new; threads and articles then draw replies. */
const burst = { weibo: 0.75, forum: 0.055, news: 0.014 };
/** Shares of the lively extra, likewise. */
const lively: Partial<Record<Storyline, Partial<Record<SiteKey, number>>>> = {
  everyday: { weibo: 0.53, forum: 0.06, news: 0.006, rss: 0.008, jsonfeed: 0.005, atom: 0.0015 },
  slow: { weibo: 0.05, forum: 0.006 },
  noise: { weibo: 0.08, forum: 0.012, rss: 0.003, jsonfeed: 0.002 },
};

/** One new item about every 25 seconds, of which the burst takes its part while it runs. */
const LIVE_PER_HOUR = 140;
const LIVE_FLOOR = 30;
export const BURST_BEFORE = 5 * HOUR;
export const SLOW_BEFORE = 35 * DAY;

/**
 * The burst in items per hour, replies included: from 3 to 77 in the five hours before the anchor, to 130 two hours
 * after it, then it fades over a day. Nobody on the sample sites answers it: the answer is the user's to write.
 */
export function burstRate(at: number, anchor: number): number {
  const hours = (at - (anchor - BURST_BEFORE)) / HOUR;
  if (hours < 0) return 0;
  if (hours <= 5) return 3 * Math.exp(0.65 * hours);
  if (hours <= 7) return 77 + 26.5 * (hours - 5);
  const late = 130 * Math.exp(-(hours - 7) / 6);
  return late < 0.3 ? 0 : late;
}

/** How old the slow concern is: 0 when it begins, 1 at the anchor. */
export function slowAge(at: number, anchor: number): number {
  return (at - (anchor - SLOW_BEFORE)) / SLOW_BEFORE;
}

/** How far the slow concern has grown: 0 before it begins, 1 at the anchor, levelling off later. */
export function slowGrowth(at: number, anchor: number): number {
  const part = slowAge(at, anchor);
  if (part < 0) return 0;
  if (part <= 1) return 0.1 + 0.9 * part ** 2.4;
  return Math.min(1.4, 1 + 0.4 * (part - 1));
}

function praisedShape(at: number, anchor: number): number {
  const days = (at - anchor) / DAY;
  return days < -20 || days > -12 ? 0 : Math.exp(-(((days + 16) / 3) ** 2));
}

function liveRate(at: number, anchor: number): number {
  if (at < anchor) return 0;
  const gentle = 0.85 + 0.15 * Math.min(rhythm(at, 'people'), 2);
  return Math.max(LIVE_FLOOR, LIVE_PER_HOUR * gentle - burstRate(at, anchor));
}

function build(
  storyline: Storyline,
  shares: Partial<Record<SiteKey, number>>,
  live: boolean,
  rate: (at: number, who: Who) => number,
): Stream[] {
  return (Object.entries(shares) as [SiteKey, number][]).map(([site, share]) => ({
    key: `${live ? 'live' : 'core'}-${storyline}-${site}`,
    site,
    kind: kinds[site],
    storyline,
    live,
    rate: (at) => share * rate(at, writers[site]),
  }));
}

/** All streams of the story, the lasting ones first. */
export function createStreams(anchor: number): readonly Stream[] {
  const core = [
    ...build('everyday', everyday, false, (at, who) => rhythm(at, who) / 24),
    ...build('noise', noise, false, (at, who) => rhythm(at, who) / 24),
    ...build('praised', praised, false, (at, who) => (rhythm(at, who) / 24) * praisedShape(at, anchor)),
    ...build('slow', slow, false, (at, who) => (rhythm(at, who) / 24) * slowGrowth(at, anchor)),
    ...build('burst', burst, false, (at) => burstRate(at, anchor)),
  ];
  const live = (Object.entries(lively) as [Storyline, Partial<Record<SiteKey, number>>][]).flatMap(
    ([storyline, shares]) => build(storyline, shares, true, (at) => liveRate(at, anchor)),
  );
  return [...core, ...live];
}
