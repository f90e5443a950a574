import { randomBytes } from 'node:crypto';
import { PlatformClock } from '../clock.ts';
import type { Answered, Asked } from '../platform.ts';
import { Quotas } from './quotas.ts';
import type {
  Callback,
  Material,
  Outcome,
  WechatArticle,
  WechatComment,
  WechatDraft,
  WechatJob,
  WechatLimits,
  WechatSending,
} from './types.ts';

export type * from './types.ts';

/** Numbers that no two accounts of the platform share. */
export type Numbers = { next: number };

/** A request as `rid/get` tells it. */
type Told = { at: number; path: string; body: string; errcode: number; from: string };
const REMEMBERED_RIDS = 200;

/** Calls that an account may make only since it is certified. */
const CERTIFIED = ['/cgi-bin/freepublish/', '/cgi-bin/comment/', '/cgi-bin/message/mass/', '/datacube/'];
/** Calls that need no token. */
const OPEN = ['/cgi-bin/stable_token', '/cgi-bin/token', '/cgi-bin/clear_quota/v2'];

/** What WeChat knows of one official account, and what tests make it know. */
export class WechatState {
  readonly clock: PlatformClock;
  readonly numbers: Numbers;
  readonly appId: string;
  appSecret = 'secret-of-the-simulated-account';
  /** Its name on the pages. */
  name = '云州检察';
  /** 订阅号 or 服务号. */
  kind: 'subscription' | 'service' = 'subscription';
  /** Null: every address may ask for a token. */
  allowedAddresses: string[] | null = null;
  /** Since 2025-07 accounts that are not certified may not publish, read comments or statistics. */
  certified = true;
  /** Without it an article that asks for comments is refused. */
  commentsAllowed = true;
  readonly quotas = new Quotas();
  limits: WechatLimits = {
    unit: 'characters',
    title: 32,
    author: 16,
    digest: 128,
    content: 20_000,
    contentBytes: 1024 * 1024,
    sourceUrlBytes: 1024,
    articles: 8,
    newspicText: 1_000,
    newspicImages: 20,
  };
  /** What becomes of links to other places in a text: both were seen. */
  foreignLinks: 'refused' | 'removed' = 'refused';
  /** How long a publication takes, in ms. */
  publishingMs = 2_000;
  /** How the next publications end; then every one ends well. */
  readonly outcomes: Outcome[] = [];
  /** As a test account of the platform: every publication fails. */
  sandbox = false;
  /** Why the next submissions are refused: 53503, 53504, 53505. */
  readonly submitRefusals: number[] = [];
  /** When a draft leaves the box: reports have both. */
  draftLeaves: 'submitted' | 'published' = 'submitted';
  /** How the next mass messages end: `send fail`, `err(20001)` …; then every one ends well. */
  readonly sendingOutcomes: string[] = [];
  /** The documentation has 64, one report 32. */
  longestClientId = 32;
  callback: Callback | null = null;
  /** The message about the end of a publication: how often, how late, and under which name. */
  event = { times: 1, delayMs: 0, name: 'PUBLISHJOBFINISH' };
  /** The latest messages and what the hub answered; null: nothing. */
  readonly pushed: { event: string; status: number | null; tries: number }[] = [];
  /** Recordings have `expires_in` as a number and as a string. */
  expiresInAsString = false;
  /** Answers to comments are documented as an object and were seen as a list. */
  repliesAsList = false;
  /** Whether `comment_cnt` is sent, and `total` counts the page only. */
  truthfulTotal = false;
  /** The statistics of yesterday are not there yet; they should be at eight in the morning. */
  statisticsLate = false;
  /** Where articles can be read. */
  pages = 'http://mp.weixin.qq.com';
  readonly articles: WechatArticle[] = [];
  readonly drafts = new Map<string, WechatDraft>();
  readonly materials = new Map<string, Material>();
  readonly jobs: WechatJob[] = [];
  readonly sendings: WechatSending[] = [];
  /** Token → until when it is good. */
  readonly tokens = new Map<string, number>();
  current: { token: string; endsAt: number } | null = null;
  readonly told = new Map<string, Told>();

  #nextComment = 1;

  constructor(clock: PlatformClock, numbers: Numbers, appId = 'wxb11529c136998cb6') {
    this.clock = clock;
    this.numbers = numbers;
    this.appId = appId;
  }

  /** Unix ms. */
  get now(): number {
    return this.clock.now;
  }
  set now(value: number) {
    this.clock.now = value;
  }

  get daily(): Record<string, number> {
    return this.quotas.daily;
  }
  get minutely(): Record<string, number> {
    return this.quotas.minutely;
  }

