import { forThisTest } from './for-this-test.ts';
import { startWechat, type WechatOptions } from './wechat.ts';
import { startWeibo, type WeiboOptions } from './weibo.ts';

/** 2026-11-22, noon in Shanghai. */
export const NOON = Date.UTC(2026, 10, 22, 4);

export type Json = Record<string, unknown>;

/** The first bytes of a picture, and as many more as are wanted. */
export function picture(kind: 'jpg' | 'png' | 'gif' | 'webp', size = 64): Buffer {
  const heads = { jpg: 'ffd8ffe0', png: '89504e47', gif: '47494638', webp: '524946460000000057454250' };
  const head = Buffer.from(heads[kind], 'hex');
  return Buffer.concat([head, Buffer.alloc(Math.max(size - head.length, 0))]);
}

/** A simulated WeChat whose clock stands, and whoever asks it with a token. */
export async function talkToWechat(options: WechatOptions = {}, now: number | null = NOON) {
  const wechat = forThisTest(await startWechat(now, options));
  const { state, origin } = wechat;
  const raw = async (path: string, body: string, token: string | null) => {
    const query = token === null ? '' : `${path.includes('?') ? '&' : '?'}access_token=${token}`;
    const answer = await fetch(`${origin}${path}${query}`, { method: 'POST', body });
    const text = await answer.text();
    return { status: answer.status, text, json: JSON.parse(text) as Json };
  };
  const lend = async (more: Json = {}) => {
    const grant = { grant_type: 'client_credential', appid: state.appId, secret: state.appSecret };
    return (await raw('/cgi-bin/stable_token', JSON.stringify({ ...grant, ...more }), null)).json as {
      access_token: string;
      expires_in: unknown;
    };
  };
  const { access_token: token } = await lend();
  const post = async (path: string, body: Json = {}) => (await raw(path, JSON.stringify(body), token)).json;
  const get = async (path: string) =>
    (await (await fetch(`${origin}${path}?access_token=${token}`)).json()) as Json;
  const upload = async (path: string, bytes: Buffer, more: Record<string, string> = {}) => {
    const form = new FormData();
    form.set('media', new Blob([new Uint8Array(bytes)]), 'picture.jpg');
    for (const [name, value] of Object.entries(more)) form.set(name, value);
    const url = `${origin}${path}${path.includes('?') ? '&' : '?'}access_token=${token}`;
    return (await (await fetch(url, { method: 'POST', body: form })).json()) as Json;
  };
  const cover = async () =>
    String((await upload('/cgi-bin/material/add_material?type=thumb', picture('jpg')))['media_id']);
  /** A draft of one article that nothing is wrong with, but for what is given. */
  const draft = async (more: Json = {}) =>
    post('/cgi-bin/draft/add', {
      articles: [{ title: '通报', content: '<p>正文</p>', thumb_media_id: await cover(), ...more }],
    });
  /** The draft's id. */
  const drafted = async (more: Json = {}) => String((await draft(more))['media_id']);
  const submit = async (media_id: string) => post('/cgi-bin/freepublish/submit', { media_id });
  return { wechat, state, token, raw, lend, post, get, upload, cover, draft, drafted, submit };
}

/** A simulated Weibo whose clock stands, and an account with a token for it. */
export async function talkToWeibo(options: WeiboOptions = {}, now: number | null = NOON) {
  const weibo = forThisTest(await startWeibo(now, options));
  const { state, origin } = weibo;
  const office = { id: '2345678901', screen_name: '云州检察' };
  state.users.push(office);
  const token = state.grant(office.id);
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `OAuth2 ${token}`, ...init.headers };
    const answer = await fetch(origin + path, { redirect: 'manual', ...init, headers });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: (isJson ? JSON.parse(text) : {}) as Json,
    };
  };
  const form = (path: string, fields: Record<string, string>) =>
    ask(path, { method: 'POST', body: new URLSearchParams(fields) });
  const share = (status: string, more: Record<string, string> = {}) =>
    form('/2/statuses/share.json', { status, rip: '10.0.0.1', ...more });
  const withPicture = (status: string, bytes: Buffer | null) => {
    const body = new FormData();
    body.set('status', status);
    body.set('rip', '10.0.0.1');
    if (bytes) body.set('pic', new Blob([new Uint8Array(bytes)]), 'picture');
    return ask('/2/statuses/share.json', { method: 'POST', body });
  };
  return { weibo, state, office, token, ask, form, share, withPicture };
}

/** A link under the domain that the app is bound to. */
export const LINK = 'http://www.yunzhou.example/news/1';
