import { z } from 'zod';
import { channelSettings } from '../../../config/channels.ts';
import { shanghaiDay } from '../../../config/shanghai.ts';
import { noteChannelSecretEnd } from '../../../store/channel-secrets.ts';
import type { CheckItem, OpenAccount, Tools } from '../contract.ts';
import { PlatformFault } from '../fault.ts';
import { NoAnswer, NotSent } from '../http.ts';
import { openWeibo, paths } from './interface.ts';
import { messages } from './messages.ts';

const words = messages.check;
const SOON_MS = 7 * 86_400_000;

/** Whose a token is, and for how many seconds. The field is `expire_in`, not `expires_in`. */
export const tokenInfo = z.object({
  uid: z.union([z.string(), z.number()]).transform(String),
  expire_in: z.coerce.number(),
});

/** What stands between an account and publishing, in the order in which it is to be mended. Publishes nothing. */
export async function check(account: OpenAccount, tools: Tools): Promise<CheckItem[]> {
  const settings = channelSettings.weibo.parse(account.settings);
  const items: CheckItem[] = [];
  let goesOn = true;
  const add = async (item: string, title: string, look: () => Promise<Said>) => {
    const said: Said = goesOn ? await told(look) : { ok: null, text: words.notTried };
    items.push({ item, ok: said.ok, text: `${title}：${said.text}` });
    if (said.ok !== true) goesOn = false;
  };
  await add('secret', words.secret, () => {
    const has = Boolean(account.secrets['app-secret']);
    return Promise.resolve({ ok: has, text: has ? words.hasSecret : words.noSecret });
  });
  await add('authorisation', words.authorisation, () => authorisation(account, tools));
  await add('permission', words.permission, async () => {
    const query = { uid: account.externalId, count: '1', trim_user: '1' };
    await openWeibo(account, tools).call({ path: paths.timeline, query, schema: z.unknown() });
    return { ok: true, text: words.mayRead };
  });
  // The platform says no more of these before something is published.
  items.push({ item: 'domain', ok: null, text: `${words.domain}：${words.domainSet(settings.boundDomain)}` });
  const isSet = settings.rip !== '127.0.0.1';
  const rip = isSet ? words.addressSet(settings.rip) : words.addressLocal;
  items.push({ item: 'address', ok: isSet ? true : null, text: `${words.address}：${rip}` });
  if (account.secrets['access-token']) {
    const used = await openWeibo(account, tools).usedToday();
    const text = `${words.quota}：${words.used(used, settings.callsPerDay)}`;
    items.push({ item: 'quota', ok: used < settings.callsPerDay, text });
  }
  return items;
}

type Said = { ok: boolean | null; text: string };

async function authorisation(account: OpenAccount, tools: Tools): Promise<Said> {
  const weibo = openWeibo(account, tools);
  const form = { access_token: account.secrets['access-token'] ?? '' };
  const { uid, expire_in } = await weibo.call({ path: paths.tokenInfo, form, schema: tokenInfo });
  if (!isSameUid(uid, account.externalId)) return { ok: false, text: words.otherAccount(uid) };
  const endsAt = new Date(tools.now().getTime() + expire_in * 1000);
  await noteChannelSecretEnd(tools.store, account.id, 'access-token', endsAt);
  const day = shanghaiDay(endsAt);
  return expire_in * 1000 < SOON_MS
    ? { ok: true, text: words.endsSoon(day) }
    : { ok: true, text: words.until(day) };
}

/** A UID that comes as a number may have lost its last digits. */
export function isSameUid(told: string, known: string): boolean {
  return told === known || (known.length > 15 && Number(told) === Number(known));
}

async function told(look: () => Promise<Said>): Promise<Said> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof PlatformFault) return { ok: false, text: error.why };
    if (error instanceof NotSent || error instanceof NoAnswer) {
      return { ok: false, text: messages.notReached(error.detail) };
    }
    throw error;
  }
}
