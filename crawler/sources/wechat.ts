import { z } from 'zod';
import type { WechatSource } from '../../config/sources.ts';
import type { Draft } from '../../store/drafts.ts';
import { NotGot } from '../errors.ts';
import { endsVisit, wordsOf, type VisitAccount } from './account.ts';
import type { VisitTools } from './contract.ts';
import { followedArticles, learnPublished, learnSent, type Article } from './wechat-articles.ts';
import { openWechat, type WechatInterface } from './wechat-interface.ts';

/** The platform takes less than 50 at a time. */
const PAGE = 49;
/** Of one article in one visit: the rest is read on from there by the next. */
const MOST_PAGES = 20;
/** An article is asked for again after this part of its age: what is new is followed closely, what is old loosely. */
const PART_OF_AGE = 1 / 12;

/** Who commented (`openid`) is dropped by not being named here, and so is the office's own answer. */
const comment = z.object({
  user_comment_id: z.union([z.number(), z.string()]).transform(String),
  create_time: z.number().nullish(),
  content: z.string(),
});
const comments = z.object({
  total: z.number().default(0),
  /** Seen in real answers: all that there are, where `total` only counts this page. */
  comment_cnt: z.number().nullish(),
  comment: z.array(z.unknown()).default([]),
});

type Visit = {
  wechat: WechatInterface;
  tools: VisitTools;
  outlet: string;
  /** An article's comments could be read. */
  open: boolean;
  /** What was said of the last article whose comments may not be read; null: of none. */
  closed: NotGot | null;
  expected: number;
  got: number;
};

/** The office's own WeChat official account: comments on its articles. Messages to it are pushed (wechat-message.ts). */
export const visitWechat: VisitAccount<'wechat'> = async (source, tools) => {
  const settings = source.settings as WechatSource['settings'];
  const wechat = openWechat(settings, tools);
  const marks = await tools.account.marks();
  const known = { settings, tools, marks };
  const outlet = source.outlet ?? source.name;
  const visit: Visit = { wechat, tools, outlet, open: false, closed: null, expected: 0, got: 0 };
  let answered = 0;
  let refusal: NotGot | null = null;
  /** @returns false when nothing else is to be asked for */
  const attempt = async (address: string, work: () => Promise<boolean>) => {
    try {
      if (await work()) answered += 1;
      return true;
    } catch (error) {
      if (!(error instanceof NotGot)) throw error;
      refusal ??= error;
      tools.missed(address, error);
      return !endsVisit(error);
    }
  };
  let goesOn =
    (await attempt(settings.endpoint, () => learnPublished(known, wechat))) &&
    (await attempt(settings.endpoint, () => learnSent(known, wechat)));
  const followed = followedArticles(known);
  // Who has waited longest comes first: when the calls of the day end, it is not always the same that are left out.
  const due = followed.filter((article) => isDue(article, tools.now)).toSorted((a, b) => a.asked - b.asked);
  for (const article of due) {
    if (!goesOn) break;
    goesOn = await attempt(addressOf(article), () => readComments(visit, article));
  }
  // One article without comments is closed to them; where none has any, the account is.
  if (visit.closed && !visit.open && !followed.some(({ total }) => total !== null)) {
    refusal ??= visit.closed;
    tools.missed(settings.endpoint, visit.closed);
  }
  for (const name of marks.keys()) {
    const id = name.startsWith('article:') ? name.slice(8) : null;
    if (id !== null && !followed.some((article) => article.id === id)) await tools.account.mark(name, null);
  }
  if (refusal !== null && answered === 0) throw refusal;
  const { expected, got } = visit;
  return { unchanged: false, expected, got, conditional: { etag: null, lastModified: null } };
};

function isDue({ at, asked, begin }: Article, now: number): boolean {
  return begin > 0 || now - asked >= (now - at) * PART_OF_AGE;
}

/**
 * Reads an article's comments, in whatever order they come, where their number is another than last time.
 * @returns false when they may not be read
 * @throws NotGot
 */
async function readComments(visit: Visit, article: Article): Promise<boolean> {
  try {
    await readPages(visit, article);
    visit.open = true;
    return true;
  } catch (error) {
    if (!(error instanceof NotGot) || endsVisit(error)) throw error;
    // It is asked for again when its time has come, not at every visit.
    const { id, ...mark } = article;
    await visit.tools.account.mark(`article:${id}`, { ...mark, asked: visit.tools.now, begin: 0 });
    if (error.code !== 'not-permitted') throw error;
    visit.closed = error;
    return false;
  }
}

async function readPages(visit: Visit, article: Article): Promise<void> {
  const { tools, wechat } = visit;
  const { id, begin: from, ...mark } = article;
  const [message = '', place = '1'] = id.split('_');
  const keep = (read: { total: number | null; begin: number }) =>
    tools.account.mark(`article:${id}`, { ...mark, asked: tools.now, ...read });
  let begin = from;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const body = { msg_data_id: Number(message), index: Number(place) - 1, begin, count: PAGE, type: 0 };
    const page = await wechat.post('/cgi-bin/comment/list', body, comments);
    const size = page.comment.length;
    const total = page.comment_cnt ?? (page.total > size ? page.total : null);
    await emit(visit, article, page.comment);
    const isKnown = pages === 0 && from === 0 && total !== null && total === mark.total && !tools.deep;
    begin += size;
    if (isKnown || size < PAGE || (total !== null && begin >= total)) {
      return keep({ total: total ?? begin, begin: 0 });
    }
  }
  await keep({ total: null, begin });
  visit.expected += 1;
  tools.missed(addressOf(article), new NotGot('later'));
}

async function emit(visit: Visit, article: Article, items: readonly unknown[]): Promise<void> {
  const url = addressOf(article);
  const drafts: Draft[] = [];
  for (const item of items) {
    const read = comment.safeParse(item);
    if (!read.success) {
      visit.expected += 1;
      visit.tools.missed(url, new NotGot('item-broken'));
      continue;
    }
    const text = wordsOf(read.data.content);
    if (text === '') continue;
    drafts.push({
      kind: 'comment',
      url,
      // Comments are numbered article by article.
      externalId: `${article.id}/${read.data.user_comment_id}`,
      parentUrl: url,
      title: null,
      text,
      publishedAt: read.data.create_time ? read.data.create_time * 1000 : null,
      outlet: visit.outlet,
      counts: { likes: null, comments: null, shares: null },
    });
  }
  await visit.tools.emit(drafts);
  visit.expected += drafts.length;
  visit.got += drafts.length;
}

/** The article's page; where it is not known, the platform's desk, at which the account's people find it by its number. */
function addressOf({ id, url }: Article): string {
  return url ?? `https://mp.weixin.qq.com/#article-${id}`;
}
