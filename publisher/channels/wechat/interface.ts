import { z } from 'zod';
import { channelSettings, type WechatQuota, type WechatSettings } from '../../../config/channels.ts';
import type { OpenAccount, Tools } from '../contract.ts';
import { PlatformFault } from '../fault.ts';
import { multipart, type Part } from '../multipart.ts';
import { classOfCode } from './codes.ts';
import { messages } from './messages.ts';

/** Where each call is, and of which of the day's calls it is one. */
export const paths = {
  token: '/cgi-bin/stable_token',
  uploadImage: '/cgi-bin/media/uploadimg',
  addMaterial: '/cgi-bin/material/add_material',
  draftAdd: '/cgi-bin/draft/add',
  draftGet: '/cgi-bin/draft/get',
  draftCount: '/cgi-bin/draft/count',
  submit: '/cgi-bin/freepublish/submit',
  status: '/cgi-bin/freepublish/get',
  list: '/cgi-bin/freepublish/batchget',
  article: '/cgi-bin/freepublish/getarticle',
  delete: '/cgi-bin/freepublish/delete',
  quota: '/cgi-bin/openapi/quota/get',
  statistics: '/datacube/getarticletotaldetail',
} as const;
const quotaOf: Partial<Record<string, WechatQuota>> = {
  [paths.draftAdd]: 'draftAdd',
  [paths.draftGet]: 'draftGet',
  [paths.submit]: 'submit',
  [paths.status]: 'status',
  [paths.list]: 'list',
  [paths.article]: 'list',
  [paths.delete]: 'delete',
};

export type Call<T> = {
  path: string;
  /** What is read of the answer; everything else is dropped. */
  schema: z.ZodType<T>;
  body?: Record<string, unknown>;
  /** Instead of a body: files. */
  parts?: readonly Part[];
  query?: Record<string, string>;
  method?: 'GET' | 'POST';
  /** Of the path's calls in a day, how many this use of it may take; absent: all. */
  atMost?: number;
  /**
   * Awaited when the token is there, right before the call itself; not again when the call is made once more with a new token, since
   * the first one was rejected before it was carried out.
   */
  before?: () => Promise<void>;
};

/** Asks the official interface of WeChat's official accounts. */
export type WechatInterface = {
  settings: WechatSettings;
  /** @throws PlatformFault; NotSent and NoAnswer of the connection */
  call<T>(call: Call<T>): Promise<T>;
  /** Lends a token, whether or not there is one, for the guided check. @throws PlatformFault, NotSent, NoAnswer */
  lend(): Promise<{ token: string; seconds: number }>;
};

const fault = z.object({ errcode: z.number(), errmsg: z.string().default('') });
/** Recordings have `expires_in` as a number and as a string. */
const lent = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().min(0) });

/** @throws PlatformFault when the account lacks what opens it */
export function openWechat(account: OpenAccount, tools: Tools): WechatInterface {
  const settings = channelSettings.wechat.parse(account.settings);

  async function send(path: string, token: string | null, call: Omit<Call<unknown>, 'path' | 'schema'>) {
    const url = new URL(path, settings.endpoint);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    if (token !== null) url.searchParams.set('access_token', token);
    const form = call.parts && multipart(call.parts);
    // Chinese stays as it is: the platform counts escaped characters one by one.
    const body = form?.body ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const type = form?.contentType ?? 'application/json; charset=utf-8';
    const answer = await tools.fetch({
      method: call.method ?? 'POST',
      url,
      headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body }),
    });
    return read(answer);
  }

  async function lend(): Promise<{ token: string; seconds: number }> {
    const secret = account.secrets['app-secret'];
    if (!secret) throw new PlatformFault('administrator', { code: 'no-secret', why: messages.noSecret });
    const body = { grant_type: 'client_credential', appid: account.externalId, secret };
    const answer = await send(paths.token, null, { body });
    const refused = faultIn(answer);
    // No token was sent along: the credential that is not valid is the secret.
    if (refused) throw faultOf(refused, refused.errcode === 40001 ? 'administrator' : undefined);
    const { access_token: token, expires_in: seconds } = parsed(lent, answer);
    return { token, seconds };
  }

  async function spend({ path, atMost }: Pick<Call<unknown>, 'path' | 'atMost'>): Promise<void> {
    const { quotas } = settings;
    const name = quotaOf[path];
    const path_ = Math.min(atMost ?? Infinity, name === undefined ? Infinity : quotas[name]);
    const most = { day: quotas.day, ...(path_ !== Infinity && { path: path_ }) };
    if (await tools.spend(path, most)) return;
    const why = messages.ownQuota(messages.calls[name ?? 'day'], path_ === Infinity ? quotas.day : path_);
    throw new PlatformFault('quota', { code: 'own-quota', why });
  }

  async function call<T>(asked: Call<T>): Promise<T> {
    const { path, schema, before } = asked;
    const token = await tools.token(lend);
    await spend(asked);
    await before?.();
    let answer = await send(path, token, asked);
    let refused = faultIn(answer);
    if (refused && classOfCode[refused.errcode] === 'token') {
      // Rejected before it was carried out: once more with another one.
      answer = await send(path, await tools.token(lend, token), asked);
      refused = faultIn(answer);
    }
    if (refused) {
      const refusal = faultOf(refused);
      if (refusal.class === 'quota') await tools.usedUp(path);
      throw refusal;
    }
    return parsed(schema, answer);
  }

  return { settings, call, lend };
}

/** Ids come as numbers where the documentation has strings; as strings they survive whatever their length. */
const IDS = /("(?:publish_id|msg_data_id)"\s*:\s*)(\d+)/g;

function read({ status, text }: { status: number; text: string }): unknown {
  try {
    return JSON.parse(text.replaceAll(IDS, '$1"$2"')) as unknown;
  } catch {
    // A page of a gateway instead of the interface's own words.
    if (status >= 400)
      throw new PlatformFault('busy', { code: `http-${status}`, why: messages.gateway(status) });
    throw notUnderstood();
  }
}

function parsed<T>(schema: z.ZodType<T>, answer: unknown): T {
  const found = schema.safeParse(answer);
  if (!found.success) throw notUnderstood();
  return found.data;
}

const notUnderstood = () =>
  new PlatformFault('busy', { code: 'not-understood', why: messages.notUnderstood });

/** An answer that was read well has no code, or nought. */
function faultIn(answer: unknown): z.infer<typeof fault> | null {
  const found = fault.safeParse(answer).data;
  return found && found.errcode !== 0 ? found : null;
}

const REQUEST_ID = / *(?:hint: \[[^\]]*\])? *rid: ([0-9a-f-]+)\s*$/u;

function faultOf({ errcode, errmsg }: z.infer<typeof fault>, known = classOfCode[errcode]): PlatformFault {
  const requestId = REQUEST_ID.exec(errmsg)?.[1];
  const said = errmsg.replace(REQUEST_ID, '').trim().slice(0, 200);
  const address = errcode === 40164 ? callerIn(said) : null;
  return new PlatformFault(known ?? 'failed', {
    code: String(errcode),
    why: address === null ? messages.code(errcode, said) : messages.notAllowed(address),
    requestId,
  });
}

/** The address to be entered in the allow-list: `invalid ip A.B.C.D ipv6 ::ffff:A.B.C.D, not in whitelist`. */
export function callerIn(said: string): string | null {
  return /invalid ip ([0-9a-f.:]+)/iu.exec(said)?.[1] ?? null;
}
