import { createHash } from 'node:crypto';
import { z } from 'zod';
import { shanghaiDay } from '../../config/shanghai.ts';
import type { WeiboSource } from '../../config/sources.ts';
import type { Draft } from '../../store/drafts.ts';
import { NotGot } from '../errors.ts';
import { endsVisit, secretOf, type VisitAccount } from './account.ts';
import type { VisitTools } from './contract.ts';
import { openWeibo, type WeiboInterface } from './weibo-interface.ts';
import {
  commentDraft,
  counts,
  dateOf,
  pageOf,
  postDraft,
  statusAddress,
  type WeiboItem,
} from './weibo-items.ts';

type Settings = WeiboSource['settings'];

/** As many as one answer holds. */
const PAGE = 50;
/** Of one list in one visit: the rest is read on from there by the next. */
const MOST_PAGES = 10;
/** As many as one question for counts may name. */
const MOST_STATUSES = 100;
const DAY_MS = 86_400_000;

/** How far a list was read, newest first. */
const progress = z.object({
  /** Everything up to this item was read. */
  since: z.string().regex(/^\d+$/).default('0'),
  /** A visit that could not finish: what lies between `since` and `next` is still to be read, up to `top` it was begun. */
  open: z.object({ top: z.string(), next: z.string() }).nullish(),
});
type Progress = z.infer<typeof progress>;

/** A post of the account's own, whose comments are followed. */
const followed = progress.extend({ at: z.number(), comments: z.number().nullable() });
type Followed = z.infer<typeof followed>;

type Visit = {
  settings: Settings;
  tools: VisitTools;
  weibo: WeiboInterface;
  outlet: string;
  marks: Map<string, unknown>;
  /** Ids that this visit has handed on: what answers an own post is also among what the account received. */
  seen: Set<string>;
  expected: number;
  got: number;
};

/**
 * The office's own Weibo account: comments on its posts, comments it received elsewhere, posts that name it. Its own words
 * are not public opinion; they only say what is answered.
 */
export const visitWeibo: VisitAccount<'weibo'> = async (source, tools) => {
  const settings = source.settings as Settings;
  const weibo = openWeibo(settings, tools);
  const marks = await tools.account.marks();
  const outlet = source.outlet ?? source.name;
  const visit: Visit = { settings, tools, weibo, outlet, marks, seen: new Set(), expected: 0, got: 0 };
  const parts: (() => Promise<void>)[] = [() => lookAtToken(visit)];
  if (settings.read.includes('to-me')) parts.push(() => readReceived(visit));
  if (settings.read.includes('mentions')) parts.push(() => readMentions(visit));
  if (settings.read.includes('comments')) parts.push(() => readOwnPosts(visit));
  let answered = 0;
  let refusal: unknown = null;
  for (const part of parts) {
    try {
      await part();
      answered += 1;
    } catch (error) {
      refusal = error;
      if (!(error instanceof NotGot)) throw error;
      tools.missed(settings.endpoint, error);
      if (endsVisit(error)) break;
    }
  }
  // Whatever was handed on stays; without anything the source as a whole was not read.
  if (refusal !== null && visit.got === 0 && answered <= 1) throw refusal;
  const { expected, got } = visit;
  return { unchanged: false, expected, got, conditional: { etag: null, lastModified: null } };
};

/** Once a day: an authorisation cannot be renewed by the hub, so that people have to know in time when it ends. */
async function lookAtToken({ tools, weibo, marks }: Visit): Promise<void> {
  // A new token is looked at at once: a few bits of its hash tell it from the one before.
  const token = createHash('sha256').update(secretOf(tools, 'access-token')).digest('hex').slice(0, 6);
  const day = `${shanghaiDay(new Date(tools.now))} ${token}`;
  if (marks.get('token-day') === day) return;
  const seconds = await weibo.secondsLeft();
  await tools.account.secretEnds('access-token', new Date(tools.now + seconds * 1000));
  await tools.account.mark('token-day', day);
}

async function readReceived(visit: Visit): Promise<void> {
  const { settings, weibo, tools, outlet } = visit;
  const schema = pageOf(settings.uid, 'comments');
  await readMarked(visit, 'received', {
    page: (range) => weibo.get('comments/to_me', range, schema),
    draft: (item) => commentDraft(item, undefined, outlet, tools.now),
  });
}

async function readMentions(visit: Visit): Promise<void> {
  const { settings, weibo, tools, outlet } = visit;
  const schema = pageOf(settings.uid, 'statuses');
  await readMarked(visit, 'mentions', {
    page: (range) => weibo.get('statuses/mentions', range, schema),
    draft: (item) => postDraft(item, outlet, tools.now),
  });
}

