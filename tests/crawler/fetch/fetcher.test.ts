import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { codeOf, localSite, openFetcher, reasonOf } from './local-site.ts';

const words = '云州市人民检察院今天通报。'.repeat(200);

/** A server that says whatever bytes it is given and then does as it is told. */
async function rawServer(speak: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let heard = '';
    socket.on('data', (data) => {
      heard += data.toString('latin1');
      if (!heard.endsWith('\r\n\r\n')) return;
      const robots = heard.startsWith('GET /robots.txt');
      heard = '';
      if (robots) socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      else speak(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('a page', () => {
  test('comes with its address, status, type, validators and text', async () => {
    const headers = { etag: '"1"', 'last-modified': 'Sun, 22 Nov 2026 00:00:00 GMT' };
    const site = await localSite({ '/a': { headers, body: words } });
    expect(await openFetcher().getText(`${site.origin}/a`)).toMatchObject({
      url: `${site.origin}/a`,
      status: 200,
      contentType: 'text/html; charset=utf-8',
      etag: '"1"',
      lastModified: headers['last-modified'],
      text: words,
    });
  });

  test('is asked for under the name of the office, in a header that every server can read', async () => {
    const site = await localSite({ '/a': words });
    const fetcher = openFetcher();
    await fetcher.get(`${site.origin}/a`);
    const agent = site.headers[0]?.['user-agent'] ?? '';
    expect(agent).toBe(fetcher.userAgent);
    expect(agent).toMatch(/^[ -~]+$/);
    expect(decodeURI(agent)).toContain(
      'JianshengBot/0.1; +云州市人民检察院; 云州市人民检察院办公室 0000-12309',
    );
  });

  test('that is empty is an empty page', async () => {
    const site = await localSite({ '/a': '' });
    expect((await openFetcher().getText(`${site.origin}/a`))?.text).toBe('');
  });
});

describe('a conditional request', () => {
  const conditional = { etag: '"1"', lastModified: 'Sun, 22 Nov 2026 00:00:00 GMT' };

  test('tells what the last answer was', async () => {
    const site = await localSite({ '/a': words });
    await openFetcher().get(`${site.origin}/a`, conditional);
    expect(site.headers[0]).toMatchObject({
      'if-none-match': '"1"',
      'if-modified-since': conditional.lastModified,
    });
  });

  test.each(['W/"1"', 'W/"a,b"', 'abc', '"gz-1-gzip"'])('gives a tag back as it came: %s', async (etag) => {
    const site = await localSite({ '/a': { headers: { etag }, body: words } });
    const fetcher = openFetcher();
    const page = await fetcher.get(`${site.origin}/a`);
    await fetcher.get(`${site.origin}/a`, { etag: page?.etag ?? null, lastModified: null });
    expect(site.headers[1]).toMatchObject({ 'if-none-match': etag });
  });

  test('gives null when nothing has changed', async () => {
    const site = await localSite({ '/a': { status: 304 } });
    expect(await openFetcher().get(`${site.origin}/a`, conditional)).toBeNull();
    expect(await openFetcher().getText(`${site.origin}/a`, conditional)).toBeNull();
  });

  test('without anything to tell is an ordinary one', async () => {
    const site = await localSite({ '/a': words });
    await openFetcher().get(`${site.origin}/a`, { etag: null, lastModified: null });
    expect(site.headers[0]).not.toHaveProperty('if-none-match');
    expect(site.headers[0]).not.toHaveProperty('if-modified-since');
  });
});

describe('redirects', () => {
  const chain = (length: number) =>
    Object.fromEntries(
      Array.from({ length }, (_, at) => [`/${at}`, { status: 302, headers: { location: `/${at + 1}` } }]),
    );

  test.each([301, 302, 303, 307, 308])(
    '%s is followed, and the page knows where it was found',
    async (status) => {
      const site = await localSite({ '/a': { status, headers: { location: '/b?c=1' } }, '/b?c=1': words });
      expect((await openFetcher().get(`${site.origin}/a`))?.url).toBe(`${site.origin}/b?c=1`);
    },
  );

  test('five in a row are followed', async () => {
    const site = await localSite({ ...chain(5), '/5': words });
    expect((await openFetcher().getText(`${site.origin}/0`))?.text).toBe(words);
  });

  test('six in a row are not', async () => {
    const site = await localSite({ ...chain(6), '/6': words });
    expect(await codeOf(openFetcher().get(`${site.origin}/0`))).toBe('redirect-loop');
    expect(site.paths).not.toContain('/6');
  });

  test('in a circle end', async () => {
    const site = await localSite({
      '/a': { status: 302, headers: { location: '/b' } },
      '/b': { status: 302, headers: { location: '/a' } },
    });
    expect(await codeOf(openFetcher().get(`${site.origin}/a`))).toBe('redirect-loop');
    expect(site.paths.length).toBeLessThanOrEqual(6);
  });

  test.each(['file:///etc/passwd', 'javascript:alert(1)', 'ftp://a.example/', 'http://', 'http://[::z]/'])(
    'to %s are refused',
    async (location) => {
      const site = await localSite({ '/a': { status: 302, headers: { location } } });
      expect(await codeOf(openFetcher().get(`${site.origin}/a`))).toBe('redirect-loop');
    },
  );

  test('to another host ask its robots.txt first', async () => {
    const other = await localSite({ '/robots.txt': 'User-agent: *\nDisallow: /b', '/b': words });
    const site = await localSite({ '/a': { status: 302, headers: { location: `${other.origin}/b` } } });
    expect(await codeOf(openFetcher().get(`${site.origin}/a`))).toBe('robots-disallow');
    expect(other.paths).toEqual([]);
  });
});

describe('a status says why there is no page', () => {
  test.each([
    [400, 'status-4xx', false],
    [403, 'status-4xx', false],
    [404, 'status-4xx', false],
    [410, 'status-4xx', false],
    [429, 'status-429', true],
    [500, 'status-5xx', true],
    [502, 'status-5xx', true],
    [503, 'status-5xx', true],
  ])('%s → %s, passing: %s', async (status, code, passing) => {
    const site = await localSite({ '/a': { status, body: words } });
    expect(await reasonOf(openFetcher().get(`${site.origin}/a`))).toMatchObject({
      code,
      passing,
      retryAfterSeconds: null,
    });
  });

  test.each([
    ['seconds', () => '120', 119, 120],
    ['nought', () => '0', 0, 0],
    ['a date', () => new Date(Date.now() + 3_600_000).toUTCString(), 3_000, 3_600],
    ['a date gone by', () => 'Sun, 22 Nov 2020 00:00:00 GMT', 0, 0],
  ])('with Retry-After in %s', async (_, header, least, most) => {
    for (const status of [429, 503]) {
      const site = await localSite({ '/a': { status, headers: { 'retry-after': header() } } });
      const { retryAfterSeconds } = await reasonOf(openFetcher().get(`${site.origin}/a`));
      expect(retryAfterSeconds).toBeGreaterThanOrEqual(least);
      expect(retryAfterSeconds).toBeLessThanOrEqual(most);
    }
  });

  test.each(['soon', '-5', '1e99', ''])('with a Retry-After that says %j, none', async (value) => {
    const site = await localSite({ '/a': { status: 429, headers: { 'retry-after': value } } });
    expect((await reasonOf(openFetcher().get(`${site.origin}/a`))).retryAfterSeconds).toBeNull();
  });

  test('a host that asks for a long pause is not asked again meanwhile, and nobody waits for it', async () => {
    const site = await localSite({ '/a': { status: 429, headers: { 'retry-after': '3000' } }, '/b': words });
    const fetcher = openFetcher();
    await reasonOf(fetcher.get(`${site.origin}/a`));
    const second = await reasonOf(fetcher.get(`${site.origin}/b`));
    expect(second.code).toBe('status-429');
    expect(second.retryAfterSeconds).toBeGreaterThan(2_900);
    expect(site.paths).toEqual(['/a']);
  });
});

describe('an answer that does not come in time', () => {
  const quick = () => openFetcher({ requestTimeoutSeconds: 0.3 });

  test('at all', async () => {
    expect(await reasonOf(quick().get(await rawServer(() => {})))).toMatchObject({
      code: 'timeout',
      passing: true,
    });
  });

  test('beyond its headers', async () => {
    const address = await rawServer((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab'),
    );
    expect(await codeOf(quick().get(address))).toBe('timeout');
  });

  test('but trickles byte by byte', async () => {
    const address = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await codeOf(quick().get(address))).toBe('timeout');
  });

  test('and whose headers trickle', async () => {
    const address = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-more: y\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await codeOf(quick().get(address))).toBe('timeout');
  });
});

describe('a connection that fails', () => {
  test.each([
    ['breaks before an answer', (socket: Socket) => socket.destroy()],
    ['is reset', (socket: Socket) => socket.resetAndDestroy()],
    [
      'ends before the announced length',
      (s: Socket) => s.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nab'),
    ],
    [
      'ends inside a chunk',
      (s: Socket) => s.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nab'),
    ],
    ['does not speak HTTP', (s: Socket) => s.end('SSH-2.0-OpenSSH_9.6\r\n')],
    ['sends endless headers', (s: Socket) => s.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}\r\n\r\n`)],
  ])('%s', async (_, speak) => {
    expect(await reasonOf(openFetcher().get(await rawServer(speak)))).toMatchObject({
      code: 'connection-lost',
      passing: true,
    });
  });

  test('is refused', async () => {
    const gone = await localSite();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(gone.host).not.toBe(`127.0.0.1:${port}`);
    expect(await codeOf(openFetcher().get(`http://127.0.0.1:${port}/`))).toBe('connection-refused');
  });

  test('has no host', async () => {
    expect(await reasonOf(openFetcher().get('http://nonexistent.invalid/'))).toMatchObject({
      code: 'host-unknown',
      passing: true,
    });
  });

  test('leaves the fetcher usable', async () => {
    const fetcher = openFetcher();
    let times = 0;
    const address = await rawServer((socket) => {
      times += 1;
      if (times === 1) socket.destroy();
      else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok');
    });
    await reasonOf(fetcher.get(address));
    expect((await fetcher.getText(address))?.text).toBe('ok');
  });
});

test('one host gets one request at a time, other hosts at the same time', async () => {
  const slow = (_: unknown, response: { end(text: string): void }) =>
    void setTimeout(() => response.end('ok'), 20);
  const paths = ['/1', '/2', '/3', '/4', '/5'];
  const site = await localSite(Object.fromEntries(paths.map((path) => [path, slow])));
  const fetcher = openFetcher();
  await Promise.all(paths.map((path) => fetcher.get(site.origin + path)));
  expect(site.most).toBe(1);
  expect(site.paths).toEqual(paths);
});
