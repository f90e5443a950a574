import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MEDIA_PART, publicMediaAddress, type MediaInfo } from '../../config/media.ts';
import { contentOf, type ReleaseContent } from '../../config/release-content.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import { hubActor } from '../../store/actor.ts';
import { createRelease } from '../../store/releases.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { exif, jpeg, mp4 } from '../support/files.ts';
import { makeOffice } from '../support/offices.ts';
import { makePerson, signIn, startTestWeb, type Session, type TestWeb } from '../support/web.ts';

let engines: TestEngines;
let web: TestWeb;
let office: number;
const sessions: Record<string, Session> = {};

beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
  const { store } = engines;
  office = await makeOffice(store, 'city', 'municipal');
  const other = await makeOffice(store, 'other', 'municipal');
  for (const [name, at, role] of [
    ['writer', office, 'press-officer'],
    ['colleague', office, 'press-officer'],
    ['reader', office, 'analyst'],
    ['stranger', other, 'press-officer'],
  ] as const) {
    sessions[name] = await signIn(store, web.address, await makePerson(store, name, at, role));
  }
});
afterAll(async () => {
  await web?.stop();
  await engines?.stop();
});

const content = (text: string): ReleaseContent =>
  contentOf({ title: '检察开放日', document: documentOfText(text) });
const begin = () =>
  createRelease(engines.store, { ...hubActor('test', office), id: 'writer' }, content('第一稿'));

function ask(
  who: string | null,
  method: string,
  path: string,
  body?: BodyInit,
  headers: Record<string, string> = {},
) {
  const cookie = who === null ? '' : (sessions[who]?.cookie ?? '');
  return fetch(web.address + path, {
    method,
    redirect: 'manual',
    headers: { origin: web.address, cookie, ...headers },
    ...(body !== undefined && { body }),
  });
}
const send = (who: string, method: string, path: string, body: unknown) =>
  ask(who, method, path, JSON.stringify(body), { 'content-type': 'application/json' });
const upload = (who: string, id: number, bytes: Buffer, query: Record<string, string> = {}) =>
  ask(who, 'POST', `/releases/${id}/media?${new URLSearchParams(query)}`, new Uint8Array(bytes), {
    'content-type': 'application/octet-stream',
  });

