import { z } from 'zod';
import type { WeiboSource } from '../../config/sources.ts';
import { NotGot, type ReasonCode } from '../errors.ts';
import { quotaUsed, secretOf } from './account.ts';
import type { VisitTools } from './contract.ts';

/** Asks the official interface of Weibo (API v2) in the name of the account. */
export type WeiboInterface = {
  /**
   * @param path as in the documentation: `comments/show`
   * @param schema what is read of the answer; everything else in it is dropped on the spot
   * @throws NotGot
   */
  get<T>(path: string, query: Record<string, string>, schema: z.ZodType<T>): Promise<T>;
  /** Seconds for which the token is good yet. @throws NotGot */
  secondsLeft(): Promise<number>;
};

/** Weibo's codes as reasons (its documentation writes them as strings, it sends numbers). */
const REASONS: Readonly<Record<number, ReasonCode>> = {
  ...codes('platform-busy', 10001, 10002, 10003, 10009, 10010, 10011, 21331),
  ...codes('ip-not-allowed', 10004),
  ...codes('not-permitted', 10005, 10014, 21321, 21330),
  ...codes('credentials-wrong', 10006, 10013, 21322, 21324, 21326),
  ...codes('rate-limited', 10022, 10023, 10024),
  ...codes('article-unknown', 20101, 20112, 20201),
  ...codes('token-expired', 21314, 21315, 21316, 21317, 21319, 21327, 21332),
};

function codes(reason: ReasonCode, ...numbers: number[]): Record<number, ReasonCode> {
  return Object.fromEntries(numbers.map((number) => [number, reason]));
}

const fault = z.object({
  error_code: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]),
  error: z.string().default(''),
});
const tokenInfo = z.object({ expire_in: z.coerce.number() });

export function openWeibo(settings: WeiboSource['settings'], tools: VisitTools): WeiboInterface {
  const { fetcher, account, now } = tools;
  const token = secretOf(tools, 'access-token');

  async function ask<T>(
    path: string,
    question: { query?: Record<string, string>; body?: URLSearchParams },
    schema: z.ZodType<T>,
  ): Promise<T> {
    if (!(await account.spend(path, { day: settings.callsPerDay }))) throw quotaUsed(now);
    const url = new URL(path, settings.endpoint);
    for (const [name, value] of Object.entries(question.query ?? {})) url.searchParams.set(name, value);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await fetcher.ask(url.href, {
      robots: 'agreed',
      headers: { accept: 'application/json', authorization: `OAuth2 ${token}`, ...(question.body && form) },
      ...(question.body && { method: 'POST', body: question.body.toString() }),
    });
    const answer = readJson(reply);
    const refused = fault.safeParse(answer);
    if (refused.success) throw reasonOf(refused.data, now);
    if (reply.status >= 400) throw new NotGot('status-4xx', { status: reply.status });
    const read = schema.safeParse(answer);
    if (!read.success) throw new NotGot('platform-refused', { cause: read.error });
    return read.data;
  }

  return {
    get: (path, query, schema) => ask(`/2/${path}.json`, { query }, schema),
    secondsLeft: async () => {
      const body = new URLSearchParams({ access_token: token });
      return (await ask('/oauth2/get_token_info', { body }, tokenInfo)).expire_in;
    },
  };
}

function readJson(reply: { status: number; text: string }): unknown {
  try {
    return JSON.parse(reply.text) as unknown;
  } catch {
    // A page of a gateway instead of the interface's own words. The parser's message would quote it.
    throw reply.status >= 400 ? new NotGot('status-4xx', { status: reply.status }) : new NotGot('not-json');
  }
}

function reasonOf({ error_code: code, error }: z.infer<typeof fault>, now: number): NotGot {
  const reason = REASONS[code] ?? 'platform-refused';
  const cause = new Error(`weibo ${code}: ${error.slice(0, 200)}`);
  // Limits are counted by the hour.
  const wait = reason === 'rate-limited' ? Math.ceil((3_600_000 - (now % 3_600_000)) / 1000) : null;
  return new NotGot(reason, { cause, retryAfterSeconds: wait });
}
