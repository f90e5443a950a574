import { createServer, type AddressInfo, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NotGot, type ReasonCode } from '../../../crawler/errors.ts';
import type { Fetcher } from '../../../crawler/fetch/fetcher.ts';
import { pauseOf } from '../../../crawler/fetch/refusals.ts';
import { readRobots } from '../../../crawler/fetch/robots-file.ts';
import { codeOf, openFetcher } from './local-site.ts';

const LIMIT_MEGABYTES = 0.2;
const AT_A_TIME = 16;

/** What a server does with one request: says these bytes, then ends. */
type Speech = { bytes: Buffer[]; end: 'end' | 'destroy' | 'silent' };

/** A host that answers `/<n>` with the n-th speech, without any regard for HTTP. */
async function hostileHost(speeches: readonly Speech[]): Promise<{ origin: string; fetcher: Fetcher }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    let heard = '';
    socket.on('data', (data) => {
      heard += data.toString('latin1');
      if (!heard.includes('\r\n\r\n')) return;
      const path = /^GET \/(\S*)/.exec(heard)?.[1] ?? '';
      heard = '';
      const speech = speeches[Number(path)];
      if (!speech)
        return void socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      for (const bytes of speech.bytes) socket.write(bytes);
      if (speech.end === 'end') socket.end();
      if (speech.end === 'destroy') setTimeout(() => socket.destroy(), 5);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fetcher = openFetcher({
    maxPageMegabytes: LIMIT_MEGABYTES,
    requestTimeoutSeconds: 1,
    hosts: [{ host, paceSeconds: 0, parallel: AT_A_TIME }],
  });
  return { origin: `http://${host}`, fetcher };
}

/** Asks for everything; gives what came of each, and fails for what is neither a page within the limits nor a reason. */
async function outcomes(speeches: readonly Speech[]): Promise<('page' | ReasonCode)[]> {
  const { origin, fetcher } = await hostileHost(speeches);
  return Promise.all(
    speeches.map(async ({ bytes }, n) => {
      try {
        const page = await fetcher.getText(`${origin}/${n}`);
        expect(page?.bytes.length ?? 0).toBeLessThanOrEqual(LIMIT_MEGABYTES * 1_000_000);
        expect(page?.text.isWellFormed() ?? true).toBe(true);
        return 'page';
      } catch (error) {
        if (error instanceof NotGot && error.code !== 'internal') return error.code;
        throw new Error(
          `neither a page nor a reason: ${JSON.stringify(Buffer.concat(bytes).toString('latin1').slice(0, 600))}`,
          { cause: error },
        );
      }
    }),
  );
}

const http = (text: string, ...more: (Buffer | string)[]) => [
  Buffer.from(text, 'latin1'),
  ...more.map((each) => Buffer.from(each as string)),
];
const zeros = Buffer.alloc(30_000_000);
const bombs = {
  gzip: gzipSync(zeros),
  deflate: deflateSync(zeros),
  br: brotliCompressSync(zeros),
  zstd: zstdCompressSync(zeros),
};
const words = Buffer.from('<p>云州市人民检察院今天通报。</p>');

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
);
/** Mostly what servers say, sometimes what they never should: all wrong at once would only show the first fault. */
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: usual, weight: 9 }, { arbitrary: odd, weight: 1 });
const latin = fc.stringMatching(/^[\x20-\x7e\xa0-\xff]{0,40}$/);
const header = fc.oneof(
  fc.tuple(
    fc.constant('Content-Type'),
    fc.oneof(latin, fc.constantFrom('text/html; charset=utf-16', 'text/html; charset=nonsense', 'image/png')),
  ),
  fc.tuple(
    fc.constant('Content-Encoding'),
    fc.constantFrom('gzip', 'br', 'zstd', 'deflate', 'identity', 'gzip, gzip, gzip', 'compress', ','),
  ),
  fc.tuple(
    fc.constant('Content-Length'),
    fc.constantFrom('0', '3', '5, 5', '-1', '0x10', '250000', '99999999999999999999'),
  ),
  fc.tuple(
    fc.constant('Transfer-Encoding'),
    fc.constantFrom('chunked', 'chunked, chunked', 'gzip, chunked', 'x'),
  ),
  fc.tuple(
    fc.constant('Location'),
    fc.oneof(
      latin,
      fc.constantFrom(
        '/0',
        '//',
        'http://',
        'http://[',
        'javascript:1',
        'file:///etc/passwd',
        'http://10.0.0.1/',
        'http://a b/',
        '/login',
        '/'.repeat(3_000),
      ),
    ),
  ),
  fc.tuple(
    fc.constantFrom(
      'ETag',
      'Last-Modified',
      'Date',
      'Set-Cookie',
      'Connection',
      'Upgrade',
      'Trailer',
      'Keep-Alive',
    ),
    latin,
  ),
  fc.tuple(fc.constant('cf-mitigated'), fc.constantFrom('challenge', 'x')),
);
const status = mostly(
  fc
    .constantFrom(200, 200, 200, 200, 204, 206, 301, 302, 304, 401, 404, 412, 429, 500, 521, 101, 100, 999)
    .map((code) => `HTTP/1.1 ${code} x`),
  fc.oneof(
    anything,
    fc.constantFrom('', 'HTTP/1.1 200', 'HTTP/1.0 200 OK', 'HTTP/2 200', 'ICY 200 OK', 'HTTP/1.1 000 x'),
  ),
);
const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(
    words,
    gzipSync(words),
    brotliCompressSync(words),
    deflateSync(words),
    gzipSync(words).subarray(0, 20),
    bombs.br,
    bombs.gzip,
  ),
  fc
    .constantFrom(
      '5\r\nhello\r\n0\r\n\r\n',
      'ffffffffff\r\nx',
      '-1\r\nx\r\n',
      '5\r\nhel',
      'x'.repeat(250_000),
    )
    .map((text) => Buffer.from(text)),
);
const speech: fc.Arbitrary<Speech> = fc
  .record({
    status,
    headers: fc.array(mostly(header, fc.tuple(anything, anything)), { maxLength: 4 }),
    body,
    newline: mostly(fc.constant('\r\n'), fc.constantFrom('\n', '\r')),
    end: mostly(fc.constant('end' as const), fc.constant('destroy' as const)),
  })
  .map(({ status: line, headers, body: said, newline, end }) => ({
    bytes: http([line, ...headers.map(([a, b]) => `${a}: ${b}`), '', ''].join(newline), said),
    end,
  }));

