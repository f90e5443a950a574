import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { codeOf, localSite, openFetcher, reasonOf } from './local-site.ts';

const words = '云州市人民检察院今天通报。'.repeat(200);

describe('packed content is unpacked', () => {
  test.each([
    ['gzip', 'gzip', gzipSync],
    ['x-gzip', 'x-gzip', gzipSync],
    ['brotli', 'br', brotliCompressSync],
    ['zstd', 'zstd', zstdCompressSync],
    ['deflate', 'deflate', deflateSync],
    ['deflate without its wrapper', 'deflate', deflateRawSync],
    ['in capitals', 'GZIP', gzipSync],
    ['not at all', 'identity', (text: Buffer) => text],
    ['twice', 'deflate, gzip', (text: Buffer) => gzipSync(deflateSync(text))],
  ])('%s', async (_, encoding, pack) => {
    const body = pack(Buffer.from(words));
    const site = await localSite({ '/a': { headers: { 'content-encoding': encoding }, body } });
    expect((await openFetcher().getText(`${site.origin}/a`))?.text).toBe(words);
    expect(site.headers[0]?.['accept-encoding']).toBe('gzip, deflate, br, zstd');
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
    ['deflate', deflateSync],
  ])('%s that was cut off is no page', async (encoding, pack) => {
    const random = Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 7_919) % 251));
    const whole = pack(random);
    const body = whole.subarray(0, Math.floor(whole.length / 2));
    const site = await localSite({ '/a': { headers: { 'content-encoding': encoding }, body } });
    expect(await codeOf(openFetcher().get(`${site.origin}/a`))).toBe('truncated-content');
  });

  test('what is not what it says is no page', async () => {
    const site = await localSite({ '/a': { headers: { 'content-encoding': 'gzip' }, body: words } });
    expect(await codeOf(openFetcher().get(`${site.origin}/a`))).toBe('truncated-content');
  });
});

describe('too much is not read', () => {
  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('a small %s that unpacks to 50 MB', async (encoding, pack) => {
    const body = pack(Buffer.alloc(50_000_000));
    expect(body.length).toBeLessThan(1_000_000);
    const site = await localSite({ '/a': { headers: { 'content-encoding': encoding }, body } });
    expect(await codeOf(openFetcher().get(`${site.origin}/a`))).toBe('too-large');
  });

  test('50 MB that are announced are not even begun', async () => {
    let sent = 0;
    const site = await localSite({
      '/a': (_, response) => {
        response.writeHead(200, { 'content-length': '50000000' });
        const push = () => {
          while (sent < 50_000_000 && !response.destroyed) {
            sent += 65_536;
            if (!response.write(Buffer.alloc(65_536, 32))) return void response.once('drain', push);
          }
        };
        push();
      },
    });
    expect(await codeOf(openFetcher().get(`${site.origin}/a`))).toBe('too-large');
    expect(sent).toBeLessThan(25_000_000);
  });

  test('50 MB that are not announced are given up at the limit', async () => {
    let sent = 0;
    const site = await localSite({
      '/a': (_, response) => {
        const push = () => {
          while (sent < 50_000_000 && !response.destroyed) {
            sent += 65_536;
            if (!response.write(Buffer.alloc(65_536, 32))) return void response.once('drain', push);
          }
          response.end();
        };
        push();
      },
    });
    expect(await codeOf(openFetcher().get(`${site.origin}/a`))).toBe('too-large');
    expect(sent).toBeLessThan(25_000_000);
  });

  test('a page of just the limit is read', async () => {
    const site = await localSite({ '/a': 'x'.repeat(300_000), '/b': 'x'.repeat(300_001) });
    const fetcher = openFetcher({ maxPageMegabytes: 0.3 });
    expect((await fetcher.get(`${site.origin}/a`))?.bytes).toHaveLength(300_000);
    expect(await codeOf(fetcher.get(`${site.origin}/b`))).toBe('too-large');
  });

  test('after it the host still answers', async () => {
    const site = await localSite({ '/a': 'x'.repeat(2_000_000), '/b': words });
    const fetcher = openFetcher();
    await reasonOf(fetcher.get(`${site.origin}/a`));
    expect((await fetcher.getText(`${site.origin}/b`))?.text).toBe(words);
  });
});

describe('what is not text', () => {
  test.each([
    'image/png',
    'video/mp4',
    'audio/mpeg',
    'font/woff2',
    'application/pdf',
    'application/zip',
    'IMAGE/JPEG',
  ])('is refused as text: %s', async (type) => {
    const site = await localSite({ '/a': { headers: { 'content-type': type }, body: words } });
    expect(await reasonOf(openFetcher().getText(`${site.origin}/a`))).toMatchObject({
      code: 'not-text',
      passing: false,
    });
  });

  test.each([
    'text/plain',
    'application/json',
    'application/rss+xml',
    'application/octet-stream',
    'image-of/text',
  ])('is read all the same when it may be text: %s', async (type) => {
    const site = await localSite({ '/a': { headers: { 'content-type': type }, body: words } });
    expect((await openFetcher().getText(`${site.origin}/a`))?.text).toBe(words);
  });
});
