import { randomBytes } from 'node:crypto';
import { shanghaiDay } from '../../../config/shanghai.ts';
import type { PlatformClock } from '../clock.ts';
import type { Answered, Asked } from '../platform.ts';
import { paramsOf } from './params.ts';

export type WeiboUser = { id: string; screen_name: string };
export type WeiboStatus = {
  id: bigint;
  user: WeiboUser;
  at: number;
  text: string;
  mentions: string[];
  shares: WeiboStatus | null;
  deleted?: boolean;
  /** What was sent, before the platform shortened its addresses; absent where no app has sent it. */
  said?: string;
  /** Of its picture on the shelf. */
  picture?: string;
  /** The account itself does not find it sooner. */
  seenFrom?: number;
  /** Until then the platform looks at it before it shows it to others. */
  pendingUntil?: number;
  attitudes?: number;
  reposts?: number;
};
export type WeiboComment = {
  id: bigint;
  user: WeiboUser;
  at: number;
  text: string;
  status: WeiboStatus;
  answers?: WeiboComment;
};

/** An app at open.weibo.com. */
export type WeiboApp = {
  key: string;
  secret: string;
  name: string;
  /** Empty: any, where an app is tried out. */
  redirectUris: string[];
  /** 安全域名: every status has to link to one of them. */
  domains: string[];
};

type Window = { name: string; calls: Map<string, number> };
const HOUR_MS = 3_600_000;

/** What Weibo knows, and what tests make it know. */
export class WeiboState {
  readonly clock: PlatformClock;
  app: WeiboApp = {
    key: '1234567',
    secret: 'secret-of-the-simulated-app',
    name: '检声',
    redirectUris: [],
    domains: ['127.0.0.1', 'localhost', 'www.yunzhou.example'],
  };
  /** Those who can give an app leave to write in their name. */
  readonly users: WeiboUser[] = [];
  /** Token → whose it is, and when it ends. */
  readonly tokens = new Map<string, { uid: string; endsAt: number; madeAt?: number }>();
  /** Code of an authorisation → what it was given for. */
  readonly codes = new Map<string, { uid: string; redirectUri: string; endsAt: number }>();
  /** How long a token is good: by the level of the app a day, a month or five years. */
  tokenMs = 30 * 86_400_000;
  /** Recorded answers have `expires_in` as a string. */
  expiresInAsString = true;
  readonly statuses: WeiboStatus[] = [];
  readonly comments: WeiboComment[] = [];
  /** Address → its short form. */
  readonly links = new Map<string, string>();
  /** Calls that an app has for one user in a day. */
  callsADay = 100;
  callsAnHourByAddress = 15_000;
  postsAnHour = 30;
  /** Newer documentation asks for the address of the author, older did not. */
  ripNeeded = true;
  /** Addresses stand in the text of a status as `http://t.cn/…`. */
  linksShortened = true;
  /** The next statuses are there, but their author is told that it takes a while (20032), and does not find them yet. */
  syncDelays = 0;
  syncDelayMs = 90_000;
  /** New statuses are looked at by the platform for so long, in ms. */
  reviewMs = 0;
  /** The documentation writes codes as strings, the platform sends numbers. */
  codesAsStrings = false;
  /** Where posts are read. */
  pages = 'https://weibo.com';
  readonly #day: Window = { name: '', calls: new Map() };
  readonly #hour: Window = { name: '', calls: new Map() };
  // Longer than the integers of JavaScript.
  #next = 9_223_000_000_000_000_001n;

  constructor(clock: PlatformClock) {
    this.clock = clock;
  }

  /** Unix ms. */
  get now(): number {
    return this.clock.now;
  }
  set now(value: number) {
    this.clock.now = value;
  }

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

  /** Leave for the app to act for a user. */
  grant(uid: string): string {
    const token = `2.00${randomBytes(14).toString('base64url')}`;
    this.tokens.set(token, { uid, endsAt: this.now + this.tokenMs, madeAt: this.now });
    return token;
  }

  userOf(uid: string): WeiboUser {
    const known =
      this.users.find(({ id }) => id === uid) ?? this.statuses.find(({ user }) => user.id === uid)?.user;
    return known ?? { id: uid, screen_name: `用户${uid}` };
  }

  statusOf(id: string | null): WeiboStatus | undefined {
    return this.statuses.find((status) => String(status.id) === id);
  }

  #id(): bigint {
    this.#next += 7n;
    return this.#next;
  }

  tokenOf(asked: Asked): string | null {
    const header = /^OAuth2 (.+)$/.exec(asked.headers.authorization ?? '')?.[1];
    return header ?? paramsOf(asked).get('access_token');
  }

  /** Who asks; an answer instead when nobody does, or too often. */
  admit(asked: Asked): Answered | { uid: string } {
    const token = this.tokenOf(asked);
    if (!token) return this.refuse(asked, 10006, 'source paramter(appkey) is missing');
    const known = this.tokens.get(token);
    if (!known) return this.refuse(asked, 21332, 'invalid_access_token');
    if (known.endsAt <= this.now) return this.refuse(asked, 21327, 'expired_token');
    if (count(this.#hour, String(Math.floor(this.now / HOUR_MS)), asked.from) > this.callsAnHourByAddress) {
      return this.refuse(asked, 10022, 'IP requests out of rate limit!', 403);
    }
    if (count(this.#day, shanghaiDay(new Date(this.now)), known.uid) > this.callsADay) {
      return this.refuse(asked, 10023, 'User requests out of rate limit!', 403);
    }
    return { uid: known.uid };
  }

  refuse(asked: Asked, code: number, error: string, status = 400): Answered {
    const error_code = this.codesAsStrings ? String(code) : code;
    return { status, body: { error, error_code, request: asked.path } };
  }

  /** What outlives the process. */
  snapshot() {
    const { users, tokens, statuses, comments, links } = this;
    return { users, tokens, statuses, comments, links, next: this.#next, day: this.#day };
  }

  /** Takes up what a snapshot holds. */
  restore(kept: ReturnType<WeiboState['snapshot']>): void {
    this.users.push(...kept.users);
    this.statuses.push(...kept.statuses);
    this.comments.push(...kept.comments);
    for (const [token, known] of kept.tokens) this.tokens.set(token, known);
    for (const [link, short] of kept.links) this.links.set(link, short);
    this.#next = kept.next;
    Object.assign(this.#day, kept.day);
  }
}

function count(window: Window, name: string, key: string): number {
  if (window.name !== name) {
    window.name = name;
    window.calls.clear();
  }
  const calls = (window.calls.get(key) ?? 0) + 1;
  window.calls.set(key, calls);
  return calls;
}
