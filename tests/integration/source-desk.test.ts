// One file, though long: starting the engines and the web part takes longer than all of these tests.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../config/access/roles.ts';
import { checklistOf } from '../../config/sources/approval.ts';
import { sourceMessages } from '../../web/lib/messages/sources.ts';
import type { Line } from '../../web/lib/recognising.ts';
import { startTestEngines, until, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { rss, startSite, type TestSite } from '../support/site.ts';
import { ask, makePerson, signIn, startTestWeb, type Session, type TestWeb } from '../support/web.ts';

let engines: TestEngines;
let web: TestWeb;
let site: TestSite;
const offices = {} as Record<'province' | 'city' | 'county', number>;
let officer: Session;
let analyst: Session;
let leader: Session;
let boss: Session;

beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
  site = await startSite((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (!path.endsWith('.xml')) return void response.writeHead(404).end();
    const text = (n: number) =>
      `第${n}条评论：检察院办案认真，请拨打 13912345678 联系我，谈第${n}件案件的进展。`;
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss(site.url, 12, text));
  });
  const { store } = engines;
  offices.province = await makeOffice(store, 'province', 'provincial');
  offices.city = await makeOffice(store, 'city', 'municipal', offices.province);
  offices.county = await makeOffice(store, 'county', 'county', offices.city);
  officer = await enter('officer', 'city', 'press-officer');
  analyst = await enter('analyst', 'city', 'analyst');
  leader = await enter('leader', 'city', 'leader');
  boss = await enter('boss', 'province', 'leader');
});
afterAll(async () => {
  await site?.close();
  await web?.stop();
  await engines?.stop();
});

async function enter(name: string, place: keyof typeof offices, role: Role): Promise<Session> {
  return signIn(engines.store, web.address, await makePerson(engines.store, name, offices[place], role));
}

type Fields = Record<string, string | readonly string[] | Blob>;

/** A form as the page sends it. */
async function send(session: Session, path: string, fields: Fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Blob) body.set(name, value);
    else for (const each of typeof value === 'string' ? [value] : value) body.append(name, each);
  }
  const answer = await fetch(web.address + path, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      ...{ origin: web.address, cookie: session.cookie },
      ...{ accept: 'application/json', 'x-sveltekit-action': 'true' },
    },
    body,
  });
  const text = await answer.text();
  const read = text.startsWith('{"type"') ? (JSON.parse(text) as { status?: number; location?: string }) : {};
  return { status: read.status ?? answer.status, location: read.location ?? null, text };
}

const look = async (session: Session, fields: Fields, path = '/sources/new/look'): Promise<Line[]> => {
  const { text } = await send(session, path, { ...fields, nothing: '' });
  return text
    .split('\n')
    .filter((line) => line.startsWith('{"say"'))
    .map((line) => JSON.parse(line) as Line);
};

let made = 0;
/** A feed nobody has yet, as the form states it. */
function feed(change: Fields = {}): Fields {
  made += 1;
  return {
    kind: 'feed',
    name: `订阅${made}`,
    url: `${site.url}/${made}.xml`,
    'settings.fullText': 'never',
    ...change,
  };
}
const approval = {
  checked: checklistOf('feed'),
  legalBasis: '履行检察职责所必需',
  impactNote: '每小时一次请求',
  approvedBy: '办公室 主任',
};
const idOf = ({ location }: { location: string | null }) => Number(/\d+/.exec(location ?? '')?.[0] ?? 0);
async function rowOf(id: number): Promise<Record<string, unknown>> {
  const found = await engines.store.query('select * from sources where id = $1', [id]);
  return found.rows[0] as Record<string, unknown>;
}
/** Whether the clock may ask for a visit now; of several on one host it asks for some at a time. */
async function isDue(id: number): Promise<boolean> {
  const { enabled, stopped_at, next_visit_at } = await rowOf(id);
  return enabled === true && stopped_at === null && (next_visit_at as Date) <= new Date();
}
async function actsOn(id: number): Promise<string[]> {
  const found = await engines.store.query<{ action: string }>(
    'select action from audit_entries where subject = $1 order by seq',
    [`source:${id}`],
  );
  return found.rows.map(({ action }) => action);
}

