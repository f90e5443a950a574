import { z } from 'zod';
import type { WeiboSettings } from '../../../config/channels.ts';
import type { PlatformFetch } from '../http.ts';
import { PlatformFault } from '../fault.ts';
import { parsed, paths, readWeibo } from './interface.ts';

/** Where the owner of an account is sent to give the app leave. `state` comes back with them. */
export function authoriseAddress(
  { endpoint, appKey }: Pick<WeiboSettings, 'endpoint' | 'appKey'>,
  redirectUri: string,
  state: string,
): URL {
  const url = new URL(paths.authorise, endpoint);
  url.searchParams.set('client_id', appKey);
  url.searchParams.set('redirect_uri', redirectUri);
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('state', state);
  // Whoever sits there may be signed in at Weibo with an account of their own.
  url.searchParams.set('forcelogin', 'true');
  return url;
}

/** Leave to act for an account. */
export type Leave = { token: string; uid: string; endsAt: Date };

const lent = z.object({
  access_token: z.string().min(1),
  /** Documented as a number, recorded as a string. */
  expires_in: z.coerce.number().int().nonnegative(),
  uid: z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^\d{5,20}$/)),
});

/**
 * The token for a code, which is good for once.
 * @throws PlatformFault; NotSent, NoAnswer of the connection
 */
export async function exchangeCode(
  fetch: PlatformFetch,
  settings: WeiboSettings,
  given: { appSecret: string; code: string; redirectUri: string },
  now: Date,
): Promise<Leave> {
  const form = new URLSearchParams({
    client_id: settings.appKey,
    client_secret: given.appSecret,
    grant_type: 'authorization_code',
    code: given.code,
    redirect_uri: given.redirectUri,
  });
  const answer = await fetch({
    method: 'POST',
    url: new URL(paths.token, settings.endpoint),
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  const read = parsed(lent, readWeibo(answer, { boundDomain: settings.boundDomain, now }));
  return {
    token: read.access_token,
    uid: read.uid,
    endsAt: new Date(now.getTime() + read.expires_in * 1000),
  };
}

/** What a refused exchange comes from. `code`: it was used or is too old. `settings`: key, secret or address of return. */
export function causeOf(fault: PlatformFault): 'code' | 'settings' | 'busy' | 'platform' {
  if (fault.code === '21325') return 'code';
  if (['21322', '21323', '21324', '21326', '21328', '21329', '21321'].includes(fault.code)) return 'settings';
  return fault.class === 'busy' ? 'busy' : 'platform';
}
