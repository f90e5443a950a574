import { z } from 'zod';
import type { OpenAccount, Outcome, Outgoing, Reconciled, Tools } from '../contract.ts';
import { notDone, PlatformFault, tomorrow } from '../fault.ts';
import { claimedElsewhere, isSentBefore } from '../../../store/delivery-progress.ts';
import { SYNC_DELAYED } from './codes.ts';
import { openWeibo, paths, type WeiboInterface } from './interface.ts';
import { messages } from './messages.ts';
import {
  createdAt,
  essence,
  pictureOf,
  statusAddress,
  statusOf,
  statusSchema,
  type Status,
} from './status.ts';

/** What the platform gave of a delivery so far; `deliveries.progress`. */
const progressSchema = z.object({
  /** Unix ms: the status was about to be sent. */
  submitBegun: z.number().optional().catch(undefined),
  statusId: z.string().optional().catch(undefined),
  /** How often it was said to be there already, and was not found. */
  repeated: z.number().default(0).catch(0),
  polls: z.number().default(0).catch(0),
  looks: z.number().default(0).catch(0),
});

/** Clocks of the platform and of the hub may differ by so much. */
const SKEW_MS = 120_000;
/** An ordinary app sees no more of an account's own statuses. */
const NEWEST = 5;
const MINUTE_MS = 60_000;
/** How long after a status was sent it is looked for again, when the platform delays it or looks at it first. */
const POLLS_MS = [2 * MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS];
const LOOKS_MS = [30_000, 2 * MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS];
/** Said to be there already, and not found so often: it is another one that is like it. */
const MOST_REPEATED = 2;

/** Posts the status with its link, once. */
export async function publish(account: OpenAccount, delivery: Outgoing, tools: Tools): Promise<Outcome> {
  const { submitBegun: before, repeated } = progressSchema.parse(delivery.progress);
  let begun = before;
  try {
    const weibo = openWeibo(account, tools);
    const { settings } = weibo;
    const form = { status: statusOf(delivery, settings), rip: settings.rip };
    const { imageId } = delivery.content.details.weibo;
    const picture = imageId === null ? null : pictureOf(await tools.media(imageId));
    const fields = Object.entries(form).map(([name, value]) => ({ name, value }));
    try {
      const sent = await weibo.call({
        path: paths.share,
        ...(picture ? { parts: [...fields, { name: 'pic', ...picture }] } : { form }),
        perHour: settings.postsPerHour,
        schema: statusSchema,
        before: async () => {
          begun ??= tools.now().getTime();
          await tools.keep({ submitBegun: begun });
          await tools.beginIrreversible(paths.share);
        },
      });
      return await arrived(sent, account, weibo, tools);
    } catch (error) {
      if (!(error instanceof PlatformFault) || begun === undefined) throw error;
      if (error.code === SYNC_DELAYED) return { kind: 'processing', lookAgainAt: later(tools, POLLS_MS[0]) };
      if (error.class !== 'repeated') throw error;
      // The same text stands there: this one, of a call whose answer was lost, or another.
      const found = before === undefined ? null : await findOwn(account, delivery, before, weibo, tools);
      if (found?.status) return await arrived(found.status, account, weibo, tools);
      if (before === undefined || repeated >= MOST_REPEATED) throw error;
      await tools.keep({ repeated: repeated + 1 });
      return { kind: 'unknown', why: messages.repeatedUnknown, code: error.code };
    }
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
    if (begun !== undefined && error.class === 'busy') {
      return { kind: 'unknown', why: messages.unknownShare, code: error.code };
    }
    return notDone(error, tools.now());
  }
}

/** After a delay or a look of the platform's: does the account itself find it, and may others see it? */
export async function poll(account: OpenAccount, delivery: Outgoing, tools: Tools): Promise<Outcome> {
  const { submitBegun = 0, polls } = progressSchema.parse(delivery.progress);
  const next = POLLS_MS[polls + 1];
  try {
    const weibo = openWeibo(account, tools);
    const { status } = await findOwn(account, delivery, submitBegun, weibo, tools);
    if (status && (!isPending(status) || next === undefined)) {
      const note = isPending(status) ? messages.stillPending : undefined;
      return {
        kind: 'published',
        address: await keepStatus(status, account, weibo, tools),
        ...(note && { note }),
      };
    }
    // That it was published the platform has said already (20032).
    if (next === undefined) return { kind: 'published', address: null, note: messages.syncDelayed };
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
    if (error.class === 'quota') return { kind: 'processing', lookAgainAt: tomorrow(tools.now()) };
    if (next === undefined) return { kind: 'published', address: null, note: messages.syncDelayed };
  }
  await tools.keep({ polls: polls + 1 });
  return { kind: 'processing', lookAgainAt: later(tools, next) };
}

