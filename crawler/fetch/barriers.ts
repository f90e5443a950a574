import type { ReasonCode } from '../errors.ts';
import type { Answer } from './transport.ts';

type Barrier = Extract<ReasonCode, 'login-required' | 'captcha'>;

/**
 * Whether the site shut a door instead of giving a page: a login, or a check that a person is there. They are told, and
 * left closed: nobody here signs in, solves a challenge, or runs a firewall's script.
 */
export function barrierOf(answer: Answer): Barrier | null {
  const { status, location, bytes } = answer;
  if (location !== null) return behind(location, answer.url);
  if (answer.mitigated === 'challenge') return 'captcha';
  if (status === 401 || status === 407) return 'login-required';
  if (bytes.length > (status < 400 ? LARGEST_CHALLENGE : LARGEST_REFUSAL) || !mayBeHtml(answer)) return null;
  const page = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (status >= 400) return MARKS.test(page.toString('latin1')) ? 'captcha' : null;
  const ends =
    page.toString('latin1', 0, 6_000) + page.toString('latin1', Math.max(6_000, page.length - 2_000));
  // Pages embed the same scripts below their comments: a challenge has next to no words of its own.
  return MARKS.test(ends) && !hasWords(page.toString('latin1')) ? 'captcha' : null;
}

const LARGEST_CHALLENGE = 40_000;
const LARGEST_REFUSAL = 200_000;
/** Bytes of text: a Chinese character has two or three. */
const FEW_WORDS = 600;

const mayBeHtml = ({ contentType }: Answer) => !contentType || /html|text\/plain/i.test(contentType);

/** What the challenges of firewalls and captcha services are known by, in bytes that all encodings share. */
const MARKS = new RegExp(
  [
    // Aliyun and Taobao
    'acw_sc__v[23]|aliyun_waf|_____tmd_____|aliyunCaptcha|errors\\.aliyun\\.com',
    // Knownsec: a cookie that a script works out; Ruishu: a page of scrambled script
    '__jsl_clearance|\\$_ts ?= ?window|\\$_ts\\.cd ?=',
    // Tencent, Baidu, GeeTest, NetEase
    'TencentCaptcha|turing\\.captcha|T-Sec-Captcha|wappass\\.baidu|initGeetest|initNECaptcha',
    // Safedog, Yunsuo, BT
    'safedogsite|safedog\\.cn|yunsuo_session|security_verify_data|btwaf',
    // Cloudflare, Imperva, DataDome, PerimeterX, the captchas of others
    'cf-chl-|/cdn-cgi/challenge-platform/|_Incapsula_Resource|captcha-delivery\\.com|px-captcha',
    '"g-recaptcha|"h-captcha|"cf-turnstile',
  ].join('|'),
);

/** Whether people would find something to read; goes through the page once, however it is built. */
function hasWords(page: string): boolean {
  let words = 0;
  for (let at = 0; at < page.length && words < FEW_WORDS;) {
    const tag = page.indexOf('<', at);
    words += page.slice(at, tag < 0 ? undefined : tag).replace(/\s/g, '').length;
    if (tag < 0) break;
    const name = /^<(script|style|noscript)/i.exec(page.slice(tag, tag + 9))?.[1];
    const end = page.indexOf(name === undefined ? '>' : `</${name}`, tag + 1);
    if (end < 0) break;
    at = end + 1;
    // What is left of a closing tag is a few letters.
    if (name !== undefined) words -= name.length + 2;
  }
  return words >= FEW_WORDS;
}

const LOGIN =
  /(?:^|\/)(?:login|log-in|logon|signin|sign-in|sign_in|sso|cas|passport|denglu|visitor\/visitor)(?:\.\w{2,5})?(?:\/|$)/i;
const LOGIN_HOST = /^(?:passport|login|sso|cas|accounts?)\./i;
const CHECK = /captcha|_____tmd_____|anti-?spider|wappass\.baidu/i;

/** What a redirect leads to, where that is no page. */
function behind(location: string, from: string): Barrier | null {
  const next = URL.parse(location, from);
  if (!next) return null;
  if (CHECK.test(next.host + next.pathname)) return 'captcha';
  // Who asked for a login page may be sent from one to the next.
  const before = new URL(from);
  if (LOGIN.test(before.pathname) || LOGIN_HOST.test(before.hostname)) return null;
  return LOGIN.test(next.pathname) || LOGIN_HOST.test(next.hostname) ? 'login-required' : null;
}