describe('an address is looked at', () => {
  test('and said line by line what it is, with its newest items as they would be stored', async () => {
    const lines = await look(officer, { url: `${site.url}/look.xml` });
    expect(lines.at(-1)).toEqual({ say: 'end' });
    const found = lines.find((line) => line.say === 'found');
    expect(found).toMatchObject({ is: 'feed', offers: [{ kind: 'feed', name: '测试', known: null }] });
    const trial = lines.find((line) => line.say === 'trial');
    expect(trial?.items).toHaveLength(10);
    expect(trial?.items[0]).toMatchObject({ title: '标题9', kind: 'article', masked: 1 });
    expect(JSON.stringify(lines)).not.toContain('13912345678');
    const stored = await engines.store.query('select from posts');
    expect(stored.rowCount).toBe(0);
  });

  test('but not inside the own network, and not where crawling is stopped', async () => {
    const inside = await look(officer, { url: site.url.replace('127.0.0.1', 'localhost') });
    expect(inside.find((line) => line.say === 'failed')).toMatchObject({ code: 'address-blocked' });
    const host = new URL(site.url).host;
    expect(
      (await send(officer, '/sources/stops?/stop', { what: 'host', host, reason: '对方来电' })).status,
    ).toBe(200);
    const stopped = await look(officer, { url: `${site.url}/look.xml` });
    expect(stopped.find((line) => line.say === 'failed')).toMatchObject({ code: 'stopped' });
    const [stop] = (
      await engines.store.query<{ id: number }>('select id from crawl_stops where ended_at is null')
    ).rows;
    expect((await send(officer, '/sources/stops?/resume', { id: String(stop?.id) })).status).toBe(200);
  });

  test('and no further once nobody waits for it', async () => {
    const { promise: asked, resolve: arrived } = Promise.withResolvers<void>();
    const { promise: enough, resolve: goOn } = Promise.withResolvers<void>();
    const page = '<link rel="alternate" type="application/rss+xml" href="/never-asked.xml"><p>慢</p>';
    const slow = await startSite((_, response) => {
      arrived();
      void enough.then(() => response.writeHead(200, { 'content-type': 'text/html' }).end(page));
    });
    const left = new AbortController();
    const body = new FormData();
    body.set('url', slow.url);
    const headers = { origin: web.address, cookie: officer.cookie };
    const answer = fetch(`${web.address}/sources/new/look`, {
      ...{ method: 'POST', headers, body, signal: left.signal },
    }).then((response) => response.text());
    await asked;
    left.abort();
    await expect(answer).rejects.toThrow();
    const looking = `select from pg_stat_activity where application_name = 'jiansheng hosts'`;
    await until('the look to be over', async () => (await engines.store.query(looking)).rowCount === 0);
    goOn();
    expect(slow.asked.filter((path) => path !== '/robots.txt')).toEqual(['/']);
    await slow.close();
  });

  test('no more often than a person may ask, and what is no address is told', async () => {
    const often = await enter('often', 'city', 'analyst');
    const answers = [];
    for (let n = 0; n < 31; n += 1)
      answers.push(await send(often, '/sources/new/look', { url: 'http://localhost/' }));
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(30).fill(200), 429]);
    expect((await send(officer, '/sources/new/look', { url: 'ftp://x' })).status).toBe(400);
  });
});