/** The comments of those own posts that have more or fewer of them than last time. */
async function readOwnPosts(visit: Visit): Promise<void> {
  const { settings, weibo, tools, marks, outlet } = visit;
  const posts = await followedPosts(visit);
  const schema = pageOf(settings.uid, 'comments');
  for (const [id, { post, comments }] of posts) {
    const isSettled = comments !== null && comments === post.comments && !post.open;
    if (isSettled) continue;
    const list: List = {
      page: (range) => weibo.get('comments/show', { id, ...range }, schema),
      draft: (item) => commentDraft(item, id, outlet, tools.now),
    };
    const name = `status:${id}`;
    // What came while an older visit's rest was read is not read yet: the count says nothing then.
    const keep = (read: Progress) =>
      tools.account.mark(name, { ...post, ...read, comments: post.open ? null : comments });
    try {
      await readDown(visit, post, list, statusAddress(id), keep);
    } catch (error) {
      if (!(error instanceof NotGot) || endsVisit(error)) throw error;
      // Deleted meanwhile: nothing more will be said there.
      if (error.code === 'article-unknown') await tools.account.mark(name, null);
      else tools.missed(statusAddress(id), error);
    }
  }
  for (const name of marks.keys()) {
    if (name.startsWith('status:') && !posts.has(name.slice(7))) await tools.account.mark(name, null);
  }
}

/** Own posts whose comments are followed, the newest first, with the number of comments that each has now. */
async function followedPosts({ settings, weibo, tools, marks }: Visit) {
  const oldest = tools.now - settings.followDays * DAY_MS;
  const posts = new Map<string, { post: Followed; comments: number | null }>();
  // An ordinary app sees no more than the newest five: those before are remembered.
  const query = { uid: settings.uid, count: '5', trim_user: '1' };
  const { items } = await weibo.get('statuses/user_timeline', query, pageOf(settings.uid, 'statuses'));
  for (const status of items) {
    const at = dateOf(status, tools.now) ?? tools.now;
    if (status.deleted || at < oldest) continue;
    const known = followed.safeParse(marks.get(`status:${status.idstr}`)).data;
    const post = known ?? { at, comments: null, since: '0' };
    posts.set(status.idstr, { post, comments: status.comments_count ?? null });
  }
  const before = [...marks]
    .filter(([name]) => name.startsWith('status:') && !posts.has(name.slice(7)))
    .flatMap(([name, mark]) => {
      const post = followed.safeParse(mark).data;
      return post && post.at >= oldest ? [{ id: name.slice(7), post }] : [];
    })
    .toSorted((a, b) => b.post.at - a.post.at)
    .slice(0, MOST_STATUSES);
  if (before.length > 0) {
    const ids = before.map(({ id }) => id).join(',');
    const found = await weibo.get('statuses/count', { ids }, counts);
    const now = new Map(found.map(({ idstr, comments }) => [idstr, comments ?? null]));
    for (const { id, post } of before) {
      // One that is not counted any more was deleted.
      if (now.has(id)) posts.set(id, { post, comments: now.get(id) ?? null });
    }
  }
  return posts;
}

type List = {
  page(range: Record<string, string>): Promise<{ items: WeiboItem[]; broken: number }>;
  draft(item: WeiboItem): Draft | null;
};

async function readMarked(visit: Visit, name: string, list: List): Promise<void> {
  const { tools, marks, settings } = visit;
  const from = progress.safeParse(marks.get(name)).data ?? { since: '0' };
  await readDown(visit, from, list, settings.endpoint, (read) => tools.account.mark(name, read));
}

/**
 * Reads a list from its newest item down to what was read before, or to the days that are followed. What a visit cannot
 * finish is remembered and read on by the next one: nothing in between is skipped.
 * @param keep takes how far it came, also when the platform breaks off
 */
async function readDown(
  visit: Visit,
  from: Progress,
  list: List,
  address: string,
  keep: (read: Progress) => Promise<void>,
): Promise<void> {
  const { tools, settings } = visit;
  const oldest = tools.now - settings.followDays * DAY_MS;
  let top = from.open?.top ?? null;
  let next = from.open?.next ?? null;
  const done = () => keep({ since: top ?? from.since, open: null });
  try {
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const range = { count: String(PAGE), since_id: from.since, ...(next !== null && { max_id: next }) };
      const { items, broken } = await list.page(range);
      const others = items.filter(({ own, deleted, idstr }) => !own && !deleted && !visit.seen.has(idstr));
      for (const { idstr } of others) visit.seen.add(idstr);
      const drafts = others.flatMap((item) => list.draft(item) ?? []);
      await tools.emit(drafts);
      visit.expected += drafts.length + broken;
      visit.got += drafts.length;
      for (let n = 0; n < broken; n += 1) tools.missed(address, new NotGot('item-broken'));
      const ids = items.map(({ idstr }) => BigInt(idstr)).filter((id) => id > BigInt(from.since));
      if (ids.length === 0) return await done();
      top ??= String(ids.reduce((a, b) => (b > a ? b : a)));
      next = String(ids.reduce((a, b) => (b < a ? b : a)) - 1n);
      const isOld = items.some((item) => (dateOf(item, tools.now) ?? tools.now) < oldest);
      // The platform leaves hidden items out of a page: only one less than half full is surely the last.
      if (isOld || items.length + broken < PAGE / 2) return await done();
    }
  } catch (error) {
    if (top !== null && next !== null) await keep({ since: from.since, open: { top, next } });
    throw error;
  }
  if (top !== null && next !== null) {
    await keep({ since: from.since, open: { top, next } });
    visit.expected += 1;
    tools.missed(address, new NotGot('later'));
  }
}