describe('what the editor saves', () => {
  test('comes back as a version, and over another one is refused with who saved it and what stands', async () => {
    const id = await begin();
    const saved = await send('writer', 'PUT', `/releases/${id}/draft`, {
      version: 1,
      content: content('第二稿'),
    });
    expect(saved.status).toBe(200);
    expect(await saved.json()).toMatchObject({ version: 2, savedAt: expect.any(String) });
    const late = await send('colleague', 'PUT', `/releases/${id}/draft`, {
      version: 1,
      content: content('晚了'),
    });
    expect(late.status).toBe(409);
    expect(await late.json()).toMatchObject({
      ...{ version: 2, savedBy: 'writer', state: 'draft', content: content('第二稿') },
      message: expect.stringContaining('writer'),
    });
  });

  test('with urgency and embargo keeps both, and says nothing of them where they are not meant', async () => {
    const id = await begin();
    const embargoUntil = '2026-12-01T01:00:00.000Z';
    const body = { version: 1, content: content('第一稿'), urgent: true, embargoUntil };
    expect((await send('writer', 'PUT', `/releases/${id}/draft`, body)).status).toBe(200);
    const next = { version: 1, content: content('第二稿') };
    expect((await send('writer', 'PUT', `/releases/${id}/draft`, next)).status).toBe(200);
    const row = await engines.store.query('select urgent, embargo_until from releases where id = $1', [id]);
    expect(row.rows).toEqual([{ urgent: true, embargo_until: new Date(embargoUntil) }]);
  });

  test.each([
    ['no JSON', '{', 400],
    [
      'a node that no editor makes',
      { version: 1, content: { ...contentOf(), document: { type: 'doc', content: [{ type: 'iframe' }] } } },
      400,
    ],
    [
      'a link that runs something',
      {
        version: 1,
        content: {
          ...contentOf(),
          document: {
            type: 'doc',
            content: [
              {
                type: 'paragraph',
                content: [
                  {
                    type: 'text',
                    text: 'x',
                    marks: [{ type: 'link', attrs: { href: 'javascript:alert(1)' } }],
                  },
                ],
              },
            ],
          },
        },
      },
      400,
    ],
    ['no version', { content: contentOf() }, 400],
    ['more than anybody writes', 'x'.repeat(9 * 2 ** 20), 413],
  ])('%s is refused with a sentence', async (_, body, status) => {
    const id = await begin();
    const answer = await ask(
      'writer',
      'PUT',
      `/releases/${id}/draft`,
      typeof body === 'string' ? body : JSON.stringify(body),
    );
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ message: expect.stringMatching(/[\u4e00-\u9fff]/u) });
  });

  test('of two who wrote at once, the slower one’s becomes a release of its own', async () => {
    const id = await begin();
    const answer = await send('colleague', 'POST', `/releases/${id}/copy`, { content: content('我的修改') });
    expect(answer.status).toBe(201);
    const { id: copy } = (await answer.json()) as { id: number };
    expect(copy).not.toBe(id);
  });

  test('is told to whoever has it open too', async () => {
    const id = await begin();
    const path = `/releases/${id}/presence`;
    expect(await (await send('writer', 'POST', path, { wrote: true })).json()).toEqual({
      others: [],
      version: 1,
    });
    const seen = await (await send('colleague', 'POST', path, {})).json();
    expect(seen).toEqual({ others: [{ name: 'writer', wrote: true }], version: 1 });
    await send('writer', 'POST', path, { left: true });
    expect(await (await send('colleague', 'POST', path, {})).json()).toMatchObject({ others: [] });
  });

  test('by somebody of another office, or who only reads, is refused', async () => {
    const id = await begin();
    const body = { version: 1, content: content('改') };
    expect((await send('stranger', 'PUT', `/releases/${id}/draft`, body)).status).toBe(404);
    expect((await send('reader', 'PUT', `/releases/${id}/draft`, body)).status).toBe(403);
  });
});