describe('a source is added', () => {
  test('and runs at once when everything was checked', async () => {
    const id = idOf(await send(officer, '/sources/new?/save', { ...feed(), ...approval, then: 'run' }));
    expect(await rowOf(id)).toMatchObject({
      ...{ office_id: offices.city, origin: 'desk', enabled: true, approved_by: '办公室 主任' },
      ...{ added_by: 'officer', interval_seconds: 900, settings: { fullText: 'never' } },
    });
    expect(await isDue(id)).toBe(true);
    expect(await actsOn(id)).toEqual(['source-add']);
  });

  test('not with a point unticked, nor with wrong settings: each fault stands at its line, what was typed stays', async () => {
    const fields = feed({ kind: 'site', 'settings.list.link': 'a[', rest: 'list: {maxPages: 9999}' });
    const sent = { ...fields, ...approval, checked: ['public'], approvedBy: '', then: 'run' };
    const refused = await send(officer, '/sources/new?/save', sent);
    expect(refused.status).toBe(400);
    for (const words of [
      sourceMessages.approval.unticked,
      sourceMessages.form.required,
      'settings.list.link',
      'rest',
      'a[',
      '不是有效的 CSS 选择器',
    ])
      expect(refused.text).toContain(words);
    expect((await send(officer, '/sources/new?/save', feed({ kind: 'nonsense' }))).status).toBe(400);
  });

  test('waits when nobody approves it; who asked for it as an analyst cannot', async () => {
    const sent = feed();
    expect((await send(analyst, '/sources/new?/save', { ...sent, ...approval, then: 'run' })).status).toBe(
      403,
    );
    const id = idOf(await send(analyst, '/sources/new?/save', { ...sent, ...approval, then: 'wait' }));
    expect(await rowOf(id)).toMatchObject({
      enabled: false,
      approved_by: null,
      impact_note: approval.impactNote,
    });
    expect(await isDue(id)).toBe(false);
    expect((await ask(web.address, 'GET', '/sources', leader.cookie)).text).toContain(
      sourceMessages.waiting.title(1),
    );
    const approve = `/sources/${id}/approve`;
    const tried = await look(leader, {}, `${approve}/look`);
    const shown = tried.find((line) => line.say === 'trial')?.items ?? [];
    expect(shown.map(({ outlet }) => outlet)).toEqual(Array(10).fill(sent['name']));
    expect((await send(analyst, approve, approval)).status).toBe(403);
    expect((await send(leader, approve, { ...approval, checked: ['robots'] })).status).toBe(400);
    expect((await send(leader, approve, approval)).status).toBe(303);
    expect(await isDue(id)).toBe(true);
    expect(await actsOn(id)).toEqual(['source-add', 'source-approve']);
  });

  test('once for each address of an office', async () => {
    const sent: Fields = { ...feed(), then: 'wait' };
    expect((await send(officer, '/sources/new?/save', sent)).status).toBe(303);
    const again = await send(officer, '/sources/new?/save', { ...sent, name: '又一个' });
    expect(again.status).toBe(409);
    expect(again.text).toContain(sourceMessages.form.duplicate(String(sent['name'])));
  });

  test('by its kind, where there is no address; its secret can be written and never read', async () => {
    const sent = {
      kind: 'weibo',
      name: '本院微博',
      'settings.uid': '1234567890',
      'settings.read': ['mentions'],
    };
    const id = idOf(await send(officer, '/sources/new?/save', { ...sent, then: 'wait' }));
    expect(await rowOf(id)).toMatchObject({ url: null, settings: { uid: '1234567890', read: ['mentions'] } });
    const edit = `/sources/${id}/edit`;
    const secret = { name: 'access-token', value: 'token-of-the-office' };
    expect((await send(officer, `${edit}?/secret`, { ...secret, name: 'other' })).status).toBe(400);
    expect((await send(officer, `${edit}?/secret`, secret)).status).toBe(200);
    const page = await ask(web.address, 'GET', edit, officer.cookie);
    expect(page.text).toContain(sourceMessages.edit.secretSet);
    expect(page.text).not.toContain(secret.value);
    expect(await actsOn(id)).toEqual(['source-add', 'source-secret-set']);
  });
});

