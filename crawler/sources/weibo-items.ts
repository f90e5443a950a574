import { z } from 'zod';
import type { Draft } from '../../store/drafts.ts';
import { readDate } from '../extract/dates.ts';
import { wordsOf } from './account.ts';

const id = z.string().regex(/^\d{1,25}$/);
const amount = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)
  .nullish()
  .catch(null);

/** Of whoever wrote it only one thing is read, and not kept: whether that is the account itself. */
const byWhom = (uid: string) =>
  z
    .object({ idstr: z.string() })
    .nullish()
    .catch(null)
    .transform((user) => user?.idstr === uid);

/**
 * A status or a comment: what of it may be read. Its `user`, `source`, `geo` and whatever else says who and where does not
 * get past this schema. Numbers of items are longer than JavaScript's integers: `idstr` it is.
 */
const itemOf = (uid: string) =>
  z
    .object({
      idstr: id,
      created_at: z.string().nullish(),
      text: z.string().default(''),
      user: byWhom(uid),
      deleted: z.unknown().optional(),
      comments_count: amount,
      reposts_count: amount,
      attitudes_count: amount,
      status: z.object({ idstr: id }).nullish().catch(null),
      retweeted_status: z.object({ idstr: id }).nullish().catch(null),
    })
    .transform(({ user, deleted, ...item }) => ({ ...item, own: user, deleted: Boolean(deleted) }));

export type WeiboItem = z.infer<ReturnType<typeof itemOf>>;

/** One page of a list. What cannot be read in it is counted, and does not take the rest along. */
export const pageOf = (uid: string, list: 'comments' | 'statuses') => {
  const item = itemOf(uid);
  // An account without any gets an empty list from some interfaces and an empty array for the whole answer from others.
  const page = z.object({ [list]: z.array(z.unknown()) });
  return z
    .union([
      page,
      z
        .array(z.unknown())
        .length(0)
        .transform(() => ({ [list]: [] as unknown[] })),
    ])
    .transform((answer) => {
      const read = (answer[list] ?? []).map((each) => item.safeParse(each));
      const items = read.flatMap(({ data }) => data ?? []);
      return { items, broken: read.length - items.length };
    });
};

export const counts = z.array(z.object({ idstr: id, comments: amount }));

/** A post's page as a person can open it. This form of the address does not name the one who wrote it. */
export const statusAddress = (idstr: string): string => `https://m.weibo.cn/status/${idstr}`;

const CLOSE_BY = { likes: null, comments: null, shares: null };

/** @returns null when nothing was said but somebody's name */
export function commentDraft(
  comment: WeiboItem,
  statusId: string | undefined,
  outlet: string,
  now: number,
): Draft | null {
  const status = comment.status?.idstr ?? statusId;
  const text = wordsOf(comment.text);
  if (status === undefined || text === '') return null;
  const url = statusAddress(status);
  const publishedAt = dateOf(comment, now);
  return {
    ...{ kind: 'comment', url, externalId: comment.idstr, parentUrl: url, title: null },
    ...{ text, publishedAt, outlet, counts: CLOSE_BY },
  };
}

/** @returns null when nothing was said but somebody's name */
export function postDraft(status: WeiboItem, outlet: string, now: number): Draft | null {
  // Behind this mark stand the words of those who shared it before.
  const text = wordsOf(status.text.split('//@')[0] ?? '');
  if (text === '') return null;
  const shared = status.retweeted_status?.idstr;
  return {
    kind: 'post',
    url: statusAddress(status.idstr),
    externalId: status.idstr,
    parentUrl: shared === undefined ? null : statusAddress(shared),
    title: null,
    text,
    publishedAt: dateOf(status, now),
    outlet,
    counts: {
      likes: status.attitudes_count ?? null,
      comments: status.comments_count ?? null,
      shares: status.reposts_count ?? null,
    },
  };
}

export function dateOf({ created_at: date }: WeiboItem, now: number): number | null {
  return date ? readDate(date, now) : null;
}
