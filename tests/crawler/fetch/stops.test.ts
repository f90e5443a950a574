import { describe, expect, test } from 'vitest';
import type { Stops } from '../../../crawler/fetch/stops.ts';
import { StopGate } from '../../../crawler/fetch/stops.ts';
import { codeOf, localSite, openFetcher, reasonOf } from './local-site.ts';

const stopped = async (stops: Stops, host: string): Promise<boolean> => {
  try {
    await new StopGate(async () => stops).check(host);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'stopped', passing: true });
    return true;
  }
};

describe('what a stop covers', () => {
  test.each<[string, boolean]>([
    ['example.cn', true],
    ['www.example.cn', true],
    ['example.cn:8080', true],
    ['a.b.example.cn:8080', true],
    ['notexample.cn', false],
    ['example.cn.other.cn', false],
    ['cn', false],
  ])('example.cn: %s', async (host, expected) => {
    expect(await stopped({ all: false, hosts: ['other.cn:81', 'example.cn'] }, host)).toBe(expected);
  });

  test('one of a port covers that port alone', async () => {
    expect(await stopped({ all: false, hosts: ['example.cn:8080'] }, 'example.cn:8080')).toBe(true);
    expect(await stopped({ all: false, hosts: ['example.cn:8080'] }, 'example.cn')).toBe(false);
  });

  test('all covers all, and nothing covers nothing', async () => {
    expect(await stopped({ all: true, hosts: [] }, 'example.cn')).toBe(true);
    expect(await stopped({ all: false, hosts: [] }, 'example.cn')).toBe(false);
  });
});

describe('a fetcher that heeds stops', () => {
  const nothing: Stops = { all: false, hosts: [] };

  test('asks nothing of a stopped host, not even its robots.txt', async () => {
    let robots = 0;
    const site = await localSite({
      '/robots.txt': (_, response) => {
        robots += 1;
        response.end();
      },
    });
    const fetcher = openFetcher().heeding(async () => ({ all: false, hosts: ['127.0.0.1'] }));
    for (const work of [
      fetcher.get(`${site.origin}/a`),
      fetcher.getText(`${site.origin}/a`),
      fetcher.ask(`${site.origin}/a`),
      fetcher.ask(`${site.origin}/a`, { robots: 'agreed' }),
      fetcher.robotsOf(`${site.origin}/a`),
    ]) {
      expect(await codeOf(work)).toBe('stopped');
    }
    expect([robots, site.paths]).toEqual([0, []]);
  });

  test('does not go where a redirect leads, when that is stopped', async () => {
    const other = await localSite({ '/b': 'b' });
    const site = await localSite({ '/a': { status: 302, headers: { location: `${other.origin}/b` } } });
    const fetcher = openFetcher().heeding(async () => ({ all: false, hosts: [other.host] }));
    expect(await codeOf(fetcher.get(`${site.origin}/a`))).toBe('stopped');
    expect(other.paths).toEqual([]);
  });

  test('stops what waits for its turn', async () => {
    let stops = nothing;
    const site = await localSite({
      '/1': (_, response) => {
        stops = { all: true, hosts: [] };
        response.end('ok');
      },
      '/2': 'no',
    });
    const fetcher = openFetcher({ paceSeconds: 1.2 }).heeding(async () => stops);
    const [first, second] = [fetcher.get(`${site.origin}/1`), codeOf(fetcher.get(`${site.origin}/2`))];
    expect((await first)?.status).toBe(200);
    expect(await second).toBe('stopped');
    expect(site.paths).toEqual(['/1']);
  });

  test('does not stop others that share its hosts', async () => {
    const site = await localSite({ '/a': 'ok' });
    const fetcher = openFetcher();
    const stoppedOne = fetcher.heeding(async () => ({ all: true, hosts: [] }));
    expect(await codeOf(stoppedOne.get(`${site.origin}/a`))).toBe('stopped');
    expect((await fetcher.heeding(async () => nothing).get(`${site.origin}/a`))?.status).toBe(200);
  });

  test('asks nothing while nobody can say what is stopped', async () => {
    const site = await localSite({ '/a': 'ok' });
    const fetcher = openFetcher().heeding(() => Promise.reject(new Error('the database is away')));
    expect(await reasonOf(fetcher.get(`${site.origin}/a`))).toMatchObject({
      code: 'internal',
      passing: true,
    });
    expect(site.paths).toEqual([]);
  });
});
