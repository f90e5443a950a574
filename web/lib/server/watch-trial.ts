import type { QueryFault } from '../../../indexer/watches/query.ts';
import type { Segment } from '../../../indexer/search/marks.ts';
import type { WatchSet } from '../../../indexer/watches/watch-set.ts';
import { within } from '../../../store/scope.ts';
import { NEWEST, postsToTry, type TriedPost } from '../../../store/watch-preview.ts';
import { TRIED_DAYS, TRIED_POSTS, type TrialHit, type TrialLine } from '../watch-line.ts';
import type { Desk } from './desk.ts';

/** What reads queries holds lists of names: loaded when somebody first writes one. */
async function language() {
  const [{ checkQuery, whyPersonal }, { WatchSet }, { subjectOf }, { fold }] = await Promise.all([
    import('../../../indexer/watches/check.ts'),
    import('../../../indexer/watches/watch-set.ts'),
    import('../../../indexer/watches/stored.ts'),
    import('../../../indexer/text/fold.ts'),
  ]);
  return { checkQuery, whyPersonal, WatchSet, subjectOf, fold };
}

/** What is wrong with a query; null: nothing. */
export async function faultOf(query: string): Promise<QueryFault | null> {
  const checked = (await language()).checkQuery(query);
  return 'fault' in checked ? checked.fault : null;
}

/** Why a name or a subject may not be that of a watch; null: it may. */
export async function personalIn(text: string): Promise<string | null> {
  return (await language()).whyPersonal(text);
}

/** Posts that are looked at before anything else is done in this process. */
const PAGE = 500;
const HITS = 10;
const DAY_MS = 86_400_000;

/**
 * Tries a query on the newest stored posts of an office and those below it, with the matcher that reads new ones.
 * @param say is told how far it has come, and at the end what was found
 */
export async function tryQuery(
  desk: Desk,
  officeId: number,
  query: string,
  signal: AbortSignal,
  say: (line: TrialLine) => void,
): Promise<void> {
  const { checkQuery, WatchSet, subjectOf, fold } = await language();
  const parsed = checkQuery(query);
  const fault = 'fault' in parsed ? parsed.fault : null;
  say({ say: 'checked', fault });
  if ('fault' in parsed) return;
  const set = new WatchSet([{ id: 1, officeId, query: parsed.query }]);
  const offices = await within(desk.db, desk.scope, officeId);
  const from = new Date(Date.now() - TRIED_DAYS * DAY_MS);
  const hits: TriedPost[] = [];
  let [scanned, matched] = [0, 0];
  let oldest: Date | null = null;
  let after: typeof NEWEST | null = NEWEST;
  while (after && scanned < TRIED_POSTS) {
    const { posts, next } = await postsToTry(
      desk.db,
      offices,
      from,
      after,
      Math.min(PAGE, TRIED_POSTS - scanned),
    );
    if (signal.aborted) return;
    for (const post of posts) {
      if (set.match(subjectOf(post), null).length === 0) continue;
      matched += 1;
      if (hits.length < HITS) hits.push(post);
    }
    scanned += posts.length;
    oldest = posts.at(-1)?.at ?? oldest;
    after = next;
    say({ say: 'progress', scanned, matched });
  }
  const since = after && oldest ? oldest.toISOString() : null;
  say({ say: 'found', scanned, matched, since, hits: hits.map((post) => shown(post, set, fold)) });
}

function shown(post: TriedPost, set: WatchSet, fold: (text: string) => string): TrialHit {
  const { id, title, text, sourceName, at, sentiment, kind } = post;
  const marks = (given: string) => marksIn(given, set, fold);
  return {
    ...{ id, sourceName, at: at.toISOString(), sentiment, kind },
    title: title === null ? null : segments(title, marks(title), 0, title.length),
    text: excerpt(text, marks(text)),
  };
}

/** Long texts are marked in their beginning, as they are analysed. */
const MARKED = 20_000;

/** Where words were found, in units of the text as it is shown. */
function marksIn(given: string, set: WatchSet, fold: (text: string) => string): [number, number][] {
  const text = given.slice(0, MARKED);
  const folded = fold(text);
  if (folded.length === text.length) return set.marks(folded, 0);
  // Some characters become several, or several one: each by itself, with where it came from.
  let again = '';
  const from: number[] = [];
  let at = 0;
  for (const character of text) {
    const becomes = fold(character);
    for (let unit = 0; unit < becomes.length; unit += 1) from.push(at);
    again += becomes;
    at += character.length;
  }
  from.push(at);
  return set.marks(again, 0).map(([start, end]) => [from[start] ?? 0, from[end] ?? at]);
}

/** In UTF-16 units: what stands before the first mark, and all of it. */
const BEFORE = 30;
const EXCERPT = 160;

function excerpt(text: string, marks: readonly [number, number][]): Segment[] {
  const first = marks[0]?.[0] ?? 0;
  const start = first <= BEFORE * 2 ? 0 : first - BEFORE;
  return segments(text, marks, start, Math.min(text.length, start + EXCERPT));
}

function segments(text: string, marks: readonly [number, number][], from: number, to: number): Segment[] {
  const parts: Segment[] = [];
  const add = (start: number, end: number, hit: boolean) => {
    const part = text.slice(start, end).toWellFormed();
    if (part !== '') parts.push({ text: part, hit });
  };
  let at = from;
  for (const [start, end] of marks) {
    if (end <= at || start >= to) continue;
    add(at, Math.max(at, start), false);
    add(Math.max(at, start), Math.min(end, to), true);
    at = Math.min(end, to);
  }
  add(at, to, false);
  if (from > 0) parts.unshift({ text: '…', hit: false });
  if (to < text.length) parts.push({ text: '…', hit: false });
  return parts;
}
