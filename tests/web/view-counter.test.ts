import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isReading, ViewCounter } from '../../web/lib/server/view-counter.ts';

const asked = (agent: string | null, more: Record<string, string> = {}, method = 'GET') =>
  isReading({ method, headers: new Headers({ ...(agent !== null && { 'user-agent': agent }), ...more }) });
const PHONE =
  'Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 Mobile Safari/537.36';

describe('a page is read', () => {
  test.each([
    PHONE,
    `${PHONE} MicroMessenger/8.0.50.2701 WeChat/arm64 Weixin NetType/WIFI Language/zh_CN`,
    `${PHONE} Weibo (vivo-V2309A__weibo__14.6.0__android__android14)`,
    `${PHONE} baiduboxapp/13.60.0.10`,
    'Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36',
    'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 Chrome/86.0 Safari/537.36 SE 2.X MetaSr 1.0',
  ])('by a browser: %s', (agent) => {
    expect(asked(agent)).toBe(true);
  });
});

describe('nobody reads', () => {
  test.each([
    'Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)',
    `${PHONE} (compatible; Bytespider; spider-feedback@bytedance.com)`,
    'Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)',
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/126.0 Safari/537.36',
    'Mozilla/5.0 (compatible; YisouSpider/5.0)',
    'Mozilla/5.0 (compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot)',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/126.0 Safari/537.36',
    'Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)',
    'facebookexternalhit/1.1',
    'curl/8.5.0',
    'python-requests/2.32.3',
    'Go-http-client/1.1',
    'Apache-HttpClient/4.5.14 (Java/17)',
    'node',
    '',
  ])('where a program asks: %s', (agent) => {
    expect(asked(agent)).toBe(false);
  });

  test('where nobody says who asks', () => {
    expect(asked(null)).toBe(false);
  });

  test('where only the head is asked for, or a page is fetched ahead', () => {
    expect(asked(PHONE, {}, 'HEAD')).toBe(false);
    expect(asked(PHONE, { 'sec-purpose': 'prefetch' })).toBe(false);
    expect(asked(PHONE, { 'sec-purpose': 'prefetch;prerender' })).toBe(false);
    expect(asked(PHONE, { purpose: 'prefetch' })).toBe(false);
    expect(asked(PHONE, { 'x-moz': 'prefetch' })).toBe(false);
  });
});

describe('what is counted', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is written together after seconds, and nothing when nothing was opened', async () => {
    const written: [number, number][][] = [];
    const counter = new ViewCounter(
      (views) => Promise.resolve(void written.push([...views])),
      () => {},
    );
    for (const page of [7, 9, 7]) counter.count(page);
    expect(written).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    const together: [number, number][] = [
      [7, 2],
      [9, 1],
    ];
    expect(written).toEqual([together]);
    await vi.advanceTimersByTimeAsync(60_000);
    await counter.flush();
    expect(written).toHaveLength(1);
  });

  test('is kept where it cannot be written, and written with what came meanwhile', async () => {
    const written: [number, number][][] = [];
    const faults: unknown[] = [];
    let isDown = true;
    const counter = new ViewCounter(
      (views) => {
        if (isDown) return Promise.reject(new Error('down'));
        return Promise.resolve(void written.push([...views]));
      },
      (error) => faults.push(error),
    );
    counter.count(7);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(faults).toHaveLength(1);
    isDown = false;
    counter.count(7);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(written).toEqual([[[7, 2]]]);
  });

  test('of two writings the second waits for the first', async () => {
    let open = 0;
    let most = 0;
    const counter = new ViewCounter(
      async () => {
        most = Math.max(most, (open += 1));
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        open -= 1;
      },
      () => {},
    );
    counter.count(1);
    const first = counter.flush();
    counter.count(2);
    const second = counter.flush();
    await vi.advanceTimersByTimeAsync(3_000);
    await Promise.all([first, second]);
    expect(most).toBe(1);
  });
});