/** Whether the status is among the newest five. Only reads. */
export async function reconcile(account: OpenAccount, delivery: Outgoing, tools: Tools): Promise<Reconciled> {
  const { submitBegun, looks } = progressSchema.parse(delivery.progress);
  if (submitBegun === undefined) return { kind: 'not-arrived' };
  try {
    const weibo = openWeibo(account, tools);
    const { status, reachesBack } = await findOwn(account, delivery, submitBegun, weibo, tools);
    if (status) {
      const address = await keepStatus(status, account, weibo, tools);
      return { kind: 'arrived', address, ...(isPending(status) && { note: messages.pending }) };
    }
    if (reachesBack) return { kind: 'not-arrived', why: messages.notFound };
    return { kind: 'cannot-tell', lookAgainAt: null, why: messages.pushedOff };
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
    await tools.keep({ looks: looks + 1 });
    const until =
      error.class === 'quota' ? tomorrow(tools.now()) : later(tools, LOOKS_MS[looks] ?? 60 * MINUTE_MS);
    return { kind: 'cannot-tell', lookAgainAt: until, why: error.why };
  }
}

const timeline = z.object({
  // Hidden and broken items are left out one by one.
  statuses: z
    .array(z.unknown())
    .transform((all) => all.flatMap((one) => statusSchema.safeParse(one).data ?? [])),
});

/**
 * The status of this delivery among the account's newest ones: the same words, not older than the call, and not another
 * delivery's. `reachesBack`: those that are shown reach back before the call, so that one that is not among them is not there.
 */
async function findOwn(
  account: OpenAccount,
  delivery: Outgoing,
  since: number,
  weibo: WeiboInterface,
  tools: Tools,
): Promise<{ status: Status | null; reachesBack: boolean }> {
  const query = { uid: account.externalId, count: String(NEWEST), trim_user: '1' };
  const { statuses } = await weibo.call({ path: paths.timeline, query, schema: timeline });
  const said = essence(statusOf(delivery, weibo.settings));
  let reachesBack = statuses.length < NEWEST;
  for (const status of statuses) {
    const at = createdAt(status);
    if (at !== null && at < since - SKEW_MS) reachesBack = true;
    else if (
      essence(status.text) === said &&
      !(await claimedElsewhere(tools.store, account.id, delivery.id, 'statusId', status.idstr))
    ) {
      return { status, reachesBack: true };
    }
  }
  if (!reachesBack) {
    // Where much is published within minutes: one that the hub knows was sent before this one stands in its place.
    const ids = statuses.map(({ idstr }) => idstr);
    reachesBack = await isSentBefore(tools.store, account.id, 'statusId', ids, new Date(since));
  }
  return { status: null, reachesBack };
}

/** Others see it only after the platform has looked at it. */
const isPending = ({ pending_approval_count, visible }: Status) =>
  pending_approval_count > 0 || (visible !== undefined && visible.type !== 0);

async function arrived(
  status: Status,
  account: OpenAccount,
  weibo: WeiboInterface,
  tools: Tools,
): Promise<Outcome> {
  const address = await keepStatus(status, account, weibo, tools);
  return isPending(status)
    ? { kind: 'processing', lookAgainAt: later(tools, POLLS_MS[0]) }
    : { kind: 'published', address };
}

/** Keeps what names the status at the platform, and tells reading of it, so that its comments are followed. */
async function keepStatus(
  status: Status,
  { externalId }: OpenAccount,
  { settings }: WeiboInterface,
  tools: Tools,
): Promise<string> {
  await tools.keep({ statusId: status.idstr });
  // As crawler/sources/weibo.ts keeps the statuses whose comments it follows.
  const mark = { at: createdAt(status) ?? tools.now().getTime(), comments: null, since: '0' };
  await tools.mark(`status:${status.idstr}`, mark);
  return statusAddress(externalId, status, settings.pages);
}

const later = (tools: Pick<Tools, 'now'>, ms = MINUTE_MS) => new Date(tools.now().getTime() + ms);