describe('a source is changed', () => {
  test('and keeps its approval while it reads the same site', async () => {
    const sent = feed();
    const id = idOf(await send(officer, '/sources/new?/save', { ...sent, ...approval, then: 'run' }));
    const changed = { ...sent, name: '改了名', intervalSeconds: '7200', key: 'own-key' };
    expect((await send(analyst, `/sources/${id}/edit?/save`, changed)).status).toBe(303);
    expect(await rowOf(id)).toMatchObject({
      name: '改了名',
      key: 'own-key',
      interval_seconds: 7200,
      enabled: true,
    });
    const elsewhere = { ...changed, url: 'https://other.example.com/rss' };
    expect((await send(analyst, `/sources/${id}/edit?/save`, elsewhere)).location).toContain('/approve');
    expect(await rowOf(id)).toMatchObject({ enabled: false, approved_by: null, checked: [] });
  });

  test('and loses its approval and its secrets when somebody else is asked from now on', async () => {
    const sent = { kind: 'weibo', name: '搬走的账号', 'settings.uid': '987654321' };
    const points = { checked: checklistOf('weibo') };
    const made = await send(officer, '/sources/new?/save', { ...sent, ...approval, ...points, then: 'run' });
    const id = idOf(made);
    expect(made.location).toContain('/edit');
    await send(officer, `/sources/${id}/edit?/secret`, { name: 'access-token', value: 'token' });
    const kept = () => engines.store.query('select from source_secrets where source_id = $1', [id]);
    await send(analyst, `/sources/${id}/edit?/save`, { ...sent, name: '只改名' });
    expect(await rowOf(id)).toMatchObject({ enabled: true });
    expect((await kept()).rowCount).toBe(1);
    const elsewhere = { ...sent, rest: 'endpoint: https://elsewhere.example.com' };
    await send(analyst, `/sources/${id}/edit?/save`, elsewhere);
    expect(await rowOf(id)).toMatchObject({ enabled: false, approved_by: null });
    expect((await kept()).rowCount).toBe(0);
  });

  test('with a fault at its line; one of hub.yaml not at all', async () => {
    const sent = feed();
    const id = idOf(await send(officer, '/sources/new?/save', { ...sent, ...approval, then: 'run' }));
    const wrong = { ...sent, intervalSeconds: '86400', longestIntervalSeconds: '3600' };
    const refused = await send(officer, `/sources/${id}/edit?/save`, wrong);
    expect(refused.text).toContain(sourceMessages.form.longestShorter);
    await engines.store.query(`update sources set origin = 'file' where id = $1`, [id]);
    expect((await send(officer, `/sources/${id}/edit?/save`, sent)).status).toBe(409);
    expect((await ask(web.address, 'GET', `/sources/${id}/edit`, officer.cookie)).text).toContain('hub.yaml');
  });
});

describe('crawling is stopped', () => {
  test('for one source, with a reason, and resumed', async () => {
    const id = idOf(await send(officer, '/sources/new?/save', { ...feed(), ...approval, then: 'run' }));
    expect((await send(analyst, `/sources/${id}/stop?/stop`, { reason: '' })).status).toBe(409);
    expect((await send(analyst, `/sources/${id}/stop?/stop`, { reason: '对方网站在维护' })).status).toBe(303);
    expect(await isDue(id)).toBe(false);
    expect((await ask(web.address, 'GET', '/sources/stops', boss.cookie)).text).toContain('对方网站在维护');
    expect((await send(boss, '/sources/stops?/resumeSource', { id: String(id) })).status).toBe(200);
    expect(await isDue(id)).toBe(true);
    expect(await actsOn(id)).toEqual(['source-add', 'source-stop', 'source-resume']);
  });

  test('for all below an office, and those below cannot undo it', async () => {
    expect((await send(boss, '/sources/stops?/stop', { what: 'all', reason: '上级要求' })).status).toBe(200);
    expect((await ask(web.address, 'GET', '/sources', officer.cookie)).text).toContain('上级要求');
    const [stop] = (
      await engines.store.query<{ id: number }>('select id from crawl_stops where ended_at is null')
    ).rows;
    const id = String(stop?.id);
    const refused = await send(officer, '/sources/stops?/resume', { id });
    expect(refused).toMatchObject({ status: 409 });
    expect(refused.text).toContain(sourceMessages.stops.above);
    expect((await send(boss, '/sources/stops?/resume', { id })).status).toBe(200);
    expect((await send(boss, '/sources/stops?/resume', { id })).status).toBe(409);
  });
});