describe('whatever a server says', () => {
  test(
    '5,000 answers made up of valid and broken pieces each end in a page or a reason, in bounded memory',
    { timeout: 120_000 },
    async () => {
      const before = process.memoryUsage().rss;
      const seen = new Map<string, number>();
      for (let round = 0; round < 10; round += 1) {
        for (const outcome of await outcomes(fc.sample(speech, 500)))
          seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      }
      expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
      // The pieces reach most of what can go wrong.
      expect([...seen.keys()]).toEqual(
        expect.arrayContaining([
          'page',
          'connection-lost',
          'truncated-content',
          'too-large',
          'status-4xx',
          'captcha',
        ]),
      );
    },
  );

  test.each<[string, Speech, 'page' | ReasonCode]>([
    ['nothing, and hangs up', { bytes: [], end: 'end' }, 'connection-lost'],
    ['nothing', { bytes: [], end: 'silent' }, 'timeout'],
    ['half of its headers', { bytes: http('HTTP/1.1 200 OK\r\ncontent-le'), end: 'silent' }, 'timeout'],
    [
      'half of its body',
      { bytes: http('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n', words), end: 'end' },
      'connection-lost',
    ],
    [
      'half of its body, and is silent',
      { bytes: http('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n', words), end: 'silent' },
      'timeout',
    ],
    [
      'a chunk that is cut',
      { bytes: http('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nabc'), end: 'end' },
      'connection-lost',
    ],
    [
      'two lengths',
      { bytes: http('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'), end: 'end' },
      'connection-lost',
    ],
    [
      'a length and chunks',
      {
        bytes: http(
          'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
        ),
        end: 'end',
      },
      'connection-lost',
    ],
    [
      'a hundred thousand headers',
      { bytes: http(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(100_000)}\r\n`), end: 'end' },
      'connection-lost',
    ],
    [
      'one header of a megabyte',
      { bytes: http(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1_000_000)}\r\n\r\n`), end: 'end' },
      'connection-lost',
    ],
    [
      '"continue" without end',
      { bytes: http('HTTP/1.1 100 Continue\r\n\r\n'.repeat(20_000)), end: 'end' },
      'connection-lost',
    ],
    ['another protocol', { bytes: http('SSH-2.0-OpenSSH_9.6\r\n'), end: 'silent' }, 'connection-lost'],
    ['a body without any length', { bytes: http('HTTP/1.1 200 OK\r\n\r\n', words), end: 'end' }, 'page'],
    [
      'a length of nine exabytes',
      { bytes: http('HTTP/1.1 200 OK\r\ncontent-length: 9000000000000000000\r\n\r\nx'), end: 'silent' },
      'too-large',
    ],
    ...Object.entries(bombs).map(([encoding, bomb]): [string, Speech, ReasonCode] => [
      `a bomb of ${encoding}`,
      { bytes: http(`HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\n\r\n`, bomb), end: 'end' },
      'too-large',
    ]),
    [
      'a bomb in a bomb',
      {
        bytes: http('HTTP/1.1 200 OK\r\ncontent-encoding: gzip, br\r\n\r\n', brotliCompressSync(bombs.gzip)),
        end: 'end',
      },
      'too-large',
    ],
  ])('%s: %s ends it', async (_, said, expected) => {
    expect(await outcomes([said])).toEqual([expected]);
  });

  test('a byte now and then does not hold a request for longer than its limit', async () => {
    const { origin, fetcher } = await hostileHost([
      { bytes: http('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n'), end: 'silent' },
    ]);
    const dripping = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nx: '));
      const timer = setInterval(() => socket.write('y'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => dripping.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void dripping.close());
    const drips = `http://127.0.0.1:${(dripping.address() as AddressInfo).port}`;
    expect(await codeOf(fetcher.ask(`${drips}/`, { robots: 'agreed' }))).toBe('timeout');
    expect(await codeOf(fetcher.get(`${origin}/0`))).toBe('timeout');
  });
});

