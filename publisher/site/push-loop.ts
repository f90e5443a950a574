import type { Logger } from 'pino';
import { OldKeyNeeded, SealBroken, type Cipher } from '../../config/cipher.ts';
import { errorText } from '../../config/errors.ts';
import { secondsToShanghaiMidnight, shanghaiTime } from '../../config/shanghai.ts';
import { channelAccounts } from '../../store/channel-accounts.ts';
import { channelSecrets } from '../../store/channel-secrets.ts';
import type { Store } from '../../store/pool.ts';
import {
  claimPushes,
  holdPushes,
  nextPush,
  putOff,
  settlePushes,
  type SitePush,
} from '../../store/site-pushes.ts';
import type { PlatformFetch } from '../channels/http.ts';
import { pause } from '../pause.ts';
import { pushToBaidu, type BaiduAccess } from './baidu.ts';
import { siteMessages } from './messages.ts';

const words = siteMessages.baidu;

export type PushTools = {
  store: Store;
  cipher: Cipher;
  fetch: PlatformFetch;
  now(): Date;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Nobody is in a hurry: a page is found by its feed and sitemap too. */
const IDLE_MS = MINUTE;
/** Until somebody has put right what was wrong; they can also have it tried at once. */
const WRONG_MS = 6 * HOUR;
/** The quota counts anew at midnight in Beijing, by the clock of the platform. */
const AFTER_MIDNIGHT_MS = 5 * MINUTE;
/** About three days of tries. */
const MOST_TRIES = 12;

/** Tells search engines of pages, as long as the program runs. */
export async function runSitePushes(tools: PushTools, log: Logger, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    let ms = IDLE_MS;
    try {
      const done = await pushOnce(tools);
      ms = done > 0 ? 0 : await untilNext(tools);
    } catch (err) {
      log.error({ err: errorText(err) }, 'pushes of the website');
    }
    await pause(ms, stop);
  }
}

/** Takes on what one office has due. @returns how many addresses that were; 0: nothing is due */
export async function pushOnce(tools: PushTools): Promise<number> {
  const due = await claimPushes(tools.store, tools.now());
  const [first] = due;
  if (!first) return 0;
  const access = await accessOf(tools, first.officeId);
  if (access === 'off') {
    await settle(tools, due, { state: 'refused', detail: words.off, at: null });
  } else if ('why' in access) await wait(tools, due, access.why, WRONG_MS);
  else await push(tools, access, due);
  return due.length;
}

async function push(tools: PushTools, access: BaiduAccess, due: readonly SitePush[]): Promise<void> {
  const addresses = due.map(({ address }) => address);
  const result = await pushToBaidu(tools.fetch, access, addresses);
  switch (result.kind) {
    case 'taken': {
      const { refused } = result;
      const fine = due.filter(({ address }) => !refused.has(address));
      await settle(tools, fine, { state: 'done', detail: null, at: null });
      for (const each of due) {
        const detail = refused.get(each.address);
        if (detail !== undefined) await settle(tools, [each], { state: 'refused', detail, at: null });
      }
      return;
    }
    case 'quota': {
      // More at once than are left today: all are refused. Some of them may still be taken.
      if (due.length > 1) {
        const half = Math.ceil(due.length / 2);
        await push(tools, access, due.slice(0, half));
        return untilTomorrow(tools, due.slice(half));
      }
      return untilTomorrow(tools, due);
    }
    case 'wrong':
      return wait(tools, due, result.why, WRONG_MS);
    case 'again':
      return wait(tools, due, result.why, Math.min(WRONG_MS, MINUTE * 2 ** (due[0]?.tries ?? 1)));
  }
}

async function untilTomorrow(tools: PushTools, due: readonly SitePush[]): Promise<void> {
  const now = tools.now().getTime();
  const at = new Date(now + secondsToShanghaiMidnight(now) * 1_000 + AFTER_MIDNIGHT_MS);
  const detail = words.quota(shanghaiTime(at));
  // Waiting for a quota is no failed try.
  await putOff(tools.store, idsOf(due), at, detail);
  const [first] = due;
  if (first) await holdPushes(tools.store, first.officeId, at, detail);
}

/** Tried again after a while, until it has been often enough. */
async function wait(tools: PushTools, due: readonly SitePush[], detail: string, ms: number): Promise<void> {
  const at = new Date(tools.now().getTime() + ms);
  const worn = due.filter(({ tries }) => tries >= MOST_TRIES);
  const others = due.filter(({ tries }) => tries < MOST_TRIES);
  await settle(tools, worn, { state: 'refused', detail: words.givenUp(detail), at: null });
  await settle(tools, others, { state: 'waiting', detail, at });
}

type Settled = Parameters<typeof settlePushes>[2];
const idsOf = (due: readonly SitePush[]) => due.map(({ id }) => id);

function settle({ store }: PushTools, due: readonly SitePush[], settled: Settled): Promise<void> {
  return settlePushes(store, idsOf(due), settled);
}

/** `off`: Baidu is not to be told of this office's pages. */
async function accessOf(
  { store, cipher }: PushTools,
  officeId: number,
): Promise<BaiduAccess | { why: string } | 'off'> {
  const accounts = await channelAccounts(store, { officeId });
  const account = accounts.find(({ channel }) => channel === 'website');
  if (account?.channel !== 'website' || account.settings.baiduSite === null || account.dryRun) return 'off';
  const { baiduSite: site, baiduEndpoint: endpoint } = account.settings;
  try {
    const token = (await channelSecrets(store, cipher, account.id))['baidu-token'];
    return token === undefined ? { why: words.noToken } : { endpoint, site, token };
  } catch (error) {
    if (error instanceof OldKeyNeeded || error instanceof SealBroken) return { why: error.message };
    throw error;
  }
}

async function untilNext({ store, now }: PushTools): Promise<number> {
  const at = await nextPush(store);
  return at === null ? IDLE_MS : Math.min(IDLE_MS, Math.max(1_000, at.getTime() - now().getTime()));
}
