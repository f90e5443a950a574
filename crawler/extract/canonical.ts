// Parameters that name how a reader came, not what is read. Everything else may pick the page and stays.
const TRACKING =
  /^(?:utm_\w*|spm(?:_id_from)?|scm|from|from_?source|fromuid|share\w*|sharer?_?\w*|wx_?share\w*|isappinstalled|nsukey|ivk_sa|vd_source|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_hs\w+|hmsr|hmpl|hmcu|hmkw|hmci|ref|refer|referer|referrer|ref_src|tt_from|weixin_share\w*|timestamp|req_id|group_share\w*|is_share|use_new_style|scene|clicktime|enterid|ascene|devicetype|pass_ticket|wx_header|session_?us|exportkey|srcid|bd_vid|track\w*|trace_?id|_ga|_gl|_t|_ts|_r|_rnd?|rnd|rand(?:om)?|nocache|cachebust\w*|jsessionid|phpsessid)$/i;

// `t`, `v`, `r`, `_` and `time` are cache busters only when the value looks like a clock or a random fraction.
const BUSTER_NAME = /^(?:t|v|r|_|time|ts|date)$/i;
const BUSTER_VALUE = /^(?:1\d{9}|1\d{12}|0\.\d{6,})$/;

function isTracking(name: string, value: string): boolean {
  return TRACKING.test(name) || (BUSTER_NAME.test(name) && BUSTER_VALUE.test(value));
}

/** The part after `#` where it names a page that a script shows (`#/detail/5`); nothing where it is a place on the page. */
export const routeIn = (hash: string): string => (/^#!?\/.*\w/.test(hash) ? hash : '');

/**
 * The one spelling of an address that identifies a page: http(s), host in lower case, no default port, no credentials,
 * no fragment but a route of the page's script, no session id, no tracking parameters; the others keep their order and
 * spelling. `base` resolves relative addresses.
 * Null when it is not a valid http(s) address.
 */
export function canonicalUrl(url: string, base?: string): string | null {
  const parsed = URL.parse(url.trim(), base);
  if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) return null;
  if (parsed.hostname === '') return null;
  parsed.hash = routeIn(parsed.hash);
  parsed.username = '';
  parsed.password = '';
  if (parsed.search !== '') {
    const kept = parsed.search
      .slice(1)
      .split('&')
      .filter((pair) => {
        const at = pair.indexOf('=');
        return (
          pair !== '' &&
          !isTracking(at === -1 ? pair : pair.slice(0, at), at === -1 ? '' : pair.slice(at + 1))
        );
      });
    parsed.search = kept.join('&');
  }
  parsed.pathname = parsed.pathname
    .replace(/;jsessionid=[^/;]*/gi, '')
    .replace(/%[\da-f]{2}/g, (escape) => escape.toUpperCase());
  return parsed.href.toWellFormed();
}
