import { chance, exponential, type Random } from './random.ts';
import { forward, rewrite } from './reprint.ts';
import { asleep } from './rhythm.ts';
import { HOUR, MINUTE, SECOND } from './time.ts';
import { drawTone } from './tone.ts';
import type { Theme } from './phrases/theme.ts';
import { numberOf, type Item, type SiteKey, type Storyline } from './types.ts';
import { writeReply } from './write.ts';

/** Nothing follows later than this, so that a day of the story depends on few days before it. */
export const FOLLOW_DAYS = 2;
const FOLLOW_LIMIT = (FOLLOW_DAYS - 0.1) * 24 * HOUR;

const repliesPerThread: Record<Storyline, number> = {
  everyday: 4.6,
  noise: 0.9,
  praised: 5.5,
  slow: 5.5,
  burst: 6,
};
const commentsPerArticle: Record<Storyline, number> = {
  everyday: 1.3,
  noise: 0.5,
  praised: 2.5,
  slow: 3,
  burst: 5.5,
};
const reprints: Partial<Record<SiteKey, Partial<Record<SiteKey, number>>>> = {
  news: { rss: 0.78, jsonfeed: 0.28 },
  atom: { rss: 0.5, jsonfeed: 0.25 },
};

function delay(random: Random, storyline: Storyline, at: number): number {
  const wait = exponential(random, storyline === 'burst' ? 35 * MINUTE : 2.5 * HOUR) + 40 * SECOND;
  const rest = asleep(at + wait) && storyline !== 'burst' && chance(random, 0.75) ? 6.5 * HOUR : 0;
  return Math.min(wait + rest, FOLLOW_LIMIT);
}

/** All replies, comments and reprints that one item will ever draw. */
export function createFollowers(random: Random, root: Item, theme: Theme, anchor: number): Item[] {
  const { storyline } = root;
  const followers: Item[] = [];
  const shared = { storyline, comments: 0, shares: 0 };
  const when = (): number => Math.floor((root.at + delay(random, storyline, root.at)) / SECOND) * SECOND;

  for (let index = 1; index <= root.comments && root.kind !== 'post' && hasReplies(root.site); index++) {
    const at = when();
    const tone = chance(random, 0.4) ? root.tone : drawTone(random, storyline, 'reply', at, anchor);
    const likes = Math.floor(exponential(random, storyline === 'burst' ? 14 : 3));
    const reply = {
      id: `${root.id}-${index}`,
      site: root.site,
      kind: 'reply' as const,
      threadId: root.id,
      at,
      likes,
    };
    followers.push({ ...shared, ...reply, tone, text: writeReply(random, theme, tone) });
  }
  for (const [site, share] of Object.entries(reprints[root.site] ?? {}) as [SiteKey, number][]) {
    if (!chance(random, share)) continue;
    const id = `${site}-${numberOf(root)}`;
    const base = { id, site, kind: 'article' as const, tone: root.tone, reprintOf: root.id, likes: 0 };
    followers.push({ ...shared, ...base, at: when(), ...rewrite(random, root) });
  }
  const forwards = root.site === 'weibo' && storyline !== 'noise' ? (storyline === 'burst' ? 0.14 : 0.02) : 0;
  if (chance(random, forwards)) {
    const likes = Math.floor(exponential(random, 4));
    const base = {
      id: forwardId(root),
      site: root.site,
      kind: root.kind,
      tone: root.tone,
      reprintOf: root.id,
      likes,
    };
    followers.push({ ...shared, ...base, at: when(), text: forward(random, root) });
  }
  return followers;
}

/** Numbers of roots end in 0, which leaves room for what repeats them on the same site. */
function forwardId(root: Item): string {
  return `${root.site}-${Number(numberOf(root)) + 1}`;
}

/** True where readers can answer below an item, so that its number of comments is a number of items. */
export function hasReplies(site: SiteKey): boolean {
  return site === 'forum' || site === 'news';
}

/** How many answers a new item will draw in the end. */
export function drawReplyCount(random: Random, site: SiteKey, storyline: Storyline): number {
  const mean = site === 'forum' ? repliesPerThread[storyline] : commentsPerArticle[storyline];
  // +0.5 undoes what rounding down takes from a waiting-time distribution.
  return Math.min(80, Math.floor(exponential(random, mean) + 0.5));
}
