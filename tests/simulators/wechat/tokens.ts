import { randomBytes } from 'node:crypto';
import type { Answered, Area, Asked } from '../platform.ts';
import { jsonOf, type WechatState } from './state.ts';

const LIFETIME_MS = 7_200_000;
/** Until so long before its end everybody gets the same token; and that long the old one is good beside the new one. */
const OVERLAP_MS = 300_000;
const FORCED_A_DAY = 20;
const FORCED_APART_MS = 30_000;

type Lent = { token: string; endsAt: number };

/** `stable_token` in normal and in forced mode, and the older `token`: neither knows of the tokens of the other. */
export function tokens(state: WechatState): Area {
  let forcedAt = -Infinity;
  let plain: Lent | null = null;

  function renew(old: Lent | null, overlap: number): Lent {
    if (old) state.tokens.set(old.token, Math.min(old.endsAt, state.now + overlap));
    for (const [token, endsAt] of state.tokens) {
      // Long enough for a late caller to be told that it has ended, and no longer.
      if (endsAt < state.now - LIFETIME_MS) state.tokens.delete(token);
    }
    const made = { token: `89_${randomBytes(100).toString('base64url')}`, endsAt: state.now + LIFETIME_MS };
    state.tokens.set(made.token, made.endsAt);
    return made;
  }

  function refused(asked: Asked, sent: Record<string, unknown>): Answered | null {
    if (state.allowedAddresses !== null && !state.allowedAddresses.includes(asked.from)) {
      return state.refuse(40164, `invalid ip ${asked.from} ipv6 ::ffff:${asked.from}, not in whitelist`);
    }
    if (sent['grant_type'] !== 'client_credential') return state.refuse(40002, 'invalid grant_type');
    if (sent['appid'] === undefined) return state.refuse(41002, 'appid missing');
    if (sent['appid'] !== state.appId) return state.refuse(40013, 'invalid appid');
    if (sent['secret'] === undefined) return state.refuse(41004, 'appsecret missing');
    return sent['secret'] === state.appSecret ? null : state.refuse(40125, 'invalid appsecret');
  }

  function lend({ token, endsAt }: Lent): Answered {
    const seconds = Math.floor((endsAt - state.now) / 1000);
    return { body: { access_token: token, expires_in: state.expiresInAsString ? String(seconds) : seconds } };
  }

  return {
    'POST /cgi-bin/stable_token': (asked: Asked) => {
      const sent = jsonOf(asked);
      if (!sent) return state.refuse(47001, 'data format error');
      const no = refused(asked, sent);
      if (no) return no;
      const isForced = sent['force_refresh'] === true && state.now - forcedAt >= FORCED_APART_MS;
      if (isForced) {
        if (!state.quotas.take('force_refresh', FORCED_A_DAY, state.now, 'day')) {
          return state.refuse(45009, 'reach max api daily quota limit');
        }
        forcedAt = state.now;
      }
      const isGood = state.current !== null && state.current.endsAt - state.now > OVERLAP_MS;
      if (isForced) state.current = renew(state.current, 0);
      else if (!isGood || !state.current) state.current = renew(state.current, OVERLAP_MS);
      return lend(state.current);
    },
    'GET /cgi-bin/token': (asked) => {
      const no = refused(asked, Object.fromEntries(asked.query));
      if (no) return no;
      plain = renew(plain, OVERLAP_MS);
      return lend(plain);
    },
  };
}
