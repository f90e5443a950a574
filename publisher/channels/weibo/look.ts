import { z } from 'zod';
import type { Look, OpenAccount, Outgoing, Tools } from '../contract.ts';
import { isNoWord, PlatformFault } from '../fault.ts';
import { openWeibo, paths, type WeiboInterface } from './interface.ts';

/** As many as one question for counts may name. */
const MOST_STATUSES = 100;

const amount = z.number().int().nonnegative().optional().catch(undefined);
const counts = z.array(z.object({ idstr: z.string(), comments: amount, reposts: amount, attitudes: amount }));

/** Counts of statuses, a hundred to a call. What is not counted any more is asked for by its page, which says whether it is gone. */
export async function look(
  account: OpenAccount,
  deliveries: readonly Outgoing[],
  tools: Tools,
): Promise<Map<number, Look>> {
  const looks = new Map<number, Look>(deliveries.map(({ id }) => [id, { standing: null, counts: {} }]));
  const byStatus = new Map<string, number>();
  for (const { id, progress } of deliveries) {
    const statusId = z.string().safeParse(progress['statusId']).data;
    if (statusId !== undefined) byStatus.set(statusId, id);
  }
  const ids = [...byStatus.keys()];
  try {
    const weibo = openWeibo(account, tools);
    for (let from = 0; from < ids.length; from += MOST_STATUSES) {
      const asked = ids.slice(from, from + MOST_STATUSES);
      const found = await weibo.call({ path: paths.count, query: { ids: asked.join(',') }, schema: counts });
      for (const each of found) {
        const id = byStatus.get(each.idstr);
        if (id !== undefined) looks.set(id, { standing: true, counts: countsOf(each) });
      }
      const told = new Set(found.map(({ idstr }) => idstr));
      for (const statusId of asked) {
        const id = byStatus.get(statusId);
        if (id === undefined || told.has(statusId)) continue;
        looks.set(id, { standing: (await isGone(statusId, account, weibo)) ? false : null, counts: {} });
      }
    }
  } catch (error) {
    if (!isNoWord(error)) throw error;
    // What was learnt before stays: the rest is asked for another time.
  }
  return looks;
}

function countsOf({ comments, reposts, attitudes }: z.infer<typeof counts>[number]): Look['counts'] {
  return {
    ...(attitudes !== undefined && { likes: attitudes }),
    ...(comments !== undefined && { comments }),
    ...(reposts !== undefined && { shares: reposts }),
  };
}

/** The platform's own word for a status that is not there (20101) or is shown to nobody else (20112). */
async function isGone(
  statusId: string,
  { externalId }: OpenAccount,
  weibo: WeiboInterface,
): Promise<boolean> {
  try {
    await weibo.call({ path: paths.go, query: { uid: externalId, id: statusId }, schema: z.unknown() });
    return false;
  } catch (error) {
    if (error instanceof PlatformFault && error.class === 'stale') return true;
    throw error;
  }
}
