import { shanghaiTime } from '../../../config/shanghai.ts';
import type { Area, Asked } from '../platform.ts';
import { jsonOf, OK, type WechatState } from './state.ts';

const CLEARED_A_MONTH = 10;
const CLEARED_BY_PATH_A_MONTH = 50;
const RID_MS = 7 * 86_400_000;

/** What an account has used of its calls, and how it gets them back; what a refused call was. */
export function quota(state: WechatState): Area {
  function clearAll(appId: unknown, isTrusted: boolean) {
    if (appId !== state.appId) return state.refuse(40013, 'invalid appid');
    if (!isTrusted) return state.refuse(40125, 'invalid appsecret');
    if (!state.quotas.take('clear_quota', CLEARED_A_MONTH, state.now, 'month')) {
      return state.refuse(48006, 'forbid to clear quota because of reaching the limit');
    }
    state.quotas.clear(null);
    return OK;
  }
  const pathOf = (asked: Asked): string | null => {
    const path = jsonOf(asked)?.['cgi_path'];
    return typeof path === 'string' && path.startsWith('/') ? path : null;
  };
  return {
    'POST /cgi-bin/clear_quota': (asked) => clearAll(jsonOf(asked)?.['appid'], true),
    'POST /cgi-bin/clear_quota/v2': ({ query }) =>
      clearAll(query.get('appid'), query.get('appsecret') === state.appSecret),
    'POST /cgi-bin/openapi/quota/get': (asked) => {
      const path = pathOf(asked);
      if (path === null) return state.refuse(76021, 'cgi_path not found, please check');
      const limit = state.daily[path];
      if (limit === undefined) return state.refuse(76022, 'could not use this cgi_path, no permission');
      const used = state.quotas.used(path, state.now);
      const rate = state.minutely[path];
      const rate_limit = { call_count: rate, refresh_second: 60 };
      const counts = { daily_limit: limit, used, remain: limit - used };
      return { body: { errcode: 0, errmsg: 'ok', quota: counts, ...(rate !== undefined && { rate_limit }) } };
    },
    'POST /cgi-bin/openapi/quota/clear': (asked) => {
      const path = pathOf(asked);
      if (path === null) return state.refuse(76021, 'cgi_path not found, please check');
      if (!state.quotas.take('quota/clear', CLEARED_BY_PATH_A_MONTH, state.now, 'month')) {
        return state.refuse(48006, 'forbid to clear quota because of reaching the limit');
      }
      state.quotas.clear(path);
      return OK;
    },
    'POST /cgi-bin/openapi/rid/get': (asked) => {
      const rid = jsonOf(asked)?.['rid'];
      if (typeof rid !== 'string') return state.refuse(76001, 'rid not found');
      const told = state.told.get(rid);
      if (!told) return state.refuse(76001, 'rid not found');
      if (told.at < state.now - RID_MS)
        return state.refuse(76003, `rid of ${shanghaiTime(new Date(told.at))}`);
      const request = {
        invoke_time: Math.floor(told.at / 1000),
        cost_in_ms: 12,
        request_url: told.path,
        request_body: told.body,
        response_body: JSON.stringify({ errcode: told.errcode }),
        client_ip: told.from,
      };
      return { body: { errcode: 0, errmsg: 'ok', request } };
    },
    'GET /cgi-bin/getcallbackip': () => ({ body: { ip_list: ['127.0.0.1'] } }),
    'GET /cgi-bin/get_api_domain_ip': () => ({ body: { ip_list: ['127.0.0.1'] } }),
  };
}
