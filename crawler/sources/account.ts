import { TOKEN_MARGIN_SECONDS } from '../../store/accounts.ts';
import type { SourceRow } from '../../store/sources.ts';
import { secondsToShanghaiMidnight, shanghaiDay } from '../../config/shanghai.ts';
import { NotGot } from '../errors.ts';
import { anonymous } from '../extract/anonymous.ts';
import { plainText } from '../extract/plain-text.ts';
import type { ListReport, VisitTools } from './contract.ts';

/** Visits a source that is an account of the office's own: it is known by its id and not by an address. */
export type VisitAccount<K extends SourceRow['kind']> = (
  source: SourceRow & { kind: K },
  tools: VisitTools,
) => Promise<ListReport>;

/** What the hub keeps of an account, for everything that uses it and in every process. */
export type AccountKeeper = {
  /**
   * Counts one call of the day in Asia/Shanghai.
   * @param most calls in a day: of the account, and of this path where it has a limit of its own
   * @returns false when it must not be made any more today
   */
  spend(path: string, most: { day: number; path?: number }): Promise<boolean>;
  /** The platform says that the day's calls of the path are used up. */
  usedUp(path: string): Promise<void>;
  /**
   * The token that the platform lends: the kept one while it is good for five more minutes, else a new one. Several who ask
   * at once share one.
   * @param rejected one that the platform has just refused
   */
  token(lend: () => Promise<{ token: string; seconds: number }>, rejected?: string): Promise<string>;
  /** What earlier visits remembered, by name. */
  marks(): Promise<Map<string, unknown>>;
  /** @param value anything that JSON holds; null forgets */
  mark(name: string, value: unknown): Promise<void>;
  /** The platform says when a secret ends, so that people are told in time. */
  secretEnds(name: string, at: Date): Promise<void>;
};

/** An account that nobody keeps: for trials, which leave nothing behind. */
export function accountInMemory(now: () => number = Date.now): AccountKeeper & { ends: Map<string, Date> } {
  const calls = new Map<string, number>();
  const over = new Set<string>();
  const marks = new Map<string, unknown>();
  let kept: { token: string; until: number } | null = null;
  const ends = new Map<string, Date>();
  const key = (path: string) => `${shanghaiDay(new Date(now()))} ${path}`;
  return {
    ends,
    spend(path, most) {
      const [ofPath, ofAll] = [calls.get(key(path)) ?? 0, calls.get(key('')) ?? 0];
      const may = !over.has(key(path)) && ofPath < (most.path ?? most.day) && ofAll < most.day;
      if (may) calls.set(key(path), ofPath + 1).set(key(''), ofAll + 1);
      return Promise.resolve(may);
    },
    usedUp: (path) => Promise.resolve(void over.add(key(path))),
    async token(lend, rejected) {
      if (kept && kept.token !== rejected && kept.until > now()) return kept.token;
      const { token, seconds } = await lend();
      kept = { token, until: now() + (seconds - TOKEN_MARGIN_SECONDS) * 1000 };
      return token;
    },
    marks: () => Promise.resolve(structuredClone(marks)),
    mark(name, value) {
      if (value === null) marks.delete(name);
      else marks.set(name, structuredClone(value));
      return Promise.resolve();
    },
    secretEnds: (name, at) => Promise.resolve(void ends.set(name, at)),
  };
}

/** @throws NotGot `secret-missing` */
export function secretOf(tools: Pick<VisitTools, 'secrets'>, name: string): string {
  const value = tools.secrets[name];
  if (!value) throw new NotGot('secret-missing');
  return value;
}

/** No more calls today. */
export function quotaUsed(now: number, cause?: unknown): NotGot {
  return new NotGot('quota-used', {
    cause,
    retryAfterSeconds: Math.ceil(secondsToShanghaiMidnight(now)) + 60,
  });
}

/** Reasons that say something of one question only: the next one may well be answered. */
const OF_ONE_QUESTION = new Set<NotGot['code']>([
  'article-unknown',
  'item-broken',
  'not-json',
  'not-permitted',
  'platform-refused',
  'status-4xx',
  'too-large',
  'truncated-content',
]);

/** Whether nothing else is to be asked for in this visit. */
export function endsVisit(error: unknown): boolean {
  return !(error instanceof NotGot) || !OF_ONE_QUESTION.has(error.code);
}

/** What somebody wrote: without tags, and without the names of others that people put before their answers. */
export function wordsOf(text: string): string {
  return plainText(text)
    .split('\n')
    .map((line) => anonymous(line, new Set()))
    .filter((line) => line !== '')
    .join('\n');
}