describe('a list of sources', () => {
  type Plan = { all: number; list: string };
  /** The list that comes back with the order to import it, out of the page's data. */
  const listIn = (text: string): string => {
    const values = JSON.parse((JSON.parse(text) as { data: string }).data) as unknown[];
    const plan = values.find(
      (value): value is Plan => typeof value === 'object' && value !== null && 'list' in value,
    );
    return String(values[Number(plan?.list)]);
  };

  test('is shown line by line, and then imported', async () => {
    const known = feed();
    await send(officer, '/sources/new?/save', { ...known, then: 'wait' });
    const file = new Blob([
      '名称,网址,类型,间隔\n',
      '甲报,https://a.example.com/rss.xml,订阅,30 分钟\n',
      '乙网,https://b.example.com/list,网站,2 小时\n',
      `已有的,${String(known['url'])},订阅,\n`,
      '丙网,ftp://c.example.com,网站,\n丁网,https://d.example.com/,博客,\n',
      '戊网,https://a.example.com/rss.xml,订阅,\n',
    ]);
    const shown = await send(analyst, '/sources/import?/preview', { file });
    for (const words of ['甲报', '乙网', '须是 http', '博客', sourceMessages.import.wrong.twice(2)])
      expect(shown.text).toContain(words);
    const list = listIn(shown.text);
    expect(list).not.toContain('丙网');
    expect((await send(analyst, '/sources/import?/apply', { list, ...approval, then: 'run' })).status).toBe(
      403,
    );
    expect((await send(officer, '/sources/import?/apply', { list, then: 'run' })).status).toBe(400);
    expect((await send(officer, '/sources/import?/apply', { list, ...approval, then: 'run' })).status).toBe(
      200,
    );
    const rows = await engines.store.query(
      `select name, kind, interval_seconds, enabled from sources where url like 'https://_.example.com/%' order by name`,
    );
    expect(rows.rows).toEqual([
      { name: '乙网', kind: 'site', interval_seconds: 7200, enabled: true },
      { name: '甲报', kind: 'feed', interval_seconds: 1800, enabled: true },
    ]);
    // Again: everything is known.
    expect((await send(officer, '/sources/import?/apply', { list, then: 'wait' })).status).toBe(409);
  });

  test('of a feed reader is one too; garbage is refused in words', async () => {
    const opml = `<?xml version="1.0"?><opml version="2.0"><body><outline text="新闻">
      <outline type="rss" text="庚报" xmlUrl="https://g.example.org/feed"/></outline></body></opml>`;
    const shown = await send(officer, '/sources/import?/preview', { file: new Blob([opml]) });
    expect(shown.text).toContain('https://g.example.org/feed');
    for (const bad of ['<html></html>', '什么都不是', '名称\n甲'])
      expect((await send(officer, '/sources/import?/preview', { file: new Blob([bad]) })).status, bad).toBe(
        409,
      );
    const binary = new Blob([crypto.getRandomValues(new Uint8Array(50_000))]);
    expect((await send(officer, '/sources/import?/preview', { file: binary })).status).toBe(409);
  });

  test('goes out as a table and for feed readers, and the log says so', async () => {
    const table = await ask(web.address, 'GET', '/sources/export', analyst.cookie);
    expect(table.text).toContain('甲报,https://a.example.com/rss.xml,订阅,30 分钟');
    expect(table.text).not.toContain('token-of-the-office');
    const opml = await ask(web.address, 'GET', '/sources/export?format=opml', analyst.cookie);
    expect(opml.text).toContain('xmlUrl="https://a.example.com/rss.xml"');
    expect(opml.text).not.toContain('乙网');
    const logged = await engines.store.query(`select from audit_entries where action = 'source-export'`);
    expect(logged.rowCount).toBe(2);
  });
});