  publish(message: number, title: string, more: Partial<WechatArticle> = {}): WechatArticle {
    const made = { message, title, place: 1, at: this.now, sent: false, deleted: false, commentable: true };
    const rest = { comments: [], item: null, blocked: false, reads: 10, shares: 2, likes: 3 };
    const article: WechatArticle = { ...made, ...rest, ...more };
    this.articles.unshift(article);
    return article;
  }

  comment(article: WechatArticle, text: string, more: Partial<WechatComment> = {}): WechatComment {
    const id = this.#nextComment++;
    const made = { id, openid: `o${randomBytes(13).toString('hex')}`, at: this.now, text, elected: false };
    const comment: WechatComment = { ...made, reply: null, ...more };
    article.comments.unshift(comment);
    return comment;
  }

  number(): number {
    this.numbers.next += 1;
    return this.numbers.next;
  }

  addressOf({ message, place }: Pick<WechatArticle, 'message' | 'place'>): string {
    return `${this.pages}/s?__biz=MzA5NTA0&mid=${message}&idx=${place}&sn=0f1e2d&chksm=8b7c#rd`;
  }

  articleId(message: number): string {
    return `article-${message}`;
  }

  articleOf(message: unknown, place: number): WechatArticle | undefined {
    return this.articles.find((one) => String(one.message) === String(message) && one.place === place);
  }

  /** What the platform does with a publication later on: its owner deletes it (5), the platform blocks it (6). */
  takeDown(message: number, status: 5 | 6): void {
    for (const article of this.articles.filter((one) => one.message === message)) {
      if (status === 5) article.deleted = true;
      else article.blocked = true;
    }
    const job = this.jobs.find((one) => one.message === message);
    if (job) job.status = status;
  }

  /** @returns what keeps the call out; null lets it in */
  admit(asked: Asked): Answered | null {
    const { path } = asked;
    const over = this.quotas.spend(path, this.now);
    if (over === 'minute') {
      return this.refuse(45011, 'api minute-quota reach limit  mustslower  retry next minute');
    }
    if (over === 'day') return this.refuse(45009, 'reach max api daily quota limit');
    if (OPEN.includes(path)) return null;
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
    const isOpen = this.certified || !CERTIFIED.some((area) => path.startsWith(area));
    return isOpen ? null : this.refuse(48001, 'api unauthorized');
  }

  /** Every error comes with the status 200, and names its request. */
  refuse(errcode: number, errmsg: string, hint = false): Answered {
    const part = () => randomBytes(4).toString('hex');
    const rid = `${part()}-${part()}-${part()}`;
    const hinted = hint ? ` hint: [${part().slice(0, 5)}]` : '';
    return { body: { errcode, errmsg: `${errmsg}${hinted} rid: ${rid}` } };
  }

  /** Keeps what a refused call was, for whoever asks by its `rid`. */
  keepRid(asked: Asked, answered: Answered): void {
    if (answered === 'drop') return;
    const { errcode, errmsg } = (answered.body ?? {}) as { errcode?: number; errmsg?: string };
    const rid = / rid: (\S+)$/.exec(errmsg ?? '')?.[1];
    if (errcode === undefined || rid === undefined) return;
    const { path, body, from } = asked;
    this.told.set(rid, { at: this.now, path, body: body.slice(0, 2_000), errcode, from });
    const [oldest] = this.told.keys();
    if (this.told.size > REMEMBERED_RIDS && oldest !== undefined) this.told.delete(oldest);
  }

  /** What outlives the process. */
  snapshot() {
    const { articles, drafts, materials, jobs, sendings, tokens, current, outcomes } = this;
    const kept = { articles, drafts, materials, jobs, sendings, tokens, current, outcomes };
    return { ...kept, quotas: this.quotas.snapshot(), nextComment: this.#nextComment };
  }

  /** Takes up what a snapshot holds. */
  restore(kept: ReturnType<WechatState['snapshot']>): void {
    this.articles.push(...kept.articles);
    this.jobs.push(...kept.jobs);
    this.sendings.push(...kept.sendings);
    this.outcomes.push(...kept.outcomes);
    for (const [id, draft] of kept.drafts) this.drafts.set(id, draft);
    for (const [id, material] of kept.materials) this.materials.set(id, material);
    for (const [token, endsAt] of kept.tokens) this.tokens.set(token, endsAt);
    this.current = kept.current;
    this.quotas.restore(kept.quotas);
    this.#nextComment = kept.nextComment;
  }
}

/** What a call sent as JSON; null: it is none, or no object. */
export function jsonOf(asked: Asked): Record<string, unknown> | null {
  try {
    const sent = JSON.parse(asked.body) as unknown;
    const isObject = typeof sent === 'object' && sent !== null && !Array.isArray(sent);
    return isObject ? (sent as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The answer to a call that wrote something, and has nothing else to tell. */
export const OK: Answered = { body: { errcode: 0, errmsg: 'ok' } };
