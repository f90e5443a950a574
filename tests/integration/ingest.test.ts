import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeToken } from '../../store/push-tokens.ts';
import { hubActor } from '../../store/actor.ts';
import { recentVisits } from '../../store/visits.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { makeSource } from '../support/posts.ts';
import { ask, makePerson, signIn, startTestWeb, type Session, type TestWeb } from '../support/web.ts';
import { workbook } from '../support/workbook.ts';

let engines: TestEngines;
let web: TestWeb;
let officeId: number;
let press: Session;
let made = 0;

beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
  officeId = await makeOffice(engines.store, 'intake', 'county');
  press = await signIn(
    engines.store,
    web.address,
    await makePerson(engines.store, 'press', officeId, 'press-officer'),
  );
});
afterAll(async () => {
  await web?.stop();
  await engines?.stop();
});

/** A source that is sent to, and a token of it. */
async function pushed(): Promise<{ id: number; token: string }> {
  made += 1;
  const source = await makeSource(engines.store, officeId, `push-${made}`, 'push');
  const token = await makeToken(
    engines.store,
    { ...hubActor('test', officeId), id: 'press' },
    source,
    '测试',
  );
  return { id: source.id, token };
}

type Sent = { status: number; headers: Headers; body: Record<string, unknown> };

async function send(
  token: string | null,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Sent> {
  const answer = await fetch(`${web.address}/api/ingest`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  };
}

const item = (n: number, change: Record<string, unknown> = {}) => ({
  ...{
    id: `A-${n}`,
    text: `第${n}条：群众反映校园餐食材变质，联系电话13800138000`,
    publishedAt: '2026-11-03 08:05',
  },
  ...change,
});

const postsOf = async (sourceId: number) =>
  (
    await engines.store.query<Record<string, unknown>>(
      `select p.*, to_jsonb(p)::text as all, published_at as at from posts p where source_id = $1 order by id`,
      [sourceId],
    )
  ).rows;

describe('what another system sends', () => {
  test('is stored masked, once for each id, without its authors, and counted as a visit', async () => {
    const { id, token } = await pushed();
    const url = 'https://media.example/a/1?utm_source=x';
    const first = await send(token, {
      batch: 7,
      items: [
        item(1, {
          url,
          kind: 'article',
          title: '标题',
          outlet: '云州日报',
          counts: { likes: 3, times: 12, dislikes: 1 },
        }),
        item(2, { author: '张三丰', user: { name: '张三丰' } }),
      ],
    });
    expect(first).toMatchObject({
      status: 200,
      body: {
        ...{ accepted: 2, fresh: 2, copies: 0, known: 0, refused: [] },
        ignored: ['batch', 'counts.dislikes', 'author', 'user'],
      },
    });
    expect(await send(token, { items: [item(1, { counts: { likes: 9 } }), item(3)] })).toMatchObject({
      body: { accepted: 2, fresh: 1, known: 1 },
    });
    const posts = await postsOf(id);
    expect(posts).toMatchObject([
      {
        url: 'https://media.example/a/1',
        kind: 'article',
        title: '标题',
        outlet: '云州日报',
        likes: 9,
        times: 12,
      },
      { url: null, kind: 'post', at: new Date('2026-11-03T00:05:00Z') },
      { url: null },
    ]);
    expect(posts.map(({ all }) => all).join()).not.toMatch(/张三丰|13800138000/);
    expect(await recentVisits(engines.store, id)).toMatchObject([
      { outcome: 'complete', expected: 4, got: 4, fresh: 3, known: 1, failed: 0 },
    ]);
  });

  test('may be one object a line; what is wrong with an item is told with its place', async () => {
    const { id, token } = await pushed();
    const lines = [
      JSON.stringify(item(1)),
      'not json',
      JSON.stringify({ id: '', text: 'x', publishedAt: null, url: 'ftp://x' }),
      JSON.stringify({ id: 'B', text: 'x' }),
      JSON.stringify(item(4, { publishedAt: 1_793_664_000 })),
      JSON.stringify(item(5, { publishedAt: '上旬' })),
    ];
    const sent = await send(token, lines.join('\n'), {
      'content-type': 'application/x-ndjson; charset=utf-8',
    });
    expect(sent).toMatchObject({ status: 200, body: { accepted: 2, fresh: 2 } });
    expect(sent.body['refused']).toEqual([
      { index: 1, reason: 'item-invalid', message: '条目须为 JSON 对象。' },
      { index: 2, reason: 'item-invalid', message: expect.stringMatching(/^id 须为.*url 须为/) },
      { index: 3, reason: 'item-invalid', message: expect.stringContaining('publishedAt 须写明') },
      { index: 5, reason: 'item-invalid', message: expect.stringContaining('publishedAt 须写明') },
    ]);
    expect((await postsOf(id)).map(({ at }) => at)).toEqual([
      new Date('2026-11-03T00:00:00Z'),
      new Date('2026-11-03T00:05:00Z'),
    ]);
    expect(await recentVisits(engines.store, id)).toMatchObject([
      {
        outcome: 'partial',
        reason: 'item-invalid',
        expected: 6,
        got: 2,
        failed: 4,
        failures: { 'item-invalid': 4 },
      },
    ]);
  });

  test('is answered with why it is not taken', async () => {
    const { token } = await pushed();
    const items = { items: [item(1)] };
    const many = { items: Array.from({ length: 1_001 }, (_, n) => item(n)) };
    const refused: [string, number, Sent][] = [
      ['no token', 401, await send(null, items)],
      ['another token', 401, await send(`jsp_${'x'.repeat(43)}`, items)],
      ['a form', 415, await send(token, 'a=b', { 'content-type': 'application/x-yaml' })],
      ['packed', 415, await send(token, items, { 'content-encoding': 'gzip' })],
      ['no JSON', 422, await send(token, '{"items":')],
      ['no items', 422, await send(token, { items: [] })],
      ['another shape', 422, await send(token, [item(1)])],
      ['not UTF-8', 422, await send(token, Uint8Array.of(0x7b, 0xff, 0x7d))],
      ['nothing usable', 422, await send(token, { items: [{}] })],
      ['too many', 413, await send(token, many)],
      ['too large', 413, await send(token, { items: [item(1, { text: 'x'.repeat(5 * 2 ** 20) })] })],
    ];
    for (const [name, status, answer] of refused) {
      expect([name, answer.status]).toEqual([name, status]);
      expect(String(answer.body['message'])).toMatch(/\p{Script=Han}/u);
    }
    expect(refused[0]?.[2].headers.get('www-authenticate')).toBe('Bearer');
  });

  test('is not taken while the source is stopped, or by a token that was ended', async () => {
    const { id, token } = await pushed();
    await engines.store.query('update sources set stopped_at = now() where id = $1', [id]);
    expect(await send(token, { items: [item(1)] })).toMatchObject({ status: 403 });
    await engines.store.query('update sources set stopped_at = null, enabled = false where id = $1', [id]);
    expect(await send(token, { items: [item(1)] })).toMatchObject({ status: 403 });
    await engines.store.query('update sources set enabled = true where id = $1', [id]);
    expect(await send(token, { items: [item(1)] })).toMatchObject({ status: 200 });
    await engines.store.query(`update push_tokens set ended_at = now() where source_id = $1`, [id]);
    expect(await send(token, { items: [item(2)] })).toMatchObject({ status: 401 });
  });

  test('too often is told when to come again', async () => {
    const { id, token } = await pushed();
    await engines.store.query(`update sources set settings = '{"callsPerMinute":2}' where id = $1`, [id]);
    // The minute that counts is the database's: one that turns meanwhile begins anew.
    const statuses: number[] = [];
    let last: Sent | null = null;
    for (let n = 0; n < 6; n += 1) {
      last = await send(token, { items: [item(n)] });
      statuses.push(last.status);
      if (last.status === 429) break;
    }
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.slice(0, 2)).toEqual([200, 200]);
    const wait = Number(last?.headers.get('retry-after'));
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(wait).toBeLessThanOrEqual(60);
  });
});

