import { PlatformClock } from './clock.ts';
import {
  BAD_GATEWAY,
  startPlatform,
  type Answered,
  type Area,
  type Asked,
  type Platform,
} from './platform.ts';
import { Shelf } from './shelf.ts';
import { published } from './truth.ts';
import { controls } from './weibo/controls.ts';
import { oauth } from './weibo/oauth.ts';
import { pages } from './weibo/pages.ts';
import { reading } from './weibo/reading.ts';
import { WeiboState } from './weibo/state.ts';
import { base62 } from './weibo/text.ts';
import { writing } from './weibo/writing.ts';

/** A page of the gateway, which comes now and then instead of an answer. */
export { BAD_GATEWAY };

export type WeiboSimulator = Platform & { state: WeiboState; snapshot(): unknown };

export type WeiboOptions = {
  port?: number;
  remembered?: number;
  /** Where pictures are kept; null: in memory, as far as there is room. */
  folder?: string | null;
  /** Posts are read on the simulator's own pages. */
  ownPages?: boolean;
  /** What a process before this one has kept (`snapshot`). */
  kept?: unknown;
};

/** Calls that whoever has no token makes, and that are not counted. */
const OPEN = ['/oauth2/authorize', '/oauth2/access_token'];

/**
 * Weibo's interface for an ordinary app, as its documentation describes it and its answers were recorded: errors with the
 * status 400, numbers longer than 2^53, the newest five posts, a hundred calls a day for each user.
 * @param now the clock stands at this time until it is moved; null: it runs
 */
export async function startWeibo(
  now: number | null = null,
  options: WeiboOptions = {},
): Promise<WeiboSimulator> {
  const clock = new PlatformClock(now);
  const state = new WeiboState(clock);
  if (options.kept) state.restore(options.kept as ReturnType<WeiboState['snapshot']>);
  const shelf = new Shelf(options.folder ?? null);
  const callers = new WeakMap<Asked, string>();
  const whose = (asked: Asked) => callers.get(asked) ?? '';
  const area: Area = { ...oauth(state), ...reading(state, whose), ...writing(state, shelf, whose) };

  function answer(asked: Asked): Answered {
    const call = area[`${asked.method} ${asked.path}`];
    if (!call) {
      const isMethod = ['GET', 'POST'].some((method) => area[`${method} ${asked.path}`]);
      return isMethod
        ? state.refuse(asked, 10021, 'HTTP METHOD is not suported for this request!', 403)
        : state.refuse(asked, 10020, 'Request api not found!', 404);
    }
    if (!OPEN.includes(asked.path)) {
      const who = state.admit(asked);
      if (who === 'drop' || !('uid' in who)) return who;
      callers.set(asked, who.uid);
    }
    return call(asked);
  }

  const platform = await startPlatform({
    clock,
    answer,
    page: (asked) => pages(state, shelf, asked),
    busy: (asked) => state.refuse(asked, 10001, 'System error!'),
    truth: () =>
      published(
        state.statuses.map(({ id, user, at, text, said, deleted }) => ({
          account: user.id,
          said: said ?? text,
          at,
          address: `${state.pages}/${user.id}/${base62(id)}`,
          standing: deleted !== true,
        })),
      ),
    controls: controls(state),
    port: options.port,
    remembered: options.remembered,
  });
  if (options.ownPages) state.pages = platform.origin;
  return Object.assign(platform, { state, snapshot: () => state.snapshot() });
}
