import { describe, expect, test } from 'vitest';
import { MemoryHostDesk, type RobotsFile } from '../../../crawler/fetch/hosts.ts';
import { codeOf, localSite, openFetcher, reasonOf, type Answer } from './local-site.ts';

async function allowed(robots: Answer | undefined, path: string): Promise<boolean> {
  const site = await localSite({ [path]: 'ok', ...(robots !== undefined && { '/robots.txt': robots }) });
  try {
    await openFetcher().get(site.origin + path);
  } catch (error) {
    expect(error).toMatchObject({ code: 'robots-disallow', passing: false });
    expect(site.paths).toEqual([]);
    return false;
  }
  return true;
}

describe('robots.txt is obeyed', () => {
  test.each([
    ['nothing said', '', '/a', true],
    ['everything forbidden', 'User-agent: *\nDisallow: /', '/a', false],
    ['a folder forbidden', 'User-agent: *\nDisallow: /user/', '/user/1', false],
    ['another folder', 'User-agent: *\nDisallow: /user/', '/list/1', true],
    ['the longer rule counts', 'User-agent: *\nDisallow: /a\nAllow: /a/news/', '/a/news/1', true],
    ['a pattern', 'User-agent: *\nDisallow: /*.php$', '/x.php', false],
    ['a query', 'User-agent: *\nDisallow: /*?sort=', '/x?sort=1', false],
    ['our own group', 'User-agent: JianshengBot\nDisallow: /a', '/a', false],
    ['our own group in small letters', 'user-agent: jianshengbot\ndisallow: /a', '/a', false],
    [
      'our own group frees us',
      'User-agent: *\nDisallow: /\n\nUser-agent: JianshengBot\nAllow: /',
      '/a',
      true,
    ],
    ['the group of others', 'User-agent: OtherBot\nDisallow: /', '/a', true],
    ['Mozilla is not our name', 'User-agent: Mozilla\nDisallow: /', '/a', true],
    ['what is no robots.txt', '<html><body>首页</body></html>', '/a', true],
  ])('%s', async (_, robots, path, expected) => {
    expect(await allowed(robots, path)).toBe(expected);
  });
});

describe('without rules', () => {
  test.each([404, 403, 401, 410])('%s allows everything', async (status) => {
    expect(await allowed({ status, body: 'User-agent: *\nDisallow: /' }, '/a')).toBe(true);
  });

  test.each([500, 503])('%s forbids everything for now', async (status) => {
    const site = await localSite({ '/robots.txt': { status }, '/a': 'ok' });
    expect(await reasonOf(openFetcher().get(`${site.origin}/a`))).toMatchObject({
      code: 'robots-unreachable',
      passing: true,
    });
    expect(site.paths).toEqual([]);
  });

  test('a site that does not answer at all is told as that', async () => {
    const site = await localSite({ '/robots.txt': (_, response) => response.destroy(), '/a': 'ok' });
    expect(await codeOf(openFetcher().get(`${site.origin}/a`))).toBe('connection-lost');
  });
});

test('the rules are asked for once, however many pages are wanted', async () => {
  let asked = 0;
  const site = await localSite({
    '/robots.txt': (_, response) => {
      asked += 1;
      response.end('User-agent: *\nDisallow: /b');
    },
    '/a': 'ok',
    '/c': 'ok',
  });
  const fetcher = openFetcher();
  await Promise.all(['/a', '/c', '/a'].map((path) => fetcher.get(site.origin + path)));
  expect(await codeOf(fetcher.get(`${site.origin}/b`))).toBe('robots-disallow');
  expect(asked).toBe(1);
});

test('each port has rules of its own', async () => {
  const closed = await localSite({ '/robots.txt': 'User-agent: *\nDisallow: /', '/a': 'ok' });
  const open = await localSite({ '/a': 'ok' });
  const fetcher = openFetcher();
  expect(await codeOf(fetcher.get(`${closed.origin}/a`))).toBe('robots-disallow');
  expect((await fetcher.get(`${open.origin}/a`))?.status).toBe(200);
});

