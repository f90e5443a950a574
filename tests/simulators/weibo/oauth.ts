import type { Area } from '../platform.ts';
import type { WeiboState } from './state.ts';

/** Authorisation: what a token is good for. */
export function oauth(state: WeiboState): Area {
  return {
    'POST /oauth2/get_token_info': (asked) => {
      const token = new URLSearchParams(asked.body).get('access_token') ?? '';
      const known = state.tokens.get(token);
      if (!known) return state.refuse(asked, 21332, 'invalid_access_token');
      const seconds = Math.floor((known.endsAt - state.now) / 1000);
      const created = Math.floor(state.now / 1000) - 86_400;
      return {
        body: {
          uid: BigInt(known.uid),
          appkey: '1234567',
          scope: null,
          create_at: created,
          expire_in: seconds,
        },
      };
    },
  };
}
