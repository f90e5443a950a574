import { z } from 'zod';
import type { WechatSource } from '../../config/sources.ts';
import { NotGot, type ReasonCode } from '../errors.ts';
import { quotaUsed, secretOf } from './account.ts';
import type { VisitTools } from './contract.ts';

/** Asks the official interface of WeChat's official accounts. */
export type WechatInterface = {
  /**
   * @param path as in the documentation: `/cgi-bin/comment/list`
   * @param schema what is read of the answer; everything else in it is dropped on the spot
   * @param nothing a code that is no fault, but says that there is nothing yet
   * @returns null for that code only
   * @throws NotGot
   */
  post<T>(path: string, body: Record<string, unknown>, schema: z.ZodType<T>): Promise<T>;
  post<T>(
    path: string,
    body: Record<string, unknown>,
    schema: z.ZodType<T>,
    nothing: number,
  ): Promise<T | null>;
};

const TOKEN_PATH = '/cgi-bin/stable_token';

/** Calls of a path in a day, where the platform names few: half of them, since publishing asks there too. */
const FEW: Readonly<Record<string, number>> = { '/cgi-bin/freepublish/batchget': 50 };

/** The platform's codes as reasons; all of them come with the status 200. */
const REASONS: Readonly<Record<number, ReasonCode>> = {
  ...codes('platform-busy', -1, 61450, 268487001, 268487002),
  ...codes('rate-limited', 45011, 42010, 45066),
  ...codes('quota-used', 45009),
  ...codes('credentials-wrong', 40002, 40013, 40125, 40243, 41002, 41004, 43002),
  ...codes('ip-not-allowed', 40164, 61004, 89503, 89506, 89507),
  ...codes('not-permitted', 48001, 48004, 50002, 50004, 50007, 88000),
  ...codes('article-unknown', 88001, 88002, 53600),
};
/** The token is not good any more; the call was not made, so that it may be made again. */
const OLD_TOKEN: readonly number[] = [40001, 40014, 41001, 42001];

function codes(reason: ReasonCode, ...numbers: number[]): Record<number, ReasonCode> {
  return Object.fromEntries(numbers.map((number) => [number, reason]));
}

const fault = z.object({ errcode: z.number(), errmsg: z.string().default('') });
type Fault = z.infer<typeof fault>;
/** Some recordings have `expires_in` as a string. */
const lent = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().min(0) });

export function openWechat(settings: WechatSource['settings'], tools: VisitTools): WechatInterface {
  const { fetcher, account, now } = tools;
  const secret = secretOf(tools, 'app-secret');

  /** @param token joins the address on its way out, and is seen nowhere else */
  async function send(path: string, body: Record<string, unknown>, token: string | null): Promise<unknown> {
    const most = { day: settings.callsPerDay, ...(FEW[path] !== undefined && { path: FEW[path] }) };
    if (!(await account.spend(path, most))) throw quotaUsed(now);
    const reply = await fetcher.ask(new URL(path, settings.endpoint).href, {
      robots: 'agreed',
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json; charset=utf-8' },
      // Chinese stays as it is: the platform counts escaped characters one by one.
      body: JSON.stringify(body),
      ...(token !== null && { secretParams: { access_token: token } }),
    });
    return readJson(reply);
  }

  /** The same token for everybody until shortly before its end; asking again takes it from nobody. */
  async function lend(): Promise<{ token: string; seconds: number }> {
    const body = { grant_type: 'client_credential', appid: settings.appId, secret };
    const answer = await send(TOKEN_PATH, body, null);
    const refused = faultIn(answer);
    if (refused) {
      // No token was sent along: the credential that is not valid is the secret.
      if (refused.errcode === 40001) throw new NotGot('credentials-wrong', { cause: causeOf(refused) });
      throw await reasonOf(TOKEN_PATH, refused);
    }
    const read = lent.safeParse(answer);
    if (!read.success) throw new NotGot('platform-refused');
    return { token: read.data.access_token, seconds: read.data.expires_in };
  }

  async function reasonOf(path: string, refused: Fault): Promise<NotGot> {
    const reason = REASONS[refused.errcode] ?? 'platform-refused';
    const cause = causeOf(refused);
    if (reason === 'quota-used') {
      await account.usedUp(path);
      return quotaUsed(now, cause);
    }
    return new NotGot(reason, { cause, retryAfterSeconds: reason === 'rate-limited' ? 60 : null });
  }

  async function post<T>(
    path: string,
    body: Record<string, unknown>,
    schema: z.ZodType<T>,
    nothing?: number,
  ): Promise<T | null> {
    const token = await account.token(lend);
    let answer = await send(path, body, token);
    let refused = faultIn(answer);
    if (refused && OLD_TOKEN.includes(refused.errcode)) {
      answer = await send(path, body, await account.token(lend, token));
      refused = faultIn(answer);
      if (refused && OLD_TOKEN.includes(refused.errcode)) {
        throw new NotGot('token-rejected', { cause: causeOf(refused) });
      }
    }
    if (refused && refused.errcode === nothing) return null;
    if (refused) throw await reasonOf(path, refused);
    const read = schema.safeParse(answer);
    if (!read.success) throw new NotGot('platform-refused', { cause: read.error });
    return read.data;
  }

  return { post: post as WechatInterface['post'] };
}

function readJson(reply: { status: number; text: string }): unknown {
  try {
    return JSON.parse(reply.text) as unknown;
  } catch {
    // The parser's own message quotes the answer: it goes no further.
    throw reply.status >= 400 ? new NotGot('status-4xx', { status: reply.status }) : new NotGot('not-json');
  }
}

/** An answer that was read well has no code, or nought. */
function faultIn(answer: unknown): Fault | null {
  const read = fault.safeParse(answer).data;
  return read && read.errcode !== 0 ? read : null;
}

const causeOf = ({ errcode, errmsg }: Fault) => new Error(`wechat ${errcode}: ${errmsg.slice(0, 300)}`);