describe('a robots.txt that is somewhere else', () => {
  const moved = (location: string): Answer => ({ status: 301, headers: { location } });

  test('is followed there, also to another host, and holds for the site that was asked', async () => {
    const other = await localSite({ '/robots.txt': 'User-agent: *\nDisallow: /a' });
    const site = await localSite({
      '/robots.txt': moved(`${other.origin}/robots.txt`),
      '/a': 'ok',
      '/b': 'ok',
    });
    const fetcher = openFetcher();
    expect(await codeOf(fetcher.get(`${site.origin}/a`))).toBe('robots-disallow');
    expect((await fetcher.get(`${site.origin}/b`))?.status).toBe(200);
  });

  test.each([
    [5, false],
    [6, true],
  ])('is looked for through %i redirects; behind them it counts as none: %s', async (hops, allowed) => {
    const chain = Object.fromEntries(
      Array.from({ length: hops }, (_, n) => [n === 0 ? '/robots.txt' : `/r${n}`, moved(`/r${n + 1}`)]),
    );
    const site = await localSite({ ...chain, [`/r${hops}`]: 'User-agent: *\nDisallow: /', '/a': 'ok' });
    const code = await codeOf(openFetcher().get(`${site.origin}/a`)).catch(() => 'got');
    expect(code).toBe(allowed ? 'got' : 'robots-disallow');
  });

  test('and is a page there forbids nothing', async () => {
    const site = await localSite({ '/robots.txt': moved('/'), '/': '<h1>首页</h1>', '/a': 'ok' });
    expect((await openFetcher().get(`${site.origin}/a`))?.status).toBe(200);
  });
});

describe('a long robots.txt', () => {
  const line = 'Disallow: /never/asked/for/at/all\n';
  const long = `User-agent: *\nDisallow: /early\n${line.repeat(20_000)}Disallow: /late\n`;

  test('counts as far as it has to be read', async () => {
    expect(Buffer.byteLength(long)).toBeGreaterThan(512_000);
    expect(await allowed(long, '/early')).toBe(false);
    expect(await allowed(long, '/late')).toBe(true);
  });

  test('that is longer than any page allows nothing', async () => {
    expect(
      await codeOf(
        openFetcher().get(
          `${(await localSite({ '/robots.txt': 'x'.repeat(2_000_000), '/a': 'ok' })).origin}/a`,
        ),
      ),
    ).toBe('robots-unreachable');
  });
});

test.each([
  ['with a byte-order mark', Buffer.from('\ufeffUser-agent: *\nDisallow: /a')],
  ['in UTF-16', Buffer.from('\ufeffUser-agent: *\nDisallow: /a', 'utf16le')],
  [
    'with bytes of GBK in a comment',
    Buffer.from('# \xd4\xc6\xd6\xdd\nUser-agent: *\nDisallow: /a', 'latin1'),
  ],
  ['with a NUL', Buffer.from('User-agent: *\0\nDisallow: /a')],
])('a robots.txt %s is read', async (_, body) => {
  expect(await allowed({ body }, '/a')).toBe(false);
});

test('429 is no missing robots.txt', async () => {
  const site = await localSite({ '/robots.txt': { status: 429 }, '/a': 'ok' });
  expect(await codeOf(openFetcher().get(`${site.origin}/a`))).toBe('robots-unreachable');
});

