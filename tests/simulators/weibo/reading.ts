import type { Answered, Area, Asked } from '../platform.ts';
import { commentBody, commentsOf, repostsOf, statusBody } from './bodies.ts';
import type { WeiboState } from './state.ts';
import { base62, fromBase62 } from './text.ts';

/** An ordinary app sees no more of an account's own posts. */
const OWN_POSTS = 5;

/** What is read: own posts and their counts, comments, mentions. Everything newest first. */
export function reading(state: WeiboState, whose: (asked: Asked) => string): Area {
  /** `since_id` exclusive, `max_id` inclusive, then pages of `count`. */
  function part<T extends { id: bigint }>(asked: Asked, all: readonly T[]): T[] {
    const since = BigInt(asked.query.get('since_id') ?? 0);
    const max = BigInt(asked.query.get('max_id') ?? 0);
    const count = Math.min(Number(asked.query.get('count') ?? 50), 200);
    const page = Math.max(Number(asked.query.get('page') ?? 1), 1);
    return all
      .filter(({ id }) => id > since && (max === 0n || id <= max))
      .toSorted((a, b) => (a.id < b.id ? 1 : -1))
      .slice((page - 1) * count, page * count);
  }

  function list<T extends { id: bigint }>(
    asked: Asked,
    name: 'comments' | 'statuses',
    all: readonly T[],
    body: (item: T) => unknown,
  ): Answered {
    const items = part(asked, all).map(body);
    return { body: { [name]: items, previous_cursor: 0, next_cursor: 0, total_number: all.length } };
  }

  return {
    'GET /2/statuses/user_timeline.json': (asked) => {
      if (asked.query.get('uid') !== whose(asked)) {
        return state.refuse(asked, 10014, 'Insufficient app permissions!', 403);
      }
      const own = state.statuses
        .filter(({ user, seenFrom = 0 }) => user.id === whose(asked) && seenFrom <= state.now)
        .slice(0, OWN_POSTS);
      return list(asked, 'statuses', own, (status) => statusBody(state, status));
    },
    'GET /2/comments/show.json': (asked) => {
      const status = state.statuses.find(({ id }) => String(id) === asked.query.get('id'));
      if (!status || status.deleted) return state.refuse(asked, 20101, 'target weibo does not exist!');
      return list(asked, 'comments', commentsOf(state, status), (comment) => commentBody(state, comment));
    },
    'GET /2/comments/to_me.json': (asked) => {
      const mine = state.comments.filter(({ status }) => status.user.id === whose(asked));
      return list(asked, 'comments', mine, (comment) => commentBody(state, comment));
    },
    'GET /2/statuses/mentions.json': (asked) => {
      const uid = whose(asked);
      const name = state.statuses.find(({ user }) => user.id === uid)?.user.screen_name ?? '';
      const naming = state.statuses.filter(({ mentions }) => mentions.includes(name));
      return list(asked, 'statuses', naming, (status) => statusBody(state, status));
    },
    'GET /2/statuses/count.json': (asked) => {
      const ids = (asked.query.get('ids') ?? '').split(',');
      if (ids.length > 100) return state.refuse(asked, 10008, 'Param Error, see doc for more info.');
      const found = state.statuses.filter(({ id, deleted }) => ids.includes(String(id)) && !deleted);
      const body = found.map((status) => ({
        id: status.id,
        idstr: String(status.id),
        comments: commentsOf(state, status).length,
        reposts: repostsOf(state, status),
        attitudes: status.attitudes ?? 3,
        number_display_strategy: { apply_scenario_flag: 3, display_text_min_number: 1_000_000 },
      }));
      return { body };
    },
    /** Leads to the page of a status. */
    'GET /2/statuses/go': (asked) => {
      const status = state.statusOf(asked.query.get('id'));
      if (!status || status.deleted) return state.refuse(asked, 20101, 'target weibo does not exist!');
      const location = `${state.pages}/${status.user.id}/${base62(status.id)}`;
      return { status: 302, headers: { location }, body: '' };
    },
    'GET /2/statuses/querymid.json': (asked) => {
      const id = asked.query.get('id') ?? '';
      if (!/^\d{1,19}$/.test(id)) return state.refuse(asked, 10008, 'Param Error, see doc for more info.');
      return { body: { mid: base62(BigInt(id)) } };
    },
    'GET /2/statuses/queryid.json': (asked) => {
      const id = fromBase62(asked.query.get('mid') ?? '');
      if (id === null) return state.refuse(asked, 10008, 'Param Error, see doc for more info.');
      return { body: { id: String(id) } };
    },
  };
}
