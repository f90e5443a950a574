import { z } from 'zod';
import { shanghaiDay, shanghaiHour } from '../../../config/shanghai.ts';
import type { Look, OpenAccount, Outgoing, Tools } from '../contract.ts';
import { isNoWord, PlatformFault } from '../fault.ts';
import { openWechat, paths, type WechatInterface } from './interface.ts';
import { askStatus } from './publish.ts';
import { wechatProgress } from './progress.ts';

/** Of the day's calls that follow publications, as many as may be spent on those that stand already. */
const STATUS_CALLS = 60;
/** The statistics of a day are there by then. */
const STATISTICS_HOUR = 9;
const DAY_MS = 86_400_000;
/** The platform's code for a day whose statistics are late. */
const NOT_READY = '61503';

/**
 * Whether articles still stand (a publication's state turns to 5 or 6 when it is taken down), and how often they were read. Of the
 * day's few calls some are left for what is on its way; what is not asked for is not known.
 */
export async function look(
  account: OpenAccount,
  deliveries: readonly Outgoing[],
  tools: Tools,
): Promise<Map<number, Look>> {
  const looks = new Map<number, Look>(deliveries.map(({ id }) => [id, { standing: null, counts: {} }]));
  const wechat = openWechat(account, tools);
  await asFarAs(async () => {
    for (const { id, progress } of deliveries) {
      const { publishId } = wechatProgress(progress);
      if (publishId === undefined) continue;
      const { status } = await askStatus(publishId, wechat, STATUS_CALLS);
      const standing = status === 0 ? true : status === 5 || status === 6 ? false : null;
      looks.set(id, { standing, counts: {} });
    }
  });
  await asFarAs(() => addCounts(deliveries, looks, wechat, tools));
  return looks;
}

/** What was learnt before the platform refused stays: the rest is asked for another time. */
async function asFarAs(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isNoWord(error)) throw error;
  }
}

const count = z.number().int().nonnegative();
const day = z.object({
  stat_date: z.string(),
  read_user: count.optional(),
  share_user: count.optional(),
  like_user: count.optional(),
  zaikan_user: count.optional(),
  comment_count: count.optional(),
});
const statistics = z.object({
  list: z
    .array(
      z.object({ msgid: z.string(), title: z.string().default(''), detail_list: z.array(day).default([]) }),
    )
    .default([]),
});

/** One call for each day on which one of them was published: its answer holds the thirty days that follow. */
async function addCounts(
  deliveries: readonly Outgoing[],
  looks: Map<number, Look>,
  wechat: WechatInterface,
  tools: Tools,
): Promise<void> {
  const now = tools.now();
  const readyDays = shanghaiHour(now) >= STATISTICS_HOUR ? 1 : 2;
  const last = shanghaiDay(new Date(now.getTime() - readyDays * DAY_MS));
  const byDay = Map.groupBy(
    deliveries.filter(({ publishedAt }) => publishedAt !== null),
    ({ publishedAt }) => shanghaiDay(publishedAt as Date),
  );
  for (const [date, published] of byDay) {
    if (date > last) continue;
    const found = await ofDay(date, wechat);
    for (const { id, progress } of published) {
      const message = messageOf(progress);
      const newest = found
        ?.find(({ msgid }) => message !== null && msgid === `${message}_1`)
        ?.detail_list.toSorted((a, b) => a.stat_date.localeCompare(b.stat_date))
        .at(-1);
      const { standing = null } = looks.get(id) ?? {};
      if (newest) looks.set(id, { standing, counts: countsOf(newest) });
    }
  }
}

/** Null: not there yet. */
async function ofDay(date: string, wechat: WechatInterface) {
  try {
    const body = { begin_date: date, end_date: date };
    return (await wechat.call({ path: paths.statistics, body, schema: statistics })).list;
  } catch (error) {
    if (error instanceof PlatformFault && error.code === NOT_READY) return null;
    throw error;
  }
}

/** A like is a like, whether it is also shown to friends (在看) or not; the platform counts them apart. */
function countsOf(of: z.infer<typeof day>): Look['counts'] {
  const likes =
    of.like_user === undefined && of.zaikan_user === undefined
      ? undefined
      : (of.like_user ?? 0) + (of.zaikan_user ?? 0);
  return {
    ...(of.read_user !== undefined && { reads: of.read_user }),
    ...(likes !== undefined && { likes }),
    ...(of.comment_count !== undefined && { comments: of.comment_count }),
    ...(of.share_user !== undefined && { shares: of.share_user }),
  };
}

function messageOf(progress: Outgoing['progress']): string | null {
  const { msgDataId, url } = wechatProgress(progress);
  return msgDataId ?? (url === undefined ? null : (URL.parse(url)?.searchParams.get('mid') ?? null));
}
