import type { Controls } from '../control.ts';
import type { WeiboApp, WeiboState } from './state.ts';

/** What can be changed from outside: whatever is given. */
type Changes = Partial<
  Pick<
    WeiboState,
    | 'tokenMs'
    | 'callsADay'
    | 'callsAnHourByAddress'
    | 'postsAnHour'
    | 'ripNeeded'
    | 'linksShortened'
    | 'syncDelays'
    | 'syncDelayMs'
    | 'reviewMs'
  >
> & { app?: Partial<WeiboApp> };

/** The hands on the simulated Weibo. */
export function controls(state: WeiboState): Controls {
  const statusOf = ({ id }: Record<string, unknown>) => {
    const status = state.statusOf(String(id));
    if (!status) throw new Error('no such status');
    return status;
  };
  return {
    'GET state': () => ({
      app: { ...state.app, secret: undefined },
      users: state.users,
      statuses: state.statuses.map(({ id, user, at, text, said, deleted = false }) => ({
        ...{ id: String(id), uid: user.id, at, text, said, deleted },
      })),
    }),
    'POST state': (sent) => {
      const { app, ...plain } = sent as Changes;
      Object.assign(state, plain);
      Object.assign(state.app, app);
    },
    /** A user, and leave for the app to act for them. */
    'POST users': ({ id, screen_name }) => {
      if (typeof id !== 'string' || !/^\d{5,12}$/.test(id)) throw new Error('id has to be digits');
      if (!state.users.some((user) => user.id === id)) {
        state.users.push({ id, screen_name: String(screen_name ?? id) });
      }
      return { access_token: state.grant(id) };
    },
    /** A comment of the public. */
    'POST comments': (sent) => {
      const user = { id: '1000000001', screen_name: String(sent['screen_name'] ?? '某某') };
      return { id: String(state.comment(statusOf(sent), user, String(sent['text'])).id) };
    },
    /** What its owner does at the platform itself. */
    'POST delete': (sent) => {
      statusOf(sent).deleted = true;
    },
  };
}
