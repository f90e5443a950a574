import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { NotGot } from '../../../crawler/errors.ts';
import { runRequests } from '../../../crawler/run-requests.ts';

const urls = (count: number) => Array.from({ length: count }, (_, at) => `http://a.example/${at}.html`);

test('every address is handled once, and all succeed', async () => {
  const handled: string[] = [];
  const outcome = await runRequests(urls(30), async (url) => void handled.push(url), {
    concurrency: 4,
    retries: 2,
  });
  expect(outcome).toEqual({ failures: [] });
  expect(handled.sort()).toEqual(urls(30).sort());
});

test('an address that stands twice is handled once', async () => {
  const handled: string[] = [];
  const [first = ''] = urls(1);
  await runRequests([first, first], async (url) => void handled.push(url), { concurrency: 4, retries: 0 });
  expect(handled).toEqual([first]);
});

test('addresses that differ only in what a browser would fold are different', async () => {
  const given = [
    'http://a.example/x',
    'http://a.example/x/',
    'http://a.example/x?b=1&a=2',
    'http://a.example/x?a=2&b=1',
  ];
  const handled: string[] = [];
  await runRequests(given, async (url) => void handled.push(url), { concurrency: 1, retries: 0 });
  expect(handled.sort()).toEqual([...given].sort());
});

test('no addresses, no work', async () => {
  const never = () => Promise.reject(new Error('handled'));
  expect(await runRequests([], never, { concurrency: 4, retries: 2 })).toEqual({ failures: [] });
});

test('what may pass is tried again as often as asked, and then reported with its last reason', async () => {
  let tries = 0;
  const failing = async () => {
    tries += 1;
    throw new NotGot(tries < 3 ? 'timeout' : 'connection-lost');
  };
  const { failures } = await runRequests(urls(1), failing, { concurrency: 1, retries: 2 });
  expect(tries).toBe(3);
  expect(failures).toMatchObject([{ url: urls(1)[0], reason: { code: 'connection-lost' } }]);
});

test('what succeeds at the second try is no failure', async () => {
  const tries = new Map<string, number>();
  const { failures } = await runRequests(
    urls(5),
    async (url) => {
      tries.set(url, (tries.get(url) ?? 0) + 1);
      if (tries.get(url) === 1) throw new NotGot('status-5xx');
    },
    { concurrency: 2, retries: 2 },
  );
  expect(failures).toEqual([]);
  expect([...tries.values()]).toEqual([2, 2, 2, 2, 2]);
});

test('what fails when nothing else is left to do is tried again', async () => {
  let tries = 0;
  const { failures } = await runRequests(
    urls(2),
    async (url) => {
      if (url.endsWith('/1.html')) return;
      await sleep(5);
      if ((tries += 1) < 3) throw new NotGot('timeout');
    },
    { concurrency: 2, retries: 2 },
  );
  expect(tries).toBe(3);
  expect(failures).toEqual([]);
});

test('what will not pass is tried once', async () => {
  let tries = 0;
  const { failures } = await runRequests(
    urls(1),
    async () => {
      tries += 1;
      throw new NotGot('status-4xx');
    },
    { concurrency: 1, retries: 2 },
  );
  expect(tries).toBe(1);
  expect(failures[0]?.reason.code).toBe('status-4xx');
});

test('an error of ours is reported as internal with its cause', async () => {
  const cause = new Error('fault');
  const { failures } = await runRequests(urls(1), () => Promise.reject(cause), {
    concurrency: 1,
    retries: 0,
  });
  expect(failures[0]?.reason).toMatchObject({ code: 'internal', cause });
});

test('one that fails does not keep the others', async () => {
  const { failures } = await runRequests(
    urls(10),
    async (url) => {
      if (url.endsWith('/3.html')) throw new NotGot('status-4xx');
    },
    { concurrency: 3, retries: 1 },
  );
  expect(failures.map(({ url }) => url)).toEqual(['http://a.example/3.html']);
});

test.each([1, 3])('no more than %s at the same time', async (concurrency) => {
  let open = 0;
  let most = 0;
  await runRequests(
    urls(12),
    async () => {
      most = Math.max(most, ++open);
      await sleep(5);
      open -= 1;
    },
    { concurrency, retries: 0 },
  );
  expect(most).toBe(concurrency);
});

test('several runs at the same time do not disturb each other', async () => {
  const counts = [0, 0, 0, 0];
  await Promise.all(
    counts.map((_, run) =>
      runRequests(
        urls(run * 3 + 1),
        async () => {
          await sleep(run);
          counts[run] = (counts[run] ?? 0) + 1;
        },
        { concurrency: 2, retries: 1 },
      ),
    ),
  );
  expect(counts).toEqual([1, 4, 7, 10]);
});
