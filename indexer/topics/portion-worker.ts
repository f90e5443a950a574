import { setImmediate } from 'node:timers/promises';
import { heldAmong, numbersOf, ownPosts, setNumber } from '../../store/concern-numbers.ts';
import { applyGrouped, takeOutOfConcerns } from '../../store/grouping-apply.ts';
import {
  donePortion,
  keepJournal,
  keepSnapshot,
  nextPortion,
  postsToGroup,
  type ActOrder,
  type Portion,
  type PostToGroup,
} from '../../store/grouping.ts';
import { tellLive } from '../../store/live.ts';
import { lockGrouping, lockPosts } from '../../store/locks.ts';
import { countWords, lastCounted, type CountedWords } from '../../store/word-days.ts';
import { transaction, type Queryable, type Store } from '../../store/pool.ts';
import type { Segmenter } from '../text/segmenter.ts';
import { FORM, type Concerns } from './concerns.ts';
import type { Engines } from './engines-worker.ts';
import { hotTerms } from './hot-words.ts';
import { topicWords } from './words.ts';

/** Posts that are grouped in one transaction: a fraction of a second. */
export const PORTION = 400;
/** Posts whose words are cut before others get their turn: some 10 ms. */
const PIECE = 25;

/** What a portion came to: how many posts and acts were looked at, and whether more waits. `busy`: another process is at it. */
export type PortionDone = { looked: number; left: boolean } | 'busy';

/**
 * Groups the next posts of an office, all that depends on it in one transaction: concerns, their posts and counters, what
 * grouping has to know next time. Killed at any moment it has done all of it or nothing.
 * @param store in whose scope the office is
 */
export async function groupPortion(
  store: Store,
  officeId: number,
  engines: Engines,
  segmenter: Segmenter,
  now: Date,
  size = PORTION,
): Promise<PortionDone> {
  try {
    const { done, turn } = await transaction(store, async (client) => {
      if (!(await lockGrouping(client, officeId))) return { done: 'busy' as const, turn: null };
      const concerns = await engines.take(client, officeId, now.getTime());
      const portion = await nextPortion(client, officeId, size);
      const looked = portion.postIds.length + portion.acts.length;
      if (portion.rows.length === 0 && looked === 0 && !concerns.due(now.getTime()))
        return { done: { looked, left: false }, turn: null };
      const { out, counted } = await hear(client, officeId, concerns, portion, segmenter);
      const settled = await settleWhenDue(concerns, now);
      const changes = concerns.take();
      // From here on the office's visits wait.
      await lockPosts(client, officeId);
      if (out.length > 0) await takeOutOfConcerns(client, out);
      await applyGrouped(client, officeId, changes);
      await donePortion(client, portion);
      const kept = settled
        ? await keepSnapshot(client, officeId, FORM, concerns.snapshot())
        : await keepJournal(client, officeId, FORM, concerns.journal());
      await countWords(client, officeId, counted);
      await tellLive(client, { kind: 'concerns', officeId });
      return { done: { looked, left: portion.left }, turn: kept };
    });
    if (turn !== null) engines.kept(officeId, turn);
    return done;
  } catch (error) {
    // What is in memory is ahead of what was kept.
    engines.drop(officeId);
    throw error;
  }
}

/** Tells the engine what waits. @returns posts that are not to be in a concern, and the words of those that are new */
async function hear(
  client: Queryable,
  officeId: number,
  concerns: Concerns,
  portion: Portion,
  segmenter: Segmenter,
): Promise<{ out: number[]; counted: CountedWords[] }> {
  for (const act of portion.acts) await obey(client, concerns, act);
  const last = await lastCounted(client, officeId);
  const posts = await postsToGroup(client, portion.postIds);
  const there = new Set(posts.filter(({ relevant }) => relevant).map(({ id }) => id));
  const out = portion.postIds.filter((id) => !there.has(id));
  if (out.length > 0) concerns.forget(out);
  const counted: CountedWords[] = [];
  for (const [n, { id, at, title, text, lead, relevant }] of posts.entries()) {
    if (n % PIECE === PIECE - 1) await setImmediate();
    if (!relevant) continue;
    const words = topicWords(title, text, segmenter);
    concerns.add({ id, at: at.getTime(), copyOf: lead, words });
    // Copies are counted at the first.
    if (id > last) counted.push({ id, at, words: lead === null ? hotTerms(words, concerns.vocabulary) : [] });
  }
  await holdAgain(client, concerns, posts);
  return { out, counted };
}

/** Where grouping has begun anew, what a person has put together stays together. */
async function holdAgain(
  client: Queryable,
  concerns: Concerns,
  posts: readonly PostToGroup[],
): Promise<void> {
  const held = await heldAmong(
    client,
    posts.map(({ id }) => id),
  );
  for (const { id, number, posts: own } of held) {
    const known = number ?? concerns.open();
    if (number === null) await setNumber(client, id, known);
    concerns.hold(own, known);
  }
}

async function settleWhenDue(concerns: Concerns, now: Date): Promise<boolean> {
  if (!concerns.due(now.getTime())) return false;
  for (const _ of concerns.settling(now.getTime())) await setImmediate();
  return true;
}

/** What a person did stands in the tables already; grouping is told, so that it keeps to it. */
async function obey(client: Queryable, concerns: Concerns, act: ActOrder): Promise<void> {
  const { concernId, otherId, posts } = act;
  const numbers = await numbersOf(client, [concernId, otherId]);
  const other = numbers.get(otherId);
  const own = numbers.get(concernId);
  if (act.kind === 'merge') {
    if (own === undefined || other === undefined) return;
    if (!act.undone) return concerns.join(own, other);
    concerns.release(other);
    concerns.hold(posts, own);
    concerns.release(own);
    return;
  }
  // Split: `other` is the new one.
  if (own === undefined) return;
  if (act.undone) {
    if (other === undefined) return;
    concerns.hold(posts, own);
    concerns.release(own);
    concerns.release(other);
    return;
  }
  const opened = other ?? concerns.open();
  if (other === undefined) await setNumber(client, otherId, opened);
  concerns.hold(posts, opened);
  concerns.hold(await ownPosts(client, concernId), own);
}
