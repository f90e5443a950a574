import { z } from 'zod';
import type { OpenAccount, Outgoing, Reconciled, Tools } from '../contract.ts';
import { PlatformFault, tomorrow } from '../fault.ts';
import { wechatTexts } from '../../releases/channel-texts.ts';
import { claimedElsewhere, hasOtherUnknown } from '../../../store/delivery-progress.ts';
import { publishEvent } from '../../../store/publish-events.ts';
import { digestOf } from './article.ts';
import { openWechat, paths, type WechatInterface } from './interface.ts';
import { messages } from './messages.ts';
import { askStatus, noteArticle } from './publish.ts';
import { waitBefore, wechatProgress, type WechatProgress } from './progress.ts';

/** Clocks of the platform and of the hub may differ by so much. */
const SKEW_MS = 120_000;
/** A day, at the pace of `waitBefore`: from then on a person has to look. */
const MOST_LOOKS = 26;

/**
 * Whether a submission was carried out. Only reads. With the platform's number it is asked directly; without one, a draft that is
 * still in the box was not submitted, and one that is gone is looked for among the newest publications.
 */
export async function reconcile(account: OpenAccount, delivery: Outgoing, tools: Tools): Promise<Reconciled> {
  const progress = wechatProgress(delivery.progress);
  const { mediaId, publishId, looks = 0 } = progress;
  if (mediaId === undefined) return { kind: 'not-arrived' };
  try {
    const wechat = openWechat(account, tools);
    if (publishId !== undefined) return await byNumber(publishId, progress, wechat, tools);
    if (await isInBox(mediaId, wechat)) return { kind: 'not-arrived', why: messages.stillThere };
    const found = await amongNewest(account, delivery, progress, wechat, tools);
    if (found) return { kind: 'arrived', address: await noteArticle(found, progress, tools) };
    const adopted = await failedWithoutNumber(account, delivery, progress, tools);
    if (adopted !== null) {
      await tools.keep({ publishId: adopted });
      return { kind: 'processing', lookAgainAt: tools.now() };
    }
    return await cannotTell(tools, looks, messages.cannotTell);
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
    if (error.class !== 'quota') return cannotTell(tools, looks, error.why);
    return { kind: 'cannot-tell', lookAgainAt: tomorrow(tools.now()), why: error.why };
  }
}

async function cannotTell(tools: Tools, looks: number, why: string): Promise<Reconciled> {
  await tools.keep({ looks: looks + 1 });
  const next = looks >= MOST_LOOKS ? null : new Date(tools.now().getTime() + waitBefore(looks));
  return { kind: 'cannot-tell', lookAgainAt: next, why };
}

/** Whatever its state is: it was carried out, and polling tells what came of it. */
async function byNumber(
  publishId: string,
  progress: WechatProgress,
  wechat: WechatInterface,
  tools: Tools,
): Promise<Reconciled> {
  const found = await askStatus(publishId, wechat);
  if (found.status === 0) return { kind: 'arrived', address: await noteArticle(found, progress, tools) };
  return { kind: 'processing', lookAgainAt: tools.now() };
}

async function isInBox(mediaId: string, wechat: WechatInterface): Promise<boolean> {
  try {
    await wechat.call({ path: paths.draftGet, body: { media_id: mediaId }, schema: z.unknown() });
    return true;
  } catch (error) {
    if (error instanceof PlatformFault && error.class === 'stale') return false;
    throw error;
  }
}

const text = z.string().default('');
const published = z.object({
  item: z
    .array(
      z.object({
        article_id: z.string(),
        update_time: z.number(),
        content: z.object({ news_item: z.array(z.object({ title: text, digest: text, url: text })) }),
      }),
    )
    .default([]),
});

/** The newest publication with this title and digest that is not another delivery's. */
async function amongNewest(
  account: OpenAccount,
  { id, content }: Outgoing,
  { submitBegun = 0 }: WechatProgress,
  wechat: WechatInterface,
  tools: Tools,
): Promise<{ articleId: string; url: string } | null> {
  const body = { offset: 0, count: 20, no_content: 1 };
  const { item } = await wechat.call({ path: paths.list, body, schema: published });
  const { title } = wechatTexts(content);
  const digest = digestOf(content);
  for (const { article_id: articleId, update_time, content: found } of item) {
    const [first] = found.news_item;
    if (update_time * 1000 < submitBegun - SKEW_MS || !first) continue;
    // Without a digest of our own the platform makes one of the text.
    if (bare(first.title) !== bare(title) || (digest !== '' && bare(first.digest) !== bare(digest))) continue;
    if (await claimedElsewhere(tools.store, account.id, id, 'articleId', articleId)) continue;
    return { articleId, url: first.url };
  }
  return null;
}

/**
 * The number of a publication that failed and of which the platform has only told by itself: it is nobody else's, and this is the
 * only delivery of the account that lacks one.
 */
async function failedWithoutNumber(
  account: OpenAccount,
  { id }: Outgoing,
  { submitBegun = 0 }: WechatProgress,
  tools: Tools,
): Promise<string | null> {
  const marks = await tools.marks('publish-event:');
  const events = [...marks.values()]
    .flatMap((value) => publishEvent.safeParse(value).data ?? [])
    .filter(({ at, status, sealed }) => sealed && at >= submitBegun - SKEW_MS && status >= 2 && status <= 4);
  const free: string[] = [];
  for (const { publishId } of events) {
    if (!(await claimedElsewhere(tools.store, account.id, id, 'publishId', publishId))) free.push(publishId);
  }
  return free.length === 1 && !(await hasOtherUnknown(tools.store, account.id, id))
    ? (free[0] as string)
    : null;
}

const bare = (words: string) => words.replaceAll(/[\s\u00a0]+/gu, '');
