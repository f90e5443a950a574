import { z } from 'zod';
import type { OpenAccount, Outcome, Outgoing, Tools } from '../contract.ts';
import { notDone, PlatformFault, tomorrow } from '../fault.ts';
import { openWechat, paths, type WechatInterface } from './interface.ts';
import { messages } from './messages.ts';
import { waitBefore, wechatProgress, type WechatProgress } from './progress.ts';
import { prepare } from './draft.ts';

const id = z.string().regex(/^\d+$/);
const submitted = z.object({ publish_id: id, msg_data_id: id.optional() });
const status = z.object({
  publish_status: z.number().int(),
  article_id: z.string().optional(),
  article_detail: z
    .object({ item: z.array(z.object({ idx: z.number(), article_url: z.string() })).default([]) })
    .optional(),
});
const DAY_MS = 86_400_000;

/** Submits the draft, once. The platform's word on what came of it is asked for later (`poll`), or comes by itself. */
export async function publish(account: OpenAccount, delivery: Outgoing, tools: Tools): Promise<Outcome> {
  let { mediaId, submitBegun } = wechatProgress(delivery.progress);
  if (mediaId === undefined) {
    const prepared = await prepare(account, delivery, {
      ...tools,
      keep: async (progress) => {
        mediaId = z.string().optional().catch(undefined).parse(progress['mediaId']) ?? mediaId;
        await tools.keep(progress);
      },
    });
    if (prepared.kind !== 'ready') return prepared;
  }
  const tried = submitBegun !== undefined;
  try {
    const wechat = openWechat(account, tools);
    const { publish_id: publishId, msg_data_id: msgDataId } = await wechat.call({
      path: paths.submit,
      body: { media_id: mediaId },
      schema: submitted,
      before: async () => {
        submitBegun ??= tools.now().getTime();
        await tools.keep({ submitBegun });
        await tools.beginIrreversible(paths.submit);
      },
    });
    await tools.keep({ publishId, ...(msgDataId !== undefined && { msgDataId }) });
    return { kind: 'processing', lookAgainAt: later(tools, waitBefore(0)) };
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
    return submitFault(error, tried, submitBegun !== undefined, tools.now());
  }
}

/**
 * What a refused submission says. That the draft is not there (40007), or does not pass (53503) when it was submitted before, is how
 * the platform answers to a draft that has been published: it has to be looked for.
 */
function submitFault(fault: PlatformFault, tried: boolean, begun: boolean, now: Date): Outcome {
  const { code, requestId } = fault;
  const said = { code, ...(requestId !== undefined && { requestId }) };
  if (begun && fault.class === 'stale') return { kind: 'unknown', why: messages.draftGone, ...said };
  if (begun && fault.class === 'busy') return { kind: 'unknown', why: messages.unknownSubmit, ...said };
  if (tried && fault.class === 'content') return { kind: 'unknown', why: messages.draftGone, ...said };
  return notDone(fault, now);
}

/** What has become of a submission: what the platform has pushed, else what it answers. */
export async function poll(account: OpenAccount, delivery: Outgoing, tools: Tools): Promise<Outcome> {
  const progress = wechatProgress(delivery.progress);
  const { publishId } = progress;
  if (publishId === undefined) return { kind: 'unknown', why: messages.unknownSubmit };
  try {
    const found = toldBy(progress) ?? (await askStatus(publishId, openWechat(account, tools)));
    return await outcomeOf(found, progress, tools);
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
    // Not to know how it went is no failure of what is on its way.
    if (error.class === 'quota') return { kind: 'processing', lookAgainAt: tomorrow(tools.now()) };
    return await stillUnderWay(progress, tools);
  }
}

type Status = { status: number; articleId: string | null; url: string | null };

/** A push that only shows that its sender knows the token is a reason to ask, not an answer. */
function toldBy({ event, publishId }: WechatProgress): Status | null {
  return event?.sealed && event.publishId === publishId && event.status !== 1 ? event : null;
}

/**
 * @param atMost of the day's calls of this kind that it may be
 * @throws PlatformFault
 */
export async function askStatus(
  publishId: string,
  wechat: WechatInterface,
  atMost?: number,
): Promise<Status> {
  const found = await wechat.call({
    path: paths.status,
    body: { publish_id: publishId },
    schema: status,
    ...(atMost !== undefined && { atMost }),
  });
  const { publish_status, article_id, article_detail } = found;
  const [first] = article_detail?.item ?? [];
  return { status: publish_status, articleId: article_id ?? null, url: first?.article_url ?? null };
}

async function outcomeOf(found: Status, progress: WechatProgress, tools: Tools): Promise<Outcome> {
  switch (found.status) {
    case 0:
    case 5:
    case 6: {
      const address = await noteArticle(found, progress, tools);
      // Published, and taken down since: that it does not stand any more is found by `look`.
      const down = found.status === 0 ? [] : [messages.takenDown[found.status]];
      const dropped = progress.changes?.length ? [messages.dropped(progress.changes.join('；'))] : [];
      const note = [...dropped, ...down].join(' ');
      return { kind: 'published', address, ...(note !== '' && { note }) };
    }
    case 2:
    case 4:
      return { kind: 'refused', why: messages.failed[found.status], code: `status-${found.status}` };
    case 3:
      return { kind: 'failed', why: messages.failed[3], code: 'status-3' };
    default:
      return stillUnderWay(progress, tools);
  }
}

async function stillUnderWay({ polls = 0, submitBegun }: WechatProgress, tools: Tools): Promise<Outcome> {
  const since = submitBegun ?? tools.now().getTime();
  if (tools.now().getTime() - since > DAY_MS) return { kind: 'unknown', why: messages.stuck };
  await tools.keep({ polls: polls + 1 });
  return { kind: 'processing', lookAgainAt: later(tools, waitBefore(polls + 1)) };
}

/** Keeps what names the article at the platform, and tells reading of it, so that its comments are followed. */
export async function noteArticle(
  { articleId, url }: Pick<Status, 'articleId' | 'url'>,
  { msgDataId }: Pick<WechatProgress, 'msgDataId'>,
  tools: Pick<Tools, 'keep' | 'mark' | 'now'>,
): Promise<string | null> {
  const address = url === null ? null : articleAddress(url);
  await tools.keep({ ...(articleId !== null && { articleId }), ...(address !== null && { url: address }) });
  const message = msgDataId ?? messageIn(address);
  if (message !== null) {
    // As crawler/sources/wechat-articles.ts keeps what it learns itself; here the first article of a message is the only one.
    const mark = { at: tools.now().getTime(), url: address, asked: 0, total: null, begin: 0 };
    await tools.mark(`article:${message}_1`, mark);
  }
  return address;
}

/** Addresses come as `http://`, with a part that only says how somebody came there. */
export function articleAddress(url: string): string | null {
  const parsed = URL.parse(url);
  if (!parsed) return null;
  if (parsed.hostname === 'mp.weixin.qq.com') parsed.protocol = 'https:';
  parsed.searchParams.delete('chksm');
  parsed.hash = '';
  return parsed.href;
}

/** `mid` of an article's address is the msg_data_id. */
function messageIn(address: string | null): string | null {
  const mid = address === null ? null : new URL(address).searchParams.get('mid');
  return mid !== null && /^\d{1,20}$/.test(mid) ? mid : null;
}

const later = (tools: Pick<Tools, 'now'>, ms: number) => new Date(tools.now().getTime() + ms);
