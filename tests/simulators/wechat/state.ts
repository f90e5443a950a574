import { randomBytes } from 'node:crypto';
import { shanghaiDay } from '../../../config/shanghai.ts';
import type { Answered, Asked } from '../platform.ts';

export type WechatComment = {
  id: number;
  openid: string;
  at: number;
  text: string;
  elected: boolean;
  reply: { content: string; create_time: number } | null;
};
export type WechatArticle = {
  message: number;
  /** From 1 on. */
  place: number;
  title: string;
  at: number;
  /** Sent to followers, which the list of published articles leaves out. */
  sent: boolean;
  deleted: boolean;
  commentable: boolean;
  comments: WechatComment[];
};

/** Calls in a day by path, of a new account. */
const DAILY: Record<string, number> = {
  '/cgi-bin/token': 2_000,
  '/cgi-bin/freepublish/batchget': 100,
  '/cgi-bin/freepublish/get': 100,
  '/cgi-bin/freepublish/submit': 100,
};

/** What WeChat knows of one official account, and what tests make it know. */
export class WechatState {
  /** Unix ms. */
  now = Date.now();
  readonly appId = 'wxb11529c136998cb6';
  appSecret = 'secret-of-the-simulated-account';
  /** Null: every address may ask for a token. */
  allowedAddresses: string[] | null = null;
  /** Since 2025-07 accounts that are not certified may not publish, read comments or statistics. */
  certified = true;
  readonly daily: Record<string, number> = { ...DAILY };
  /** Calls of a path in a minute; absent: any number. */
  readonly minutely: Record<string, number> = {};
  /** Recordings have `expires_in` as a number and as a string. */
  expiresInAsString = false;
  /** Answers to comments are documented as an object and were seen as a list. */
  repliesAsList = false;
  /** Whether `comment_cnt` is sent, and `total` counts the page only. */
  truthfulTotal = false;
  /** The statistics of yesterday are not there yet; they should be at eight in the morning. */
  statisticsLate = false;
  readonly articles: WechatArticle[] = [];
  /** Token → until when it is good. */
  readonly tokens = new Map<string, number>();
  current: { token: string; endsAt: number } | null = null;
  readonly #calls = new Map<string, number>();
  #nextId = 1;

  publish(message: number, title: string, more: Partial<WechatArticle> = {}): WechatArticle {
    const made = { message, title, place: 1, at: this.now, sent: false, deleted: false, commentable: true };
    const article: WechatArticle = { ...made, comments: [], ...more };
    this.articles.unshift(article);
    return article;
  }

  comment(article: WechatArticle, text: string, more: Partial<WechatComment> = {}): WechatComment {
    const id = this.#nextId++;
    const made = { id, openid: `o${randomBytes(13).toString('hex')}`, at: this.now, text, elected: false };
    const comment: WechatComment = { ...made, reply: null, ...more };
    article.comments.unshift(comment);
    return comment;
  }

  addressOf({ message, place }: WechatArticle): string {
    return `http://mp.weixin.qq.com/s?__biz=MzA5NTA0&mid=${message}&idx=${place}&sn=0f1e2d&chksm=8b7c#rd`;
  }

  /** @returns what keeps the call out; null lets it in */
  admit(asked: Asked): Answered | null {
    const { path } = asked;
    const limited = this.#limit(path);
    if (limited) return limited;
    if (path === '/cgi-bin/stable_token' || path === '/cgi-bin/token') return null;
    const token = asked.query.get('access_token');
    if (!token) return this.refuse(41001, 'access_token missing');
    const endsAt = this.tokens.get(token);
    if (endsAt === undefined) {
      return this.refuse(
        40001,
        'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r',
      );
    }
    if (endsAt <= this.now) return this.refuse(42001, 'access_token expired');
    return this.certified ? null : this.refuse(48001, 'api unauthorized');
  }

  #limit(path: string): Answered | null {
    const minute = this.minutely[path];
    if (minute !== undefined && this.#count(`${Math.floor(this.now / 60_000)} ${path}`) > minute) {
      return this.refuse(45011, 'api minute-quota reach limit  mustslower  retry next minute');
    }
    const day = this.daily[path];
    const used = this.#count(`${shanghaiDay(new Date(this.now))} ${path}`);
    return day !== undefined && used > day ? this.refuse(45009, 'reach max api daily quota limit') : null;
  }

  #count(key: string): number {
    const calls = (this.#calls.get(key) ?? 0) + 1;
    this.#calls.set(key, calls);
    return calls;
  }

  /** Every error comes with the status 200, and names its request. */
  refuse(errcode: number, errmsg: string, hint = false): Answered {
    const part = () => randomBytes(4).toString('hex');
    const rid = ` rid: ${part()}-${part()}-${part()}`;
    return { body: { errcode, errmsg: `${errmsg}${hint ? ` hint: [${part().slice(0, 5)}]` : ''}${rid}` } };
  }
}

export function jsonOf(asked: Asked): Record<string, unknown> | null {
  try {
    return JSON.parse(asked.body) as Record<string, unknown>;
  } catch {
    return null;
  }
}
