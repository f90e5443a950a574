import { createFollowers, drawReplyCount, FOLLOW_DAYS, hasReplies } from './followers.ts';
import { createRandom, exponential, hashText, mix, poisson, type Random } from './random.ts';
import { createStreams, type Stream } from './streams.ts';
import { DAY, dayOf, MINUTE, SECOND, startOfDay } from './time.ts';
import { drawTone } from './tone.ts';
import { siteKeys, type Item, type SiteKey, type World, type WorldOptions } from './types.ts';
import { drawTheme, writeArticle, writePost, writeThread } from './write.ts';

const HISTORY_DAYS = 60;
const SLOT = 10 * MINUTE;
const SLOTS_PER_DAY = DAY / SLOT;
/** Item numbers count from 2020-01-01 so that addresses stay short; a slot never holds 256 roots. */
const SLOT_ORIGIN = Date.UTC(2020, 0, 1) / SLOT;
const NUMBERS_PER_SLOT = 256;
/** The last digit of a number is left to what repeats the item: see followers.ts. */
const NUMBER_STEP = 10;
/** The lively extra (about 5,000 items a day) leaves the sites after this: memory stays bounded. */
const LIVE_DAYS = 2;

type PerSite = Readonly<Record<SiteKey, readonly Item[]>>;
interface Day {
  readonly core: PerSite;
  /** The lasting items and the lively extra together. */
  full?: PerSite | undefined;
}

/**
 * The scripted story. Everything about an item follows from the seed, the anchor and the ten-minute slot in which it
 * begins, so any number of worlds, in any process, started at any time, tell the same story.
 */
