import { startPlatform, type Platform } from './platform.ts';
import { articles } from './wechat/articles.ts';
import { comments } from './wechat/comments.ts';
import { WechatState } from './wechat/state.ts';
import { tokens } from './wechat/tokens.ts';

export type WechatSimulator = Platform & { state: WechatState };

/**
 * WeChat's interface for one official account, as its documentation describes it and its answers were recorded: the status
 * is always 200, errors name their request, tokens overlap, calls are counted by path.
 */
export async function startWechat(now = Date.now()): Promise<WechatSimulator> {
  const state = new WechatState();
  state.now = now;
  const platform = await startPlatform(
    [tokens(state), articles(state), comments(state)],
    (asked) => state.admit(asked),
    () => state.refuse(40066, 'invalid url'),
  );
  return Object.assign(platform, { state });
}
