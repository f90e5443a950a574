import type { IncomingMessage } from 'node:http';
import { text as bodyOf } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { sourceSchema } from '../../../config/sources.ts';
import { localSite, type LocalSite } from '../fetch/local-site.ts';
import { sourceOf, visit } from './visiting.ts';

const settings = {
  items: 'list',
  nextParam: 'cursor',
  maxPages: 5,
  fields: { id: 'id', text: 'text' },
  urlTemplate: 'https://weiyi.example.com/status/{id}',
};

const SECRET = 'tok-7d1f9c';
const items = (...ids: number[]) => ids.map((id) => ({ id, text: `第${id}条` }));
const json = (body: unknown) => ({ body: JSON.stringify(body) });
const source = (site: LocalSite, changes: object, path = '/items') =>
  sourceOf('api', `${site.origin}${path}`, { ...settings, ...changes });

describe('the pages of a list follow each other', () => {
  test('by number, until one holds less than a page does', async () => {
    const site = await localSite({
      '/items?n=2&p=1': json({ list: items(5, 4) }),
      '/items?n=2&p=2': json({ list: items(3, 2) }),
      '/items?n=2&p=3': json({ list: items(1) }),
    });
    const pagination = { kind: 'page', param: 'p', start: 1, sizeParam: 'n', size: 2 };
    const report = await visit(source(site, { pagination }));
    expect(report).toMatchObject({ outcome: 'complete', expected: 5, got: 5 });
    expect(site.paths).toEqual(['/items?n=2&p=1', '/items?n=2&p=2', '/items?n=2&p=3']);
  });

  test('by number without a size, until one is empty', async () => {
    const site = await localSite({
      '/items?p=0': json({ list: items(1) }),
      '/items?p=1': json({ list: [] }),
    });
    const pagination = { kind: 'page', param: 'p', start: 0 };
    expect(await visit(source(site, { pagination }))).toMatchObject({ outcome: 'complete', expected: 1 });
  });

  test('by how many items were had', async () => {
    const site = await localSite({
      '/items?from=0': json({ list: items(3, 2) }),
      '/items?from=2': json({ list: items(1) }),
      '/items?from=3': json({ list: [] }),
    });
    const pagination = { kind: 'offset', param: 'from', start: 0 };
    expect(await visit(source(site, { pagination }))).toMatchObject({ outcome: 'complete', expected: 3 });
  });

  test('by a whole address that the answer gives, on its own host only', async () => {
    const site = await localSite();
    site.routes['/items'] = json({ list: items(2), next: `${site.origin}/more/2` });
    site.routes['/more/2'] = json({ list: items(1), next: 'https://elsewhere.example.com/3' });
    const pagination = { kind: 'cursor', param: 'c', next: 'next' };
    expect(await visit(source(site, { pagination }))).toMatchObject({ outcome: 'complete', expected: 2 });
    expect(site.paths).toEqual(['/items', '/more/2']);
  });

  test('and stop at one of known items', async () => {
    const site = await localSite({ '/items?p=1': json({ list: items(2, 1) }) });
    const report = await visit(source(site, { pagination: { kind: 'page', param: 'p', start: 1 } }), {
      known: ['1', '2'],
    });
    expect(report).toMatchObject({ outcome: 'complete', expected: 2, got: 2 });
  });
});

