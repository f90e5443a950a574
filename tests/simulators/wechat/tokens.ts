import { randomBytes } from 'node:crypto';
import type { Area, Asked } from '../platform.ts';
import { jsonOf, type WechatState } from './state.ts';

const LIFETIME_MS = 7_200_000;
/** Until so long before its end everybody gets the same token; and that long the old one is good beside the new one. */
const OVERLAP_MS = 300_000;

/** `stable_token` in normal and in forced mode. */
export function tokens(state: WechatState): Area {
  let forcedAt = -Infinity;
  const renew = (overlap: number) => {
    const old = state.current;
    if (old) state.tokens.set(old.token, Math.min(old.endsAt, state.now + overlap));
    const token = `89_${randomBytes(100).toString('base64url')}`;
    state.current = { token, endsAt: state.now + LIFETIME_MS };
    state.tokens.set(token, state.current.endsAt);
    return state.current;
  };
  return {
    'POST /cgi-bin/stable_token': (asked: Asked) => {
      const sent = jsonOf(asked);
      if (!sent) return state.refuse(47001, 'data format error');
      if (!state.allowedAddresses?.includes(asked.from) && state.allowedAddresses !== null) {
        return state.refuse(40164, `invalid ip ${asked.from} ipv6 ::ffff:${asked.from}, not in whitelist`);
      }
      if (sent['grant_type'] !== 'client_credential') return state.refuse(40002, 'invalid grant_type');
      if (sent['appid'] !== state.appId) return state.refuse(40013, 'invalid appid');
      if (sent['secret'] === undefined) return state.refuse(41004, 'appsecret missing');
      if (sent['secret'] !== state.appSecret) return state.refuse(40125, 'invalid appsecret');
      const isForced = sent['force_refresh'] === true && state.now - forcedAt >= 30_000;
      if (isForced) forcedAt = state.now;
      const isGood = state.current !== null && state.current.endsAt - state.now > OVERLAP_MS;
      const current = isForced ? renew(0) : isGood && state.current ? state.current : renew(OVERLAP_MS);
      const seconds = Math.floor((current.endsAt - state.now) / 1000);
      const expires_in = state.expiresInAsString ? String(seconds) : seconds;
      return { body: { access_token: current.token, expires_in } };
    },
  };
}
