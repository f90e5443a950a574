import { describe, expect, test } from 'vitest';
import type { ReasonCode } from '../../../crawler/errors.ts';
import { MemoryHostDesk } from '../../../crawler/fetch/hosts.ts';
import { codeOf, localSite, openFetcher, reasonOf, type Answer } from './local-site.ts';
import { worked } from '../../support/worked.ts';

const got = (answer: Answer, path = '/a') =>
  localSite({ [path]: answer, '/': 'ok' }).then((site) =>
    codeOf(openFetcher().get(site.origin + path)).catch(() => 'got'),
  );
const page = (body: string, status = 200, headers = {}) => ({ status, headers, body });
const words = '<p>云州市人民检察院今天召开新闻发布会，通报公益诉讼工作情况。</p>'.repeat(20);

describe('a page behind a login', () => {
  test.each([401, 407])('is told by its status %s', async (status) => {
    expect(await got(page('', status))).toBe('login-required');
  });

  test.each([
    '/login',
    '/user/login.html?back=%2Fa',
    '/Login.aspx',
    '/sso/auth?x=1',
    '/cas/login?service=x',
    '/wp/signin',
    '/visitor/visitor?entry=miniblog',
    'https://passport.example.com/visitor?a=1',
    'https://login.example.com/',
  ])('is told by a redirect to %s, which is not followed', async (location) => {
    const site = await localSite({ '/a': { status: 302, headers: { location } } });
    expect(await reasonOf(openFetcher().get(`${site.origin}/a`))).toMatchObject({
      code: 'login-required',
      passing: false,
    });
    expect(site.paths).toEqual(['/a']);
  });

  test.each(['/b', '/news/login-2026.html', '/passports/1', '/blog/sso-explained/'])(
    'is not what a redirect to %s leads to',
    async (location) => {
      const site = await localSite({ '/a': { status: 302, headers: { location } }, [location]: words });
      expect((await openFetcher().getText(`${site.origin}/a`))?.text).toBe(words);
    },
  );

  test('unless it was asked for itself', async () => {
    const site = await localSite({
      '/login': { status: 302, headers: { location: '/login/' } },
      '/login/': words,
    });
    expect((await openFetcher().getText(`${site.origin}/login`))?.url).toBe(`${site.origin}/login/`);
  });
});

describe('a check that a person is there', () => {
  test.each<[string, Answer]>([
    [
      'of Aliyun',
      page(`<html><script>var arg1='3A';function f(){setCookie('acw_sc__v2',x)}</script></html>`),
    ],
    ['of Aliyun, refused', page('<title>405</title><a href="//errors.aliyun.com/">', 405)],
    [
      'of Knownsec',
      page(`<script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script>`, 521),
    ],
    ['of Ruishu', page(`<html><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></html>`, 412)],
    ['of Ruishu with 200', page(`<html><script>$_ts=window['$_ts'];${'x'.repeat(20_000)}</script></html>`)],
    ['of Tencent', page('<div id="TencentCaptcha"></div><p>访问验证</p>')],
    ['of Baidu', { status: 302, headers: { location: 'https://wappass.baidu.com/static/captcha/?x' } }],
    ['of Taobao', { status: 302, headers: { location: '/_____tmd_____/punish?x5secdata=1' } }],
    ['of Sogou', { status: 302, headers: { location: '/antispider/?from=%2f' } }],
    ['of GeeTest', page('<script>initGeetest({gt:1})</script>请完成验证')],
    ['of Cloudflare', page(words, 403, { 'cf-mitigated': 'challenge' })],
    [
      'of Cloudflare, by its page',
      page('<title>Just a moment...</title><script src="/cdn-cgi/challenge-platform/h"></script>', 503),
    ],
    ['of Imperva', page('<iframe src="/_Incapsula_Resource?x=1"></iframe>')],
    ['of reCAPTCHA', page('<form><div class="g-recaptcha"></div></form>', 403)],
  ])('%s', async (_, answer) => {
    expect(await got(answer)).toBe('captcha');
  });

  test.each<[string, Answer]>([
    [
      'below an article, for those who comment',
      page(
        `<script src="https://turing.captcha.qcloud.com/TCaptcha.js"></script>${words}<div id="TencentCaptcha"></div>`,
      ),
    ],
    [
      'in a script of Cloudflare that every page has',
      page(`${words}<script>a='/cdn-cgi/challenge-platform/scripts/jsd/main.js'</script>`),
    ],
    ['that an article is about', page(`<p>什么是 acw_sc__v2</p>${words}`)],
    ['named in data', { headers: { 'content-type': 'application/json' }, body: '{"t":"TencentCaptcha"}' }],
    ['named in a page of many scripts', page(`<script>initGeetest</script>${'x'.repeat(50_000)}`)],
  ])('is none %s', async (_, answer) => {
    expect(await got(answer)).toBe('got');
  });

  test('a refusal without such marks is a refusal', async () => {
    expect(await got(page('<h1>403 Forbidden</h1>', 403))).toBe('status-4xx');
    expect(await got(page('<h1>出错了</h1>', 500))).toBe('status-5xx');
  });

  test('built to be slow is looked at quickly', async () => {
    const began = worked();
    for (const bait of ['<script>'.repeat(4_500), '<'.repeat(36_000), '</script'.repeat(4_500)]) {
      await got(page(`TencentCaptcha${bait}`));
    }
    // Reading on from every tag to the end takes minutes for these.
    expect(worked() - began).toBeLessThan(10_000);
  });
});

test('a host that shows captchas is left alone for longer and longer', async () => {
  const paused: [string, number][] = [];
  class Watched extends MemoryHostDesk {
    override async pause(host: string, ms: number, reason: ReasonCode, trouble: number) {
      paused.push([reason, ms]);
      return super.pause(host, 0, reason, trouble);
    }
  }
  const site = await localSite({ '/a': page('<div id="TencentCaptcha"></div>'), '/b': words });
  const fetcher = openFetcher({ backOffSeconds: 1 }, new Watched());
  for (const path of ['/a', '/a', '/b', '/a']) await fetcher.get(site.origin + path).catch(() => {});
  expect(paused).toEqual([
    ['captcha', 1_000],
    ['captcha', 2_000],
    ['captcha', 1_000],
  ]);
});
