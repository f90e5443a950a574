import { PlatformClock } from './clock.ts';
import type { EventFault } from './faults.ts';
import { startPlatform, type Area, type Answered, type Asked, type Platform } from './platform.ts';
import { Shelf } from './shelf.ts';
import { published, type Shown } from './truth.ts';
import { comments } from './wechat/comments.ts';
import { controls } from './wechat/controls.ts';
import { drafts } from './wechat/drafts.ts';
import { teller } from './wechat/events.ts';
import { mass } from './wechat/mass.ts';
import { media } from './wechat/media.ts';
import { pages } from './wechat/pages.ts';
import { publishing } from './wechat/publishing.ts';
import { quota } from './wechat/quota.ts';
import { jsonOf, WechatState } from './wechat/state.ts';
import { statistics } from './wechat/statistics.ts';
import { tokens } from './wechat/tokens.ts';

export type WechatSimulator = Platform & {
  /** The account that is there from the beginning. */
  state: WechatState;
  accounts: readonly WechatState[];
  /** A further account. */
  addAccount(appId: string, more?: Partial<WechatState>): WechatState;
  snapshot(): unknown;
};

export type WechatOptions = {
  port?: number;
  remembered?: number;
  /** Where pictures are kept; null: in memory, as far as there is room. */
  folder?: string | null;
  /** Articles are read on the simulator's own pages, and have its addresses. */
  ownPages?: boolean;
  /** What a process before this one has kept (`snapshot`). */
  kept?: unknown;
  appId?: string;
};

type Account = { state: WechatState; area: Area };
type Kept = {
  numbers: { next: number };
  accounts: { appId: string; kept: ReturnType<WechatState['snapshot']> }[];
};

/**
 * WeChat's interface for official accounts, as its documentation describes it and its answers were recorded: the status is
 * always 200, errors name their request, tokens overlap, calls are counted by path.
 * @param now the clock stands at this time until it is moved; null: it runs
 */
export async function startWechat(
  now: number | null = null,
  options: WechatOptions = {},
): Promise<WechatSimulator> {
  const clock = new PlatformClock(now);
  const kept = options.kept as Kept | undefined;
  // As the ids of the platform: ten digits.
  const numbers = { next: kept?.numbers.next ?? 2_247_490_000 };
  const shelf = new Shelf(options.folder ?? null);
  const accounts: Account[] = [];
  const states: WechatState[] = [];
  const events: { atEvent: () => { kind: EventFault; ms: number } | null } = { atEvent: () => null };

  function addAccount(appId: string, more: Partial<WechatState> = {}): WechatState {
    const state = Object.assign(new WechatState(clock, numbers, appId), more);
    if (options.ownPages) state.pages = platform.origin;
    const before = kept?.accounts.find((one) => one.appId === appId)?.kept;
    if (before) state.restore(before);
    const tell = teller(state, events);
    const area: Area = {
      ...tokens(state),
      ...quota(state),
      ...media(state, shelf),
      ...drafts(state),
      ...publishing(state, tell),
      ...mass(state, tell),
      ...comments(state),
      ...statistics(state),
    };
    accounts.push({ state, area });
    states.push(state);
    return state;
  }

  /** Whose call it is: the token says so, or the appid where there is none yet. */
  function accountOf(asked: Asked): Account | undefined {
    const token = asked.query.get('access_token');
    if (token !== null) return accounts.find(({ state }) => state.tokens.has(token));
    const appId = asked.query.get('appid') ?? jsonOf(asked)?.['appid'];
    return accounts.find(({ state }) => state.appId === appId);
  }

  function answer(asked: Asked): Answered {
    const { state, area } = accountOf(asked) ?? (accounts[0] as Account);
    const call = area[`${asked.method} ${asked.path}`];
    const given = call ? (state.admit(asked) ?? call(asked)) : state.refuse(40066, 'invalid url');
    state.keepRid(asked, given);
    return given;
  }

  const platform = await startPlatform({
    clock,
    answer,
    page: (asked) => pages(states, shelf, asked),
    busy: (asked) => (accountOf(asked) ?? (accounts[0] as Account)).state.refuse(-1, 'system error'),
    truth: () => published(states.flatMap(shownBy)),
    controls: controls(states, addAccount),
    slashesEscaped: true,
    port: options.port,
    remembered: options.remembered,
  });
  events.atEvent = () => platform.troubles.atEvent();
  const state = addAccount(options.appId ?? 'wxb11529c136998cb6');
  return Object.assign(platform, {
    state,
    accounts: states,
    addAccount,
    snapshot: () => ({
      numbers,
      accounts: states.map((one) => ({ appId: one.appId, kept: one.snapshot() })),
    }),
  });
}

/** What an account says: an article by its title, a message by its text. */
function shownBy(state: WechatState): Shown[] {
  const { appId: account } = state;
  const articles = state.articles.map((article) => ({
    account,
    said: article.title,
    at: article.at,
    address: state.addressOf(article),
    standing: !article.deleted && !article.blocked,
  }));
  const texts = state.sendings
    .filter(({ text, status }) => text !== null && status !== 'SENDING' && status !== 'SEND_FAIL')
    .map(({ text, at, status }) => ({
      account,
      said: text ?? '',
      at,
      address: '',
      standing: status !== 'DELETE',
    }));
  return [...articles, ...texts];
}