export function createWorld({ seed, anchor }: WorldOptions): World {
  const start = anchor - HISTORY_DAYS * DAY;
  if (!(start / SLOT >= SLOT_ORIGIN)) throw new RangeError('the sample story cannot begin before 2020');
  const streams = createStreams(anchor).map((stream) => ({
    ...stream,
    seed: mix(seed >>> 0, hashText(stream.key)),
  }));
  const days = new Map<number, Day>();
  const roots = new Map<string, readonly Item[]>();
  const answers = new Map<SiteKey, { day: number; before: Item[]; last: readonly Item[] }>();

  function rootsOf(day: number, live: boolean): readonly Item[] {
    const key = `${day}-${live}`;
    const known = roots.get(key);
    if (known) return known;
    const found: Item[] = [];
    const firstSlot = startOfDay(day) / SLOT;
    for (let slot = firstSlot; slot < firstSlot + SLOTS_PER_DAY; slot++) {
      // Numbers of the lasting streams must not depend on how many live items there are.
      let index = live ? NUMBERS_PER_SLOT / 2 : 0;
      for (const stream of streams) {
        if (stream.live !== live) continue;
        const slotSeed = mix(stream.seed, slot);
        const random = createRandom(slotSeed);
        const count = poisson(random, (stream.rate((slot + 0.5) * SLOT) * SLOT) / (60 * MINUTE));
        for (let nth = 1; nth <= count; nth++) {
          const at = slot * SLOT + Math.floor((random() * SLOT) / SECOND) * SECOND;
          const number = ((slot - SLOT_ORIGIN) * NUMBERS_PER_SLOT + index++) * NUMBER_STEP;
          if (at < start || stream.rate(at) === 0) continue;
          found.push(...createRoot(createRandom(mix(slotSeed, nth)), stream, number, at, anchor));
        }
      }
    }
    roots.set(key, found);
    return found;
  }

  function collect(day: number, withLive: boolean): PerSite {
    const sites: Record<SiteKey, Item[]> = {
      news: [],
      forum: [],
      weibo: [],
      rss: [],
      atom: [],
      jsonfeed: [],
    };
    for (let from = day - FOLLOW_DAYS; from <= day; from++) {
      for (const live of withLive ? [false, true] : [false]) {
        for (const item of rootsOf(from, live)) if (dayOf(item.at) === day) sites[item.site].push(item);
      }
    }
    for (const list of Object.values(sites)) list.sort(byTime);
    for (const key of roots.keys()) {
      if (Math.abs(Number.parseInt(key, 10) - day) > FOLLOW_DAYS) roots.delete(key);
    }
    return sites;
  }

  /** What a site gained on one day, seen from `today`. */
  function itemsOfDay(site: SiteKey, day: number, today: number): readonly Item[] {
    let known = days.get(day);
    if (!known) days.set(day, (known = { core: collect(day, false) }));
    if (startOfDay(day + 1) <= anchor || today - day >= LIVE_DAYS) return known.core[site];
    return (known.full ??= collect(day, true))[site];
  }

  function items(site: SiteKey, until: number): readonly Item[] {
    if (!Number.isFinite(until)) throw new RangeError(`not a moment: ${until}`);
    if (until < start) return [];
    const today = dayOf(until);
    let answer = answers.get(site);
    if (answer?.day !== today) {
      const before: Item[] = [];
      for (let day = dayOf(start); day < today; day++) before.push(...itemsOfDay(site, day, today));
      answers.set(site, (answer = { day: today, before, last: before }));
      for (const [day, known] of days) if (today - day >= LIVE_DAYS) known.full = undefined;
    }
    const latest = itemsOfDay(site, today, today);
    const count = countUntil(latest, until);
    // The same array as long as nothing has appeared: callers may key a cache by it.
    if (answer.last.length !== answer.before.length + count) {
      answer.last = [...answer.before, ...latest.slice(0, count)];
    }
    return answer.last;
  }

  /** The days on which an item, or an answer to it, can have appeared. */
  function* near(id: string, until: number): Generator<readonly Item[]> {
    const [, site = '', number = ''] = /^([a-z]+)-(\d{1,15})(?:-\d{1,3})?$/.exec(id) ?? [];
    if (!isSite(site)) return;
    const slot = Math.floor(Number(number) / NUMBER_STEP / NUMBERS_PER_SLOT) + SLOT_ORIGIN;
    const today = dayOf(until);
    const first = dayOf(slot * SLOT);
    for (let day = Math.max(first, dayOf(start)); day <= Math.min(first + FOLLOW_DAYS, today); day++) {
      yield itemsOfDay(site, day, today);
    }
  }

  function find(id: string, until: number): Item | undefined {
    for (const list of near(id, until)) {
      const item = list.find((candidate) => candidate.id === id);
      if (item) return item.at <= until ? item : undefined;
    }
    return undefined;
  }

  function replies(threadId: string, until: number): readonly Item[] {
    const found: Item[] = [];
    for (const list of near(threadId, until)) {
      for (const item of list) if (item.threadId === threadId && item.at <= until) found.push(item);
    }
    return found;
  }

  return { seed, anchor, start, items, find, replies };
}

function createRoot(random: Random, stream: Stream, number: number, at: number, anchor: number): Item[] {
  const { site, kind, storyline } = stream;
  const theme = drawTheme(random, storyline);
  const tone = drawTone(random, storyline, kind, at, anchor);
  const written =
    kind === 'article'
      ? writeArticle(random, theme, tone)
      : kind === 'thread'
        ? writeThread(random, theme, tone)
        : { text: writePost(random, theme, tone) };
  const warmth = storyline === 'burst' ? 6 : storyline === 'noise' ? 0.3 : 1;
  const draw = (mean: number): number => Math.floor(exponential(random, mean * warmth));
  const comments = hasReplies(site)
    ? drawReplyCount(random, site, storyline)
    : draw(site === 'weibo' ? 6 : 0);
  const root: Item = {
    id: `${site}-${number}`,
    site,
    kind,
    ...written,
    at,
    storyline,
    tone,
    likes: draw(15),
    comments,
    shares: draw(site === 'weibo' ? 5 : 1),
  };
  return [root, ...createFollowers(random, root, theme, anchor)];
}

function byTime(left: Item, right: Item): number {
  return left.at - right.at || (left.id < right.id ? -1 : 1);
}

/** How many of a list sorted by time have appeared by `until`. */
function countUntil(list: readonly Item[], until: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.at ?? 0) <= until) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isSite(name: string): name is SiteKey {
  return (siteKeys as readonly string[]).includes(name);
}
