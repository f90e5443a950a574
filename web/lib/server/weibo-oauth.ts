import { z } from 'zod';
import { OldKeyNeeded, SealBroken } from '../../../config/cipher.ts';
import { Refused } from '../../../config/errors.ts';
import { authoriseAddress, causeOf, exchangeCode } from '../../../publisher/channels/weibo/oauth.ts';
import { PlatformFault } from '../../../publisher/channels/fault.ts';
import { NoAnswer, NotSent, openPlatformFetch } from '../../../publisher/channels/http.ts';
import { nameChannelAccount, openChannelAccount } from '../../../store/channel-accounts.ts';
import { setChannelSecretIn } from '../../../store/channel-secrets.ts';
import { transaction } from '../../../store/pool.ts';
import type { WeiboTrouble } from '../messages/weibo-authorisation.ts';
import type { Desk } from './desk.ts';
import { hub } from './hub.ts';

/** Registered with the app at open.weibo.com as the one address that it sends browsers back to (授权回调页). */
export const WEIBO_RETURN = '/channels/weibo/callback';

/** Signing in at Weibo and giving leave may take so long. */
const MINUTES = 15;

/** What comes back with the browser: sealed, and for the session that began it alone. */
const stateSchema = z.object({ account: z.number().int(), until: z.number() });
const contextOf = (sessionId: string) => `weibo-authorisation:${sessionId}`;

export type Trouble = { trouble: WeiboTrouble; account: number | null };

/** Where a browser goes to have an account of the desk's scope authorised. */
export async function beginWeibo(
  desk: Desk,
  accountId: number,
  now = Date.now(),
): Promise<{ url: URL } | Trouble> {
  const { cipher, runtime } = hub();
  const account = await openChannelAccount(desk.db, cipher, accountId);
  if (account?.channel !== 'weibo' || account.archivedAt !== null) return { trouble: 'gone', account: null };
  if (!account.secrets['app-secret']) return { trouble: 'secret', account: accountId };
  const kept = JSON.stringify({ account: accountId, until: now + MINUTES * 60_000 });
  const state = cipher.seal(kept, contextOf(desk.person.session.id));
  return { url: authoriseAddress(account.settings, runtime.address + WEIBO_RETURN, state) };
}

/** Takes a browser in that Weibo has sent back: the code becomes a token, and the token opens the account. */
export async function finishWeibo(
  desk: Desk,
  query: URLSearchParams,
  now = Date.now(),
): Promise<{ account: number } | Trouble> {
  const begun = openState(query.get('state') ?? '', desk.person.session.id);
  if (!begun || begun.until < now) return { trouble: 'expired', account: null };
  const failed = (trouble: WeiboTrouble): Trouble => ({ trouble, account: begun.account });
  const code = query.get('code');
  if (!code) return failed(query.get('error_code') === '21330' ? 'denied' : 'platform');
  const { cipher, runtime, log } = hub();
  const account = await openChannelAccount(desk.db, cipher, begun.account);
  if (account?.channel !== 'weibo' || account.archivedAt !== null) return { trouble: 'gone', account: null };
  const appSecret = account.secrets['app-secret'];
  if (!appSecret) return failed('secret');
  try {
    const fetch = openPlatformFetch(runtime.hub.publisher.allowPrivateHosts);
    const redirectUri = runtime.address + WEIBO_RETURN;
    const given = { appSecret, code, redirectUri };
    const { token, uid, endsAt } = await exchangeCode(fetch, account.settings, given, new Date(now));
    await transaction(desk.db, async (client) => {
      await nameChannelAccount(client, account.id, uid);
      const secret = { accountId: account.id, name: 'access-token', value: token, endsAt };
      await setChannelSecretIn(client, cipher, desk.actor, secret);
    });
    return { account: account.id };
  } catch (error) {
    if (error instanceof PlatformFault) {
      log.warn({ account: account.id, code: error.code }, 'an authorisation was refused');
      return failed(causeOf(error));
    }
    if (error instanceof NotSent || error instanceof NoAnswer) return failed('busy');
    if (error instanceof Refused) return failed(error.code === 'channel-exists' ? 'exists' : 'other-account');
    throw error;
  }
}

function openState(state: string, sessionId: string): z.infer<typeof stateSchema> | null {
  try {
    return stateSchema.parse(JSON.parse(hub().cipher.open(state, contextOf(sessionId)).toString()));
  } catch (error) {
    if (error instanceof SealBroken || error instanceof OldKeyNeeded) return null;
    throw error;
  }
}

/** Where a browser goes on to after this. */
export function placeAfter(result: { account: number } | Trouble): string {
  if (!('trouble' in result)) return `/channels/${result.account}?authorised=1`;
  const page = result.account === null ? '/channels' : `/channels/${result.account}`;
  return `${page}?trouble=${result.trouble}`;
}
