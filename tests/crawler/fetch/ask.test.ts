import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { codeOf, localSite, openFetcher, reasonOf, type Answer } from './local-site.ts';

const json = (status: number, body: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

describe('an interface', () => {
  test('gets the method, the headers and the body that it is sent', async () => {
    const heard: string[] = [];
    const site = await localSite({
      '/cgi?x=1': (request, response) => {
        heard.push(request.method ?? '');
        request.on('data', (data) => heard.push(String(data))).on('end', () => response.end('{"errcode":0}'));
      },
    });
    const reply = await openFetcher().ask(`${site.origin}/cgi?x=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer t' },
      body: '{"begin":0,"名":"云州"}',
    });
    expect(heard).toEqual(['POST', '{"begin":0,"名":"云州"}']);
    expect(site.headers[0]).toMatchObject({ authorization: 'Bearer t', 'content-type': 'application/json' });
    expect(site.headers[0]?.['user-agent']).toContain('JianshengBot');
    expect(reply).toMatchObject({ status: 200, text: '{"errcode":0}' });
  });

  test.each([200, 201, 301, 302, 304, 400, 401, 403, 404, 410])(
    'answers %s, and the caller reads what it says',
    async (status) => {
      const body = status === 304 ? '' : JSON.stringify({ errcode: 40001 });
      const site = await localSite({ '/cgi': { ...(json(status, {}) as object), body } });
      const reply = await openFetcher().ask(`${site.origin}/cgi`);
      expect(reply).toMatchObject({ status, contentType: 'application/json', text: body });
    },
  );

  test.each([
    [429, 'status-429'],
    [500, 'status-5xx'],
    [503, 'status-5xx'],
  ])('that answers %s has not answered: %s, with the pause it asks for', async (status, code) => {
    const site = await localSite({ '/cgi': { status, headers: { 'retry-after': '90' } } });
    const fetcher = openFetcher();
    expect(await reasonOf(fetcher.ask(`${site.origin}/cgi`))).toMatchObject({ code, retryAfterSeconds: 90 });
    expect(await codeOf(fetcher.ask(`${site.origin}/other`))).toBe(code);
    expect(site.paths).toEqual(['/cgi']);
  });

  test('is not followed to another place: what was asked goes to nobody else', async () => {
    const other = await localSite({ '/': 'there' });
    const site = await localSite({ '/cgi?token=s': { status: 302, headers: { location: other.origin } } });
    expect((await openFetcher().ask(`${site.origin}/cgi`, { secretParams: { token: 's' } })).status).toBe(
      302,
    );
    expect(other.paths).toEqual([]);
  });

  test('gets secrets in its address without anybody else learning them', async () => {
    const site = await localSite({ '/cgi?type=1&access_token=s%26ecret': 'ok' });
    const ask = (path: string) =>
      openFetcher().ask(`${site.origin}${path}`, { secretParams: { access_token: 's&ecret' } });
    expect((await ask('/cgi?type=1')).text).toBe('ok');
    site.routes['/lost?access_token=s%26ecret'] = (_, response) => void response.destroy();
    const lost = await reasonOf(ask('/lost'));
    expect(lost.code).toBe('connection-lost');
    for (let error: unknown = lost; error instanceof Error; error = error.cause) {
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain('ecret');
    }
  });

  test('is told who asks, whatever headers it is sent', async () => {
    const site = await localSite({ '/cgi': 'ok' });
    const fetcher = openFetcher();
    await fetcher.ask(`${site.origin}/cgi`, { headers: { 'User-Agent': 'Somebody', ACCEPT: 'text/x' } });
    expect(site.headers[0]).toMatchObject({ 'user-agent': fetcher.userAgent, accept: 'text/x' });
    const unsayable = fetcher.ask(`${site.origin}/cgi`, { headers: { 'x-name': '云\n州' } });
    expect(await codeOf(unsayable)).toBe('internal');
    expect((await fetcher.ask(`${site.origin}/cgi`)).text).toBe('ok');
  });

  test('keeps its size, is unpacked, and is text in its own encoding', async () => {
    const site = await localSite({
      '/big': 'x'.repeat(2_000_000),
      '/gbk': {
        headers: { 'content-type': 'text/html; charset=gbk', 'content-encoding': 'gzip' },
        body: gzipSync(Buffer.from([0xd4, 0xc6, 0xd6, 0xdd])),
      },
    });
    const fetcher = openFetcher();
    expect(await codeOf(fetcher.ask(`${site.origin}/big`))).toBe('too-large');
    expect((await fetcher.ask(`${site.origin}/gbk`)).text).toBe('云州');
  });

  test('on this machine is out of reach', async () => {
    const site = await localSite({ '/cgi': 'inside' });
    const fetcher = openFetcher({ allowPrivateHosts: [] });
    expect(await codeOf(fetcher.ask(`${site.origin}/cgi`, { robots: 'agreed' }))).toBe('address-blocked');
    expect(site.paths).toEqual([]);
  });

  test('is under robots.txt unless the office has agreed to its terms', async () => {
    const site = await localSite({ '/robots.txt': 'User-agent: *\nDisallow: /', '/cgi': 'ok' });
    const fetcher = openFetcher();
    expect(await codeOf(fetcher.ask(`${site.origin}/cgi`))).toBe('robots-disallow');
    expect((await fetcher.ask(`${site.origin}/cgi`, { robots: 'agreed' })).text).toBe('ok');
  });

  test('takes its turn with the pages of its host', async () => {
    const slow: Answer = (_, response) => void setTimeout(() => response.end('ok'), 20);
    const site = await localSite({ '/a': slow, '/b': slow, '/c': slow });
    const fetcher = openFetcher();
    await Promise.all([
      fetcher.ask(`${site.origin}/a`, { robots: 'agreed' }),
      fetcher.get(`${site.origin}/b`),
      fetcher.ask(`${site.origin}/c`, { method: 'POST', body: 'x' }),
    ]);
    expect(site.most).toBe(1);
    expect(site.paths).toHaveLength(3);
  });
});
