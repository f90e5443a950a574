import { z } from 'zod';
import { shanghaiDay, shanghaiHour } from '../../config/shanghai.ts';
import type { WechatSource } from '../../config/sources.ts';
import { canonicalUrl } from '../extract/canonical.ts';
import type { VisitTools } from './contract.ts';
import type { WechatInterface } from './wechat-interface.ts';

/**
 * An article of the account, as marked under `article:⟨id⟩`. The id is `⟨msg_data_id⟩_⟨n⟩`, n from 1 on: so do the
 * platform's statistics write it. Publishing marks what it has sent in the same way.
 */
export const articleMark = z.object({
  /** Unix ms of its publication, or of when it was first heard of. */
  at: z.number(),
  url: z.string().nullable(),
  /** Unix ms at which its comments were last asked for; 0: not yet. */
  asked: z.number().default(0),
  /** Comments that it had then; null: not known. */
  total: z.number().nullable().default(null),
  /** How many of them a visit had read that could not finish. */
  begin: z.number().default(0),
});
export type Article = z.infer<typeof articleMark> & { id: string };

const ID = /^\d{1,20}_[1-9]\d?$/;
const DAY_MS = 86_400_000;
const PAGE = 20;
const MOST_PAGES = 3;
/** Days of statistics that one visit asks for at the most. */
const MOST_DAYS = 10;
/** The statistics of a day are there by then. */
const STATISTICS_HOUR = 9;
/** The platform's code for a day whose statistics are late. */
const NOT_READY = 61503;

type Settings = WechatSource['settings'];
type Known = { settings: Settings; tools: VisitTools; marks: Map<string, unknown> };

/** The account's articles that are followed: those of the settings, and those that were ever heard of. */
export function followedArticles({ settings, tools, marks }: Known): Article[] {
  const oldest = tools.now - settings.followDays * DAY_MS;
  const articles = new Map<string, Article>();
  for (const [name, mark] of marks) {
    const article = articleMark.safeParse(mark).data;
    if (name.startsWith('article:') && article)
      articles.set(name.slice(8), { ...article, id: name.slice(8) });
  }
  for (const id of settings.articles) {
    // What people name is followed for as long as it is named.
    const known = articles.get(id) ?? { id, at: tools.now, url: null, asked: 0, total: null, begin: 0 };
    articles.set(id, known);
  }
  return [...articles.values()].filter(({ id, at }) => at >= oldest || settings.articles.includes(id));
}

const published = z.object({
  total_count: z.number(),
  item: z
    .array(
      z.object({
        update_time: z.number(),
        content: z.object({
          news_item: z.array(
            z.object({ url: z.string().default(''), is_deleted: z.boolean().default(false) }),
          ),
        }),
      }),
    )
    .default([]),
});

/**
 * Learns of what was published without being sent to followers. Its list has no ids to ask for comments by; they stand in the
 * articles' addresses (`mid` and `idx`). @throws NotGot
 */
export async function learnPublished(known: Known, wechat: WechatInterface): Promise<true> {
  const oldest = known.tools.now - known.settings.followDays * DAY_MS;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const body = { offset: page * PAGE, count: PAGE, no_content: 1 };
    const { item, total_count } = await wechat.post('/cgi-bin/freepublish/batchget', body, published);
    for (const { update_time, content } of item) {
      for (const news of content.news_item) {
        const url = addressOf(news.url);
        const { searchParams } = new URL(url ?? 'https://mp.weixin.qq.com/');
        const id = `${searchParams.get('mid')}_${searchParams.get('idx') ?? 1}`;
        if (!news.is_deleted) await learn(known, id, url, update_time * 1000);
      }
    }
    const isLast = item.length < PAGE || (page + 1) * PAGE >= total_count;
    if (isLast || item.every((each) => each.update_time * 1000 < oldest)) break;
  }
  return true;
}

const statistics = z.object({
  list: z.array(z.object({ msgid: z.string(), content_url: z.string().default('') })).default([]),
  is_delay: z.union([z.boolean(), z.number()]).default(false),
});

/**
 * Learns of what was sent to followers, which the list of published articles leaves out, from the statistics of the days
 * since it last asked.
 * @returns false when there was no day to ask for
 * @throws NotGot
 */
export async function learnSent(known: Known, wechat: WechatInterface): Promise<boolean> {
  const { tools, marks, settings } = known;
  const readySince = shanghaiHour(new Date(tools.now)) >= STATISTICS_HOUR ? 1 : 2;
  const last = Date.parse(shanghaiDay(new Date(tools.now - readySince * DAY_MS)));
  const read = z.iso.date().safeParse(marks.get('statistics-day')).data;
  const days = Math.min(settings.followDays, MOST_DAYS);
  const first = Math.max(last - (days - 1) * DAY_MS, read === undefined ? 0 : Date.parse(read) + DAY_MS);
  let asked = false;
  for (let day = first; day <= last; day += DAY_MS) {
    asked = true;
    const date = new Date(day).toISOString().slice(0, 10);
    const body = { begin_date: date, end_date: date };
    const answer = await wechat.post('/datacube/getarticletotaldetail', body, statistics, NOT_READY);
    if (answer === null) break;
    for (const { msgid, content_url } of answer.list) {
      // The day's end in Shanghai: the statistics say nothing closer.
      await learn(known, msgid, addressOf(content_url), day + 16 * 3_600_000);
    }
    if (answer.is_delay) break;
    await tools.account.mark('statistics-day', date);
  }
  return asked;
}

async function learn(
  { tools, marks, settings }: Known,
  id: string,
  url: string | null,
  at: number,
): Promise<void> {
  const name = `article:${id}`;
  const mark = articleMark.safeParse(marks.get(name)).data;
  if (!ID.test(id) || at < tools.now - settings.followDays * DAY_MS) return;
  if (mark && (mark.url !== null || url === null)) return;
  const learnt = { asked: 0, total: null, begin: 0, at, ...mark, url };
  marks.set(name, learnt);
  await tools.account.mark(name, learnt);
}

/** Addresses come as `http://`, with a part that only says how somebody came there. */
function addressOf(url: string): string | null {
  const address = canonicalUrl(url);
  if (address === null) return null;
  const plain = new URL(address);
  plain.protocol = 'https:';
  plain.searchParams.delete('chksm');
  return plain.href;
}