describe('what another process has read', () => {
  const HOUR = 3_600_000;
  const DAY = 24 * HOUR;
  /** A desk where somebody has left a file. */
  function left(file: Partial<RobotsFile>) {
    const kept: (string | null | undefined)[] = [];
    const desk = new MemoryHostDesk();
    desk.robotsFile = async () => ({
      content: null,
      ageMs: null,
      unreachableMs: null,
      triedMs: 2 * HOUR,
      ...file,
    });
    desk.keepRobotsFile = async (_, content) => void kept.push(content);
    return { desk, kept };
  }
  const closed = 'User-agent: *\nDisallow: /a';

  test.each([
    ['is believed for half a day', { content: closed, ageMs: 11 * HOUR }, 'User-agent: *', 'robots-disallow'],
    ['is read again after that', { content: closed, ageMs: 13 * HOUR }, 'User-agent: *', 'got'],
    ['that there is none is believed as well', { content: null, ageMs: HOUR }, closed, 'got'],
    [
      'still counts when it cannot be read any more',
      { content: closed, ageMs: 20 * DAY, unreachableMs: 19 * DAY },
      503,
      'robots-disallow',
    ],
    ['still allows what it allowed', { content: null, ageMs: 20 * DAY, unreachableMs: 19 * DAY }, 503, 'got'],
    [
      'is forgotten after a month; nothing is allowed',
      { content: null, ageMs: 40 * DAY, unreachableMs: 29 * DAY },
      503,
      'robots-unreachable',
    ],
    [
      'that it could never be read forbids everything',
      { unreachableMs: 29 * DAY },
      503,
      'robots-unreachable',
    ],
    ['that it could not be read for a month counts as none', { unreachableMs: 31 * DAY }, 503, 'got'],
    [
      'that it could not be read a moment ago is not tried again',
      { unreachableMs: 30_000, triedMs: 30_000 },
      closed,
      'robots-unreachable',
    ],
  ])('%s', async (_, file, now, expected) => {
    const robots = typeof now === 'number' ? { status: now } : now;
    const site = await localSite({ '/robots.txt': robots, '/a': 'ok' });
    const fetcher = openFetcher({}, left(file).desk);
    expect(await codeOf(fetcher.get(`${site.origin}/a`)).catch(() => 'got')).toBe(expected);
  });

  test.each([
    [closed, closed],
    [{ status: 404 }, null],
    [{ status: 500 }, undefined],
  ])('is written down for the others: %s', async (robots, content) => {
    const site = await localSite({ '/robots.txt': robots, '/a': 'ok' });
    const { desk, kept } = left({});
    await openFetcher({}, desk)
      .get(`${site.origin}/a`)
      .catch(() => {});
    expect(kept).toEqual([content]);
  });
});

describe('a site that asks for a delay', () => {
  const robots = 'User-agent: *\nCrawl-delay: 0.3';

  async function pauseBetween(
    settings: Parameters<typeof openFetcher>[0],
    host?: (site: { host: string }) => object,
  ) {
    const times: number[] = [];
    const page: Answer = (_, response) => {
      times.push(Date.now());
      response.end('ok');
    };
    const site = await localSite({ '/robots.txt': robots, '/a': page, '/b': page });
    const fetcher = openFetcher({ ...settings, ...host?.(site) });
    await Promise.all(['/a', '/b'].map((path) => fetcher.get(site.origin + path)));
    return (times[1] ?? 0) - (times[0] ?? 0);
  }

  test('is not asked faster', async () => {
    expect(await pauseBetween({ paceSeconds: 0 })).toBeGreaterThanOrEqual(298);
  });

  test('is not asked faster than our own pace either', async () => {
    expect(await pauseBetween({ paceSeconds: 0.6 })).toBeGreaterThanOrEqual(598);
  });

  test('is asked at the pace that its owner agreed to', async () => {
    const agreed = (site: { host: string }) => ({
      hosts: [{ host: site.host, paceSeconds: 0.1, parallel: 1 }],
    });
    const pauses = await Promise.all([1, 2, 3].map(() => pauseBetween({ paceSeconds: 600 }, agreed)));
    // At the general pace the second page would not have come within this test.
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(98);
  });
});

describe('what robots.txt says of an address', () => {
  test.each([
    [undefined, { state: 'none', crawlDelaySeconds: null, sitemaps: [] }],
    [{ status: 500 }, { state: 'unreachable', crawlDelaySeconds: null, sitemaps: [] }],
    [
      'User-agent: *\nDisallow: /a\nCrawl-delay: 3',
      { state: 'disallowed', crawlDelaySeconds: 3, sitemaps: [] },
    ],
    [
      'Sitemap: https://a.example/s.xml',
      { state: 'allowed', crawlDelaySeconds: null, sitemaps: ['https://a.example/s.xml'] },
    ],
  ])('%s', async (robots, verdict) => {
    const site = await localSite({ ...(robots !== undefined && { '/robots.txt': robots }) });
    expect(await openFetcher().robotsOf(`${site.origin}/a`)).toEqual(verdict);
    expect(site.paths).toEqual([]);
  });
});
