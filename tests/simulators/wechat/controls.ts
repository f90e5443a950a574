import type { Controls } from '../control.ts';
import type { Outcome, WechatState } from './state.ts';

/** What can be changed of an account from outside: whatever is given. */
type Changes = Partial<
  Pick<
    WechatState,
    | 'appSecret'
    | 'name'
    | 'kind'
    | 'allowedAddresses'
    | 'certified'
    | 'commentsAllowed'
    | 'foreignLinks'
    | 'publishingMs'
    | 'sandbox'
    | 'draftLeaves'
    | 'longestClientId'
    | 'callback'
    | 'event'
    | 'statisticsLate'
  >
> & {
  limits?: Partial<WechatState['limits']>;
  /** How the next publications end. */
  outcomes?: Outcome[];
  daily?: Record<string, number>;
  minutely?: Record<string, number>;
};

/** The hands on the accounts of the simulated WeChat. */
export function controls(
  accounts: readonly WechatState[],
  add: (appId: string, more: Partial<WechatState>) => WechatState,
): Controls {
  const told = (state: WechatState) => ({
    appId: state.appId,
    name: state.name,
    callback: state.callback?.url ?? null,
    articles: state.articles.map(({ message, place, title, at, sent, deleted, blocked }) => ({
      ...{ message, place, title, at, sent, deleted, blocked },
      address: state.addressOf({ message, place }),
    })),
    drafts: state.drafts.size,
    jobs: state.jobs.map(({ publishId, message, status }) => ({ publishId, message, status })),
    pushed: state.pushed,
  });
  /** The one that is named, else the first. */
  const accountOf = ({ appId }: Record<string, unknown>): WechatState => {
    const found = accounts.find((state) => appId === undefined || state.appId === appId);
    if (!found) throw new Error(`no account ${String(appId)}`);
    return found;
  };

  return {
    'GET state': () => accounts.map(told),
    'POST accounts': ({ appId, ...rest }) => {
      if (typeof appId !== 'string' || appId === '') throw new Error('appId is missing');
      const known = accounts.find((state) => state.appId === appId);
      const state = known ?? add(appId, {});
      change(state, rest as Changes);
      return told(state);
    },
    /** A comment of the public. */
    'POST comments': (sent) => {
      const state = accountOf(sent);
      const article = state.articleOf(sent['message'], Number(sent['place'] ?? 1));
      if (!article) throw new Error('no such article');
      return { id: state.comment(article, String(sent['text'])).id };
    },
    /** What becomes of a publication later: 5, deleted by its owner at the console; 6, blocked. */
    'POST take-down': (sent) => {
      accountOf(sent).takeDown(Number(sent['message']), sent['status'] === 6 ? 6 : 5);
    },
  };
}

function change(
  state: WechatState,
  { limits, outcomes, daily, minutely, callback, ...plain }: Changes,
): void {
  Object.assign(state, plain);
  if (callback !== undefined) state.callback = callback;
  if (limits) Object.assign(state.limits, limits);
  if (outcomes) state.outcomes.push(...outcomes);
  Object.assign(state.daily, daily);
  Object.assign(state.minutely, minutely);
}
