import { z } from 'zod';
import type { CheckItem, OpenAccount, Tools } from '../contract.ts';
import { NoAnswer, NotSent } from '../http.ts';
import { PlatformFault } from '../fault.ts';
import { openWechat, paths, type WechatInterface } from './interface.ts';
import { messages } from './messages.ts';

const words = messages.check;
const quota = z.object({ quota: z.object({ daily_limit: z.number(), remain: z.number() }) });

/** What stands between an account and publishing, in the order in which it is to be mended. Publishes nothing. */
export async function check(account: OpenAccount, tools: Tools): Promise<CheckItem[]> {
  const wechat = openWechat(account, tools);
  const items: CheckItem[] = [];
  let goesOn = true;
  const add = async (item: keyof typeof words & string, title: string, look: () => Promise<Said>) => {
    const said: Said = goesOn ? await told(look) : { ok: null, text: words.notTried };
    items.push({ item, ok: said.ok, text: `${title}：${said.text}` });
    if (said.ok !== true) goesOn = false;
  };
  await add('secret', words.secret, () => {
    const has = Boolean(account.secrets['app-secret']);
    return Promise.resolve({ ok: has, text: has ? words.hasSecret : messages.noSecret });
  });
  await add('token', words.token, async () => {
    // A kept token would say nothing of the address and the secret as they are now.
    await wechat.lend();
    return { ok: true, text: words.hasToken };
  });
  await add('permission', words.permission, async () => {
    await wechat.call({ path: paths.draftCount, method: 'GET', schema: z.unknown() });
    await wechat.call({
      path: paths.list,
      body: { offset: 0, count: 1, no_content: 1 },
      schema: z.unknown(),
    });
    return { ok: true, text: words.mayPublish };
  });
  if (goesOn) items.push(await quotaItem(wechat));
  else items.push({ item: 'quota', ok: null, text: `${words.quota}：${words.notTried}` });
  items.push(callbackItem(account, wechat.settings.callback));
  return items;
}

type Said = { ok: boolean | null; text: string };

/** @param otherwise what is said of an item that could not be looked at, where that is no fault */
async function told(look: () => Promise<Said>, otherwise?: string): Promise<Said> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof PlatformFault && otherwise !== undefined) return { ok: null, text: otherwise };
    if (error instanceof PlatformFault) return { ok: false, text: error.why };
    if (error instanceof NotSent || error instanceof NoAnswer) {
      return { ok: false, text: messages.notReached(error.detail) };
    }
    throw error;
  }
}

async function quotaItem(wechat: WechatInterface): Promise<CheckItem> {
  const said = await told(async () => {
    const body = { cgi_path: paths.submit };
    const { quota: given } = await wechat.call({ path: paths.quota, body, schema: quota });
    const set = wechat.settings.quotas.submit;
    return given.daily_limit === set
      ? { ok: true, text: words.quotaSame(given.daily_limit, given.remain) }
      : { ok: false, text: words.quotaOther(given.daily_limit, set) };
    // That it is not told keeps nobody from publishing.
  }, words.quotaUnknown);
  return { item: 'quota', ok: said.ok, text: `${words.quota}：${said.text}` };
}

function callbackItem(account: OpenAccount, mode: 'off' | 'plain' | 'compat' | 'aes'): CheckItem {
  const needed = [
    ...(mode === 'off' ? [] : (['callback-token'] as const)),
    ...(mode === 'aes' || mode === 'compat' ? (['encoding-aes-key'] as const) : []),
  ];
  const missing = needed.filter((name) => !account.secrets[name]).map((name) => words.secrets[name]);
  if (mode === 'off') return { item: 'callback', ok: null, text: `${words.callback}：${words.callbackOff}` };
  const ok = missing.length === 0;
  const text = ok ? words.callbackReady : words.callbackMissing(missing.join('、'));
  return { item: 'callback', ok: ok ? null : false, text: `${words.callback}：${text}` };
}
