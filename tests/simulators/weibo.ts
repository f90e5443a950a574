import { startPlatform, type Asked, type Platform } from './platform.ts';
import { oauth } from './weibo/oauth.ts';
import { reading } from './weibo/reading.ts';
import { WeiboState } from './weibo/state.ts';

export type WeiboSimulator = Platform & { state: WeiboState };

/** A page of the gateway, which comes now and then instead of an answer. */
export const BAD_GATEWAY = {
  status: 502,
  body: '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
} as const;

/**
 * Weibo's interface for an ordinary app, as its documentation describes it and its answers were recorded: errors with the
 * status 400, numbers longer than 2^53, the newest five posts, a hundred calls a day for each user.
 */
export async function startWeibo(now = Date.now()): Promise<WeiboSimulator> {
  const state = new WeiboState();
  state.now = now;
  const callers = new WeakMap<Asked, string>();
  const platform = await startPlatform(
    [oauth(state), reading(state, (asked) => callers.get(asked) ?? '')],
    (asked) => {
      const who = state.admit(asked);
      if (who === 'drop' || !('uid' in who)) return who;
      callers.set(asked, who.uid);
      return null;
    },
    (asked) => state.refuse(asked, 10020, 'Request api not found!', 404),
  );
  return Object.assign(platform, { state });
}