describe('an interface that is asked with a secret', () => {
  const guarded = { headers: { Authorization: 'Bearer {token}' }, query: { key: '{token}', lang: 'zh' } };

  test('gets it in headers and query, and robots.txt does not speak of it', async () => {
    const site = await localSite({ '/robots.txt': 'User-agent: *\nDisallow: /' });
    site.routes[`/items?key=${SECRET}&lang=zh`] = json({ list: items(1) });
    const report = await visit(source(site, guarded), { secrets: { token: SECRET } });
    expect(report).toMatchObject({ outcome: 'complete', got: 1 });
    expect(site.headers[0]?.authorization).toBe(`Bearer ${SECRET}`);
  });

  test('leaves no trace of it in what is stored or reported', async () => {
    const site = await localSite();
    const asked = (cursor = '') => `/items?${cursor}key=${SECRET}&lang=zh`;
    site.routes[asked()] = json({
      list: [
        { id: 1, text: '甲', at: `/status/1?key=${SECRET}&a=1` },
        { id: 2, text: '乙', at: `/status/${SECRET}` },
        { id: 3 },
      ],
      next: `${site.origin}/items?page=2&key=${SECRET}`,
    });
    site.routes[asked('page=2&')] = { status: 404 };
    const pagination = { kind: 'cursor', param: 'c', next: 'next' };
    const fields = { ...settings.fields, url: 'at', parentUrl: 'at' };
    const report = await visit(source(site, { ...guarded, pagination, fields }), {
      secrets: { token: SECRET },
    });
    expect(site.paths).toHaveLength(2);
    expect(report.drafts.map(({ url, parentUrl }) => [url, parentUrl])).toEqual([
      [`${site.origin}/status/1?a=1`, `${site.origin}/status/1?a=1`],
      ['https://weiyi.example.com/status/2', null],
    ]);
    expect(report.failures).toEqual({ 'no-text': 1, 'status-4xx': 1 });
    expect(JSON.stringify(report)).not.toContain(SECRET);
  });

  test.each([401, 403])('says that it was not taken where the answer is %s', async (status) => {
    const site = await localSite();
    site.routes[`/items?key=${SECRET}&lang=zh`] = { status, body: `{"message":"bad key ${SECRET}"}` };
    const report = await visit(source(site, guarded), { secrets: { token: SECRET } });
    expect(report).toMatchObject({ outcome: 'failed', reason: 'token-rejected' });
    expect(JSON.stringify(report)).not.toContain(SECRET);
  });

  test('is not asked while nobody has set it', async () => {
    const site = await localSite();
    expect(await visit(source(site, guarded))).toMatchObject({ outcome: 'failed', reason: 'secret-missing' });
    expect(site.paths).toEqual([]);
  });
});

test('without a secret a refusal is the site’s', async () => {
  const site = await localSite({ '/items': { status: 403 } });
  const report = await visit(source(site, { headers: { 'X-App': 'jiansheng' } }));
  expect(report).toMatchObject({ outcome: 'failed', reason: 'status-4xx' });
});

test('a question may be put as JSON, its pages in the body', async () => {
  const site = await localSite();
  const asked: unknown[] = [];
  site.routes['/items'] = (request: IncomingMessage, response) => {
    void bodyOf(request).then((body) => {
      asked.push([request.method, request.headers['content-type'], JSON.parse(body)]);
      response.end(JSON.stringify({ list: asked.length === 1 ? items(2, 1) : [] }));
    });
  };
  const report = await visit(
    source(site, {
      method: 'POST',
      body: { where: { app: '{app}', words: ['检察', '{检察}'] } },
      pagination: { kind: 'page', param: 'page', start: 1 },
    }),
    { secrets: { app: SECRET } },
  );
  expect(report).toMatchObject({ outcome: 'complete', expected: 2, got: 2 });
  const where = { app: SECRET, words: ['检察', '{检察}'] };
  expect(asked).toEqual([
    ['POST', 'application/json', { where, page: 1 }],
    ['POST', 'application/json', { where, page: 2 }],
  ]);
});

test('an item tells its kind, its page, what it answers and who published it', async () => {
  const site = await localSite({
    '/items': json({ list: [{ text: '支持', link: '/c/7', of: '/p/1', by: '云州市司法局' }] }),
  });
  const { drafts } = await visit(
    source(site, {
      fields: { text: 'text', url: 'link', parentUrl: 'of', outlet: 'by' },
      urlTemplate: undefined,
      kindOfPost: 'comment',
    }),
  );
  expect(drafts).toMatchObject([
    {
      kind: 'comment',
      url: `${site.origin}/c/7`,
      externalId: null,
      parentUrl: `${site.origin}/p/1`,
      outlet: '云州市司法局',
    },
  ]);
});

test('settings that name no page for the items are refused', () => {
  const api = (changes: object) => ({
    key: 'an-api',
    name: '接口',
    kind: 'api',
    url: 'https://api.example.com/items',
    legalBasis: '测试所用',
    impactNote: '没有影响',
    approvedBy: '测试',
    settings: { items: 'list', fields: { text: 'text' }, ...changes },
  });
  expect(sourceSchema.safeParse(api({})).success).toBe(false);
  expect(sourceSchema.safeParse(api({ urlTemplate: 'https://a.example.com/{id}' })).success).toBe(false);
  expect(sourceSchema.safeParse(api({ fields: { text: 'text', url: 'link' } })).success).toBe(true);
});