describe('a file', () => {
  const place = 'GPS 39.9042N';
  const photo = () => jpeg({ segments: [exif(place, 6)], width: 640, height: 480 });

  test('is taken with its size, without where it was taken, and had by whoever may read the release', async () => {
    const id = await begin();
    const answer = await upload('writer', id, photo(), { name: '开放日.jpg', alt: '大厅' });
    expect(answer.status).toBe(201);
    const info = (await answer.json()) as MediaInfo;
    expect(info).toMatchObject({
      kind: 'image',
      mime: 'image/jpeg',
      name: '开放日.jpg',
      alt: '大厅',
      width: 480,
      height: 640,
    });
    const had = await ask('reader', 'GET', info.address);
    expect(had.headers.get('content-type')).toBe('image/jpeg');
    expect(had.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    const bytes = Buffer.from(await had.arrayBuffer());
    expect(bytes.length).toBe(info.bytes);
    expect(bytes.includes(place)).toBe(false);
    expect((await ask('stranger', 'GET', info.address)).status).toBe(404);
    expect((await ask(null, 'GET', info.address)).status).toBe(303);
    const listed = (await (await ask('writer', 'GET', `/releases/${id}/media`)).json()) as {
      media: MediaInfo[];
    };
    expect(listed.media).toContainEqual(info);
  });

  test('that is cut from a picture names it, and a cut from none is refused', async () => {
    const id = await begin();
    const whole = (await (await upload('writer', id, photo())).json()) as MediaInfo;
    const crop = JSON.stringify({ ratio: '16:9', x1: 0, y1: 0.1, x2: 1, y2: 0.9 });
    const cut = await upload('writer', id, photo(), { of: String(whole.id), crop });
    expect(await cut.json()).toMatchObject({ cropOf: whole.id, crop: JSON.parse(crop) });
    expect((await upload('writer', id, photo(), { of: '999999', crop })).status).toBe(422);
    expect((await upload('writer', id, photo(), { of: String(whole.id), crop: '{"x1":2}' })).status).toBe(
      400,
    );
  });

  test.each([
    ['a page with the ending of a picture', Buffer.from('<script>alert(1)</script>'), 422],
    ['a broken picture', photo().subarray(0, 60), 422],
    ['nothing', Buffer.alloc(0), 400],
    ['more than is taken at once', Buffer.concat([mp4('isom'), Buffer.alloc(20 * 2 ** 20 + 1)]), 413],
    ['a picture that is too large', Buffer.concat([photo(), Buffer.alloc(10 * 2 ** 20)]), 422],
  ])('%s is refused with a sentence, and leaves nothing behind', async (_, bytes, status) => {
    const id = await begin();
    const answer = await upload('writer', id, bytes, { name: 'x.jpg' });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ message: expect.stringMatching(/[\u4e00-\u9fff]/u) });
    expect((await engines.store.query('select from media_parts')).rowCount).toBe(0);
  });

  test('that is a film keeps nothing that says where it was taken, and its bytes keep their places', async () => {
    const id = await begin();
    const told = Buffer.concat([Buffer.from([0, 0, 0, 8 + place.length]), Buffer.from(`udta${place}`)]);
    const moov = Buffer.concat([Buffer.from([0, 0, 0, 8 + told.length]), Buffer.from('moov'), told]);
    const film = Buffer.concat([mp4('isom', 24), moov, Buffer.from([0, 0, 0, 12]), Buffer.from('mdatfilm')]);
    const info = (await (await upload('writer', id, film, { name: 'a.mp4' })).json()) as MediaInfo;
    const kept = Buffer.from(await (await ask('reader', 'GET', info.address)).arrayBuffer());
    expect([kept.includes(place), kept.length, kept.indexOf('film')]).toEqual([
      ...[false, film.length, film.indexOf('film')],
    ]);
    expect(info.address).toContain(createHash('sha256').update(kept).digest('hex').slice(0, 12));
  });

  test('in pieces is put together, and had piece by piece', async () => {
    const id = await begin();
    const film = Buffer.concat([mp4('isom'), Buffer.alloc(2 * MEDIA_PART, 1), Buffer.from('the end')]);
    const query = { upload: randomUUID(), parts: '3', name: '庭审.mp4' };
    const piece = (part: number) =>
      upload('writer', id, film.subarray(part * MEDIA_PART, (part + 1) * MEDIA_PART), {
        ...query,
        part: String(part),
      });
    expect((await piece(0)).status).toBe(202);
    // Sent again after it was not known to have arrived.
    expect(await (await piece(0)).json()).toEqual({ parts: 1 });
    // Nobody else puts anything into it.
    const foreign = await upload('colleague', id, film.subarray(0, MEDIA_PART), { ...query, part: '1' });
    expect(foreign.status).toBe(202);
    await engines.store.query('delete from media_parts where made_by = $1', ['colleague']);
    expect((await piece(1)).status).toBe(202);
    const info = (await (await piece(2)).json()) as MediaInfo;
    expect(info).toMatchObject({ kind: 'video', mime: 'video/mp4', bytes: film.length });
    expect(info.address).toContain(createHash('sha256').update(film).digest('hex').slice(0, 12));
    const range = (value: string) => ask('reader', 'GET', info.address, undefined, { range: value });
    const last = await range('bytes=-7');
    expect([last.status, await last.text()]).toEqual([206, 'the end']);
    expect(last.headers.get('content-range')).toBe(
      `bytes ${film.length - 7}-${film.length - 1}/${film.length}`,
    );
    const middle = Buffer.from(await (await range(`bytes=10-${MEDIA_PART + 10}`)).arrayBuffer());
    expect(middle.equals(film.subarray(10, MEDIA_PART + 11))).toBe(true);
    const whole = Buffer.from(await (await ask('reader', 'GET', info.address)).arrayBuffer());
    expect(whole.equals(film)).toBe(true);
    const beyond = await range(`bytes=${film.length}-`);
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${film.length}`]);
    const tag = (await ask('reader', 'HEAD', info.address)).headers.get('etag') ?? '';
    expect((await ask('reader', 'GET', info.address, undefined, { 'if-none-match': tag })).status).toBe(304);
  });

  test('is public as long as an article with it stands on the website, and under its own name only', async () => {
    const id = await begin();
    const info = (await (await upload('writer', id, photo())).json()) as MediaInfo;
    const file = info.address.split('/').at(-1) ?? '';
    const publicly = () => ask(null, 'GET', publicMediaAddress(file));
    expect((await publicly()).status).toBe(404);
    await engines.store.query(
      `with a as (insert into channel_accounts (office_id, channel, name, external_id) values ($1, 'website', '网站', $3) returning id),
         d as (insert into deliveries (office_id, release_id, channel, account_id, due_at, state, content)
           select $1, $2, 'website', a.id, now(), 'published', '{}' from a returning id)
       insert into site_articles (office_id, delivery_id, slug, title, summary, html, published_at, media_ids)
       select $1, d.id, 'with-picture', 't', '', '<p></p>', now(), array[$4::bigint] from d`,
      [office, id, `of-${id}`, info.id],
    );
    const had = await publicly();
    expect([had.status, had.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    await had.arrayBuffer();
    expect(
      (await ask(null, 'GET', publicMediaAddress(file.replace(/-[0-9a-f]{12}/, '-000000000000')))).status,
    ).toBe(404);
    await engines.store.query(`update site_articles set withdrawn_at = now() where slug = 'with-picture'`);
    expect((await publicly()).status).toBe(404);
  });
});

describe('the pages of a release', () => {
  test('show its history with what was changed, and take it back', async () => {
    const id = await begin();
    await send('writer', 'PUT', `/releases/${id}/draft`, { version: 1, content: content('第一稿改过') });
    const page = await (await ask('reader', 'GET', `/releases/${id}/history`)).text();
    expect(page).toContain('第 2 版');
    expect(page).toMatch(/<ins[^>]*>改过<\/ins>/u);
    const restored = await ask(
      'writer',
      'POST',
      `/releases/${id}/history?/restore`,
      new URLSearchParams({ version: '2', restore: '1' }),
    );
    expect(restored.status).toBe(200);
    const row = await engines.store.query<{ version: number }>('select version from releases where id = $1', [
      id,
    ]);
    expect(row.rows[0]?.version).toBe(3);
    const again = await ask(
      'writer',
      'POST',
      `/releases/${id}/history?/restore`,
      new URLSearchParams({ version: '2', restore: '1' }),
    );
    expect(again.status).toBe(409);
  });

  test('keep it as a template, from which another one begins', async () => {
    const id = await begin();
    const kept = await ask(
      'writer',
      'POST',
      `/releases/${id}/history?/template`,
      new URLSearchParams({ name: '开放日' }),
    );
    expect(kept.status).toBe(200);
    const templates = await (await ask('reader', 'GET', '/releases/templates')).text();
    expect(templates).toContain('开放日');
    expect(templates).toContain('重要案件信息');
    const begun = await ask(
      'writer',
      'POST',
      '/releases/templates?/use',
      new URLSearchParams({ id: 'notice' }),
    );
    expect(await begun.json()).toMatchObject({
      type: 'redirect',
      location: expect.stringMatching(/^\/releases\/\d+$/),
    });
  });

  test('list what is narrowed', async () => {
    await begin();
    const none = await (await ask('reader', 'GET', '/releases?state=withdrawn')).text();
    expect(none).toContain('没有符合条件的稿件');
    const some = await (await ask('reader', 'GET', '/releases?q=开放日&type=notice&page=99')).text();
    expect(some).toContain('检察开放日');
  });
});