test('whatever a pause is said to be, it is none, or some seconds within a week', () => {
  const said = fc.oneof(
    anything,
    fc.integer().map(String),
    fc.double().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    fc.constantFrom('Mon, 99 Foo', 'Wed, 21 Oct 2015 07:28:00 GMT', '1e3', '١٢'),
  );
  fc.assert(
    fc.property(said, fc.option(said), (retryAfter, date) => {
      const pause = pauseOf({ retryAfter, date });
      return pause === null || (pause >= 0 && pause <= 604_800);
    }),
    { numRuns: 1_000 },
  );
  expect(pauseOf({ retryAfter: '120', date: null })).toBe(120);
  expect(pauseOf({ retryAfter: '99999999', date: null })).toBe(604_800);
  expect(pauseOf({ retryAfter: 'Wed, 21 Oct 2015 07:28:00 GMT', date: null })).toBe(0);
  // By the site's clock, which is ten minutes slow.
  const theirs = (ms: number) => new Date(Date.now() - 600_000 + ms).toUTCString();
  expect(pauseOf({ retryAfter: theirs(30_000), date: theirs(0) })).toBe(30);
});

test('whatever robots.txt says, it is read, and every address is allowed or not', () => {
  const line = fc.oneof(
    anything,
    fc
      .tuple(
        fc.constantFrom('User-agent', 'Allow', 'Disallow', 'Crawl-delay', 'Sitemap'),
        fc.oneof(anything, fc.constantFrom('*', 'JianshengBot', '/', '/*$', '/%', '/%zz', 'http://[')),
      )
      .map((pair) => pair.join(': ')),
  );
  const file = fc.array(line, { maxLength: 20 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(file, fc.webUrl({ withQueryParameters: true }), (text, address) => {
      const { pathname, search } = new URL(address);
      const rules = readRobots(text, 'JianshengBot', 'https://a.example');
      expect(rules.allows(pathname + search)).toBeTypeOf('boolean');
      expect(rules.crawlDelaySeconds ?? 0).toBeGreaterThanOrEqual(0);
      for (const each of rules.sitemaps) expect(URL.canParse(each)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
