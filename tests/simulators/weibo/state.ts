import { shanghaiDay } from '../../../config/shanghai.ts';
import type { Answered, Asked } from '../platform.ts';

export type WeiboUser = { id: string; screen_name: string };
export type WeiboStatus = {
  id: bigint;
  user: WeiboUser;
  at: number;
  text: string;
  mentions: string[];
  shares: WeiboStatus | null;
  deleted?: boolean;
};
export type WeiboComment = { id: bigint; user: WeiboUser; at: number; text: string; status: WeiboStatus };

/** What Weibo knows, and what tests make it know. */
export class WeiboState {
  /** Unix ms. */
  now = Date.now();
  /** Token → whose it is, and when it ends. */
  readonly tokens = new Map<string, { uid: string; endsAt: number }>();
  readonly statuses: WeiboStatus[] = [];
  readonly comments: WeiboComment[] = [];
  /** Calls that an app has for one user in a day. */
  callsADay = 100;
  /** The documentation writes codes as strings, the platform sends numbers. */
  codesAsStrings = false;
  readonly #calls = new Map<string, number>();
  // Longer than the integers of JavaScript.
  #next = 9_223_000_000_000_000_001n;

  post(user: WeiboUser, text: string, more: Partial<WeiboStatus> = {}): WeiboStatus {
    const mentions = [...text.matchAll(/@([\p{L}\p{N}_-]+)/gu)].map(([, name]) => name ?? '');
    const status = { id: this.#id(), user, at: this.now, text, mentions, shares: null, ...more };
    this.statuses.unshift(status);
    return status;
  }

  comment(status: WeiboStatus, user: WeiboUser, text: string, at = this.now): WeiboComment {
    const comment = { id: this.#id(), user, at, text, status };
    this.comments.unshift(comment);
    return comment;
  }

  #id(): bigint {
    this.#next += 7n;
    return this.#next;
  }

  /** Who asks; an answer instead when nobody does, or too often. */
  admit(asked: Asked): Answered | { uid: string } {
    const header = /^OAuth2 (.+)$/.exec(asked.headers.authorization ?? '')?.[1];
    const token =
      header ?? asked.query.get('access_token') ?? new URLSearchParams(asked.body).get('access_token');
    if (!token) return this.refuse(asked, 10006, 'source paramter(appkey) is missing');
    const known = this.tokens.get(token);
    if (!known) return this.refuse(asked, 21332, 'invalid_access_token');
    if (known.endsAt <= this.now) return this.refuse(asked, 21327, 'expired_token');
    const key = `${shanghaiDay(new Date(this.now))} ${known.uid}`;
    const calls = (this.#calls.get(key) ?? 0) + 1;
    this.#calls.set(key, calls);
    if (calls > this.callsADay) {
      return this.refuse(asked, 10023, 'User requests out of rate limit!', 403);
    }
    return { uid: known.uid };
  }

  refuse(asked: Asked, code: number, error: string, status = 400): Answered {
    const error_code = this.codesAsStrings ? String(code) : code;
    return { status, body: { error, error_code, request: asked.path } };
  }

  /** `Wed Oct 24 23:49:17 +0800 2012` */
  date(at: number): string {
    const utc = new Date(at + 8 * 3_600_000).toUTCString();
    const [weekday, day, month, year, time] = utc.replace(',', '').split(' ');
    return `${weekday} ${month} ${day} ${time} +0800 ${year}`;
  }

  statusBody(status: WeiboStatus): Record<string, unknown> {
    const common = {
      created_at: this.date(status.at),
      id: status.id,
      mid: String(status.id),
      idstr: String(status.id),
    };
    if (status.deleted) return { ...common, text: '抱歉，此微博已被作者删除。', deleted: '1' };
    return {
      ...common,
      text: status.text,
      textLength: status.text.length,
      source: '<a href="http://app.weibo.com/t/feed/1" rel="nofollow">某某手机</a>',
      favorited: false,
      truncated: false,
      geo: { type: 'Point', coordinates: [25.04, 102.71] },
      user: this.userBody(status.user),
      reposts_count: this.statuses.filter(({ shares }) => shares === status).length,
      comments_count: this.commentsOf(status).length,
      attitudes_count: 3,
      isLongText: false,
      ...(status.shares && { retweeted_status: this.statusBody(status.shares) }),
    };
  }

  commentBody(comment: WeiboComment): Record<string, unknown> {
    return {
      created_at: this.date(comment.at),
      id: comment.id,
      idstr: String(comment.id),
      mid: String(comment.id),
      text: comment.text,
      source: '来自云南',
      user: this.userBody(comment.user),
      status: this.statusBody(comment.status),
    };
  }

  userBody({ id, screen_name }: WeiboUser): Record<string, unknown> {
    return {
      id: BigInt(id),
      idstr: id,
      screen_name,
      name: screen_name,
      location: '云南 昆明',
      profile_image_url: `https://tvax1.sinaimg.cn/${id}.jpg`,
      profile_url: `u/${id}`,
    };
  }

  commentsOf(status: WeiboStatus): WeiboComment[] {
    return this.comments.filter((comment) => comment.status === status);
  }
}