/** What a form action answers, as the browser's script gets it. */
async function post(path: string, fields: FormData): Promise<{ type: string; text: string }> {
  const answer = await fetch(web.address + path, {
    method: 'POST',
    headers: {
      origin: web.address,
      cookie: press.cookie,
      accept: 'application/json',
      'x-sveltekit-action': 'true',
    },
    body: fields,
  });
  const { type, data, error } = (await answer.json()) as { type: string; data?: string; error?: unknown };
  return { type, text: data ?? JSON.stringify(error) };
}

function form(fields: Record<string, string | string[] | Uint8Array>): FormData {
  const sent = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Uint8Array) sent.append(name, new Blob([new Uint8Array(value)]), 'file');
    else for (const each of [value].flat()) sent.append(name, each as string);
  }
  return sent;
}

describe('at the desk', () => {
  test('a token is shown once, does what it says, and ends with a click', async () => {
    const source = await makeSource(engines.store, officeId, 'desk-push', 'push');
    const path = `/sources/${source.id}/tokens`;
    const answer = await post(`${path}?/make`, form({ name: '12345 平台' }));
    const token = /jsp_[\w-]{43}/.exec(answer.text)?.[0] ?? '';
    expect(await send(token, { items: [item(1)] })).toMatchObject({ status: 200 });
    const page = await ask(web.address, 'GET', path, press.cookie);
    expect(page.text).toContain('12345 平台');
    expect(page.text).not.toContain(token);
    const kept = await engines.store.query<{ id: number; all: string }>(
      'select id, t::text as all from push_tokens t where source_id = $1',
      [source.id],
    );
    expect(kept.rows[0]?.all).not.toContain(token);
    await post(`${path}?/end`, form({ id: String(kept.rows[0]?.id) }));
    expect(await send(token, { items: [item(1)] })).toMatchObject({ status: 401 });
    const audit = await engines.store.query<{ entry: string }>(
      `select entry from audit_entries where entry like '%"push-token-%' and entry like $1 order by seq`,
      [`%source:${source.id}"%`],
    );
    expect(audit.rows.map(({ entry }) => /"action":"([^"]*)"/.exec(entry)?.[1])).toEqual([
      'push-token-make',
      'push-token-end',
    ]);
    expect(audit.rows.map(({ entry }) => entry).join()).not.toContain(token);
  });

  test('a file is previewed, mapped anew and imported; a number is never in an answer', async () => {
    const source = await makeSource(engines.store, officeId, 'desk-upload', 'upload');
    const path = `/sources/${source.id}/upload`;
    const file = workbook([
      ['序号', '姓名', '甲', '乙'],
      [1, '张三丰', '第一条诉求的内容，电话13800138000', '标题一'],
      [2, '李四', null, null],
    ]);
    expect((await post(`${path}?/preview`, form({ file }))).text).toContain('没有指定哪一列是正文');
    const chosen = { column: ['序号', '甲', '乙'], use: ['', 'text', 'title'] };
    const twice = await post(`${path}?/preview`, form({ file, column: ['甲', '乙'], use: ['text', 'text'] }));
    expect(twice).toMatchObject({ type: 'failure', text: expect.stringContaining('选了两列') });
    const preview = await post(`${path}?/preview`, form({ file, ...chosen }));
    expect(preview.text).toContain('第一条诉求的内容，电话[手机号]');
    expect(preview.text).not.toMatch(/张三丰|13800138000/);
    expect(await postsOf(source.id)).toEqual([]);
    const hash = /"([0-9a-f]{64})"/.exec(preview.text)?.[1] ?? '';
    expect((await post(`${path}?/import`, form({ file, ...chosen }))).type).toBe('failure');
    const other = workbook([['甲'], ['别的文件']]);
    expect((await post(`${path}?/import`, form({ file: other, ...chosen, hash }))).text).toContain(
      '没有导入',
    );
    const done = await post(`${path}?/import`, form({ file, ...chosen, hash, rows: '2' }));
    expect(done.type).toBe('success');
    expect(done.text).toContain('没有找到正文');
    expect(await postsOf(source.id)).toMatchObject([{ title: '标题一', url: null }]);
    const post1 = await ask(
      web.address,
      'GET',
      `/posts/${String((await postsOf(source.id))[0]?.['id'])}`,
      press.cookie,
    );
    expect(post1.text).toContain('无原文链接');
  });

  test('a file that is too large is refused in words', async () => {
    const source = await makeSource(engines.store, officeId, 'desk-large', 'upload');
    const file = new Uint8Array(21 * 2 ** 20 + 1);
    const answer = await post(`/sources/${source.id}/upload?/preview`, form({ file }));
    expect(answer.text).toContain('文件太大');
  });
});
