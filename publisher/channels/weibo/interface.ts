import { z } from 'zod';
import { accountKey, channelSettings, type WeiboSettings } from '../../../config/channels.ts';
import { shanghaiHour } from '../../../config/shanghai.ts';
import { callsToday } from '../../../store/accounts.ts';
import type { OpenAccount, Tools } from '../contract.ts';
import { nextHour, PlatformFault, tomorrow } from '../fault.ts';
import { multipart, type Part } from '../multipart.ts';
import { classOf } from './codes.ts';
import { messages } from './messages.ts';

export const paths = {
  share: '/2/statuses/share.json',
  timeline: '/2/statuses/user_timeline.json',
  count: '/2/statuses/count.json',
  go: '/2/statuses/go',
  tokenInfo: '/oauth2/get_token_info',
  token: '/oauth2/access_token',
  authorise: '/oauth2/authorize',
} as const;

export type Call<T> = {
  path: string;
  /** What is read of the answer; everything else is dropped. */
  schema: z.ZodType<T>;
  query?: Record<string, string>;
  form?: Record<string, string>;
  /** Instead of a form: with a file. */
  parts?: readonly Part[];
  /** So many in an hour. */
  perHour?: number;
  /** Awaited right before the call. */
  before?: () => Promise<void>;
};

export type WeiboInterface = {
  settings: WeiboSettings;
  /** Calls of today, of everything that uses the account. */
  usedToday(): Promise<number>;
  /** @throws PlatformFault; NotSent and NoAnswer of the connection */
  call<T>(call: Call<T>): Promise<T>;
};

/** Codes are numbers; the documentation writes them as strings. */
export const weiboFault = z.object({
  error_code: z.coerce.number().int(),
  error: z.string().default(''),
  error_description: z.string().default(''),
});

/** The official interface of Weibo (API v2) in the name of the account. @throws PlatformFault when nobody has authorised it */
export function openWeibo(account: OpenAccount, tools: Tools): WeiboInterface {
  const settings = channelSettings.weibo.parse(account.settings);
  const token = account.secrets['access-token'];
  if (!token) throw new PlatformFault('reauthorise', { code: 'no-token', why: messages.noToken });
  const { boundDomain, callsPerDay } = settings;
  const usedToday = () =>
    callsToday(tools.store, {
      officeId: account.officeId,
      account: accountKey('weibo', account.externalId),
    });

  async function spend({ path, perHour }: Pick<Call<unknown>, 'path' | 'perHour'>): Promise<void> {
    // Days are what is counted by; an hour of the day is a path of its own.
    const hour = `${path}@${shanghaiHour(tools.now())}`;
    const spent =
      perHour === undefined
        ? await tools.spend(path, { day: callsPerDay })
        : await tools.spend(hour, { day: callsPerDay, path: perHour });
    if (spent) return;
    const now = tools.now();
    const isDay = perHour === undefined || (await usedToday()) >= callsPerDay;
    const until = isDay ? tomorrow(now) : nextHour(now);
    throw new PlatformFault('quota', {
      code: 'own-quota',
      why: isDay ? messages.ownDay(callsPerDay) : messages.ownHour(perHour),
      waitSeconds: (until.getTime() - now.getTime()) / 1000,
    });
  }

  async function call<T>(asked: Call<T>): Promise<T> {
    const url = new URL(asked.path, settings.endpoint);
    for (const [name, value] of Object.entries(asked.query ?? {})) url.searchParams.set(name, value);
    const form = asked.form && new URLSearchParams(asked.form).toString();
    const file = asked.parts && multipart(asked.parts);
    const body = file?.body ?? form;
    const type = file?.contentType ?? 'application/x-www-form-urlencoded';
    await spend(asked);
    await asked.before?.();
    const answer = await tools.fetch({
      method: body === undefined ? 'GET' : 'POST',
      url,
      headers: {
        accept: 'application/json',
        authorization: `OAuth2 ${token}`,
        ...(body !== undefined && { 'content-type': type }),
      },
      ...(body !== undefined && { body }),
    });
    return parsed(asked.schema, readWeibo(answer, { boundDomain, now: tools.now() }));
  }

  return { settings, usedToday, call };
}

type Situation = { boundDomain: string; now: Date };

/**
 * The answer as JSON; for a redirection, where it leads to.
 * @throws PlatformFault where it is a refusal, or nothing that can be read
 */
export function readWeibo(
  { status, text, headers }: { status: number; text: string; headers: Record<string, string> },
  situation: Situation,
): unknown {
  if (status >= 300 && status < 400) return { location: headers['location'] ?? '' };
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // A page of a gateway instead of the interface's own words.
    const why = status >= 400 ? messages.gateway(status) : messages.notUnderstood;
    throw new PlatformFault('busy', { code: status >= 400 ? `http-${status}` : 'not-understood', why });
  }
  const refused = weiboFault.safeParse(answer).data;
  if (refused) throw faultOf(refused, situation);
  if (status >= 400) {
    throw new PlatformFault('busy', { code: `http-${status}`, why: messages.gateway(status) });
  }
  return answer;
}

export function parsed<T>(schema: z.ZodType<T>, answer: unknown): T {
  const found = schema.safeParse(answer);
  if (found.success) return found.data;
  throw new PlatformFault('busy', { code: 'not-understood', why: messages.notUnderstood });
}

function faultOf({ error_code: code, error }: z.infer<typeof weiboFault>, { boundDomain, now }: Situation) {
  const said = error.slice(0, 200);
  const kind = classOf(code, said);
  const isDomain = code === 10017 && kind === 'administrator';
  const why = isDomain ? messages.wrongDomain(boundDomain, said) : messages.code(code, said);
  // Limits are counted by the hour.
  if (kind === 'wait') {
    const waitSeconds = (nextHour(now).getTime() - now.getTime()) / 1000;
    return new PlatformFault('quota', { code: String(code), why, waitSeconds });
  }
  return new PlatformFault(kind, { code: String(code), why });
}
