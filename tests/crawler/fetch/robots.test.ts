import { describe, expect, test } from 'vitest';
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
