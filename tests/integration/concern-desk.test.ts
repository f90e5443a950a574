import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Engines } from '../../indexer/topics/engines-worker.ts';
import { groupPortion } from '../../indexer/topics/portion-worker.ts';
import { shippedSegmenter } from '../../indexer/text/segmenter.ts';
import { concernPlaces, concernVoices } from '../../store/concern-view.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import { oneOffice, scoped, type Scope } from '../../store/scope.ts';
import { storePosts } from '../../store/storing.ts';
import { concernDays, listConcerns, wordCounts } from '../../store/trending.ts';
import { ensureRules, listRules } from '../../store/warning-rules.ts';
import { shanghaiMidnight } from '../../web/lib/format.ts';
import { concernMessages } from '../../web/lib/messages/concerns.ts';
import { concernPageMessages as words } from '../../web/lib/messages/concern.ts';
import { ruleMessages } from '../../web/lib/messages/rules.ts';
import { draftOf, fieldsOf } from '../../web/lib/rule-draft.ts';
import { concernState, told } from '../support/concerns.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { makeSource, newPost } from '../support/posts.ts';
import { ask, makePerson, signIn, startTestWeb, type Session, type TestWeb } from '../support/web.ts';

/** Concerns of a county, as the pages of the desk show them to it, to the city above and to the one beside. */
let engines: TestEngines;
let web: TestWeb;
/** As the hub's own processes: scopes hold for it. */
let app: Pool;
let city: number;
let county: number;
let beside: number;
let officer: Session;
let analyst: Session;
let leader: Session;
let stranger: Session;
let canteen: number;
let noise: number;
const NOW = new Date();
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
  app = openStore(engines.runtime().databaseUrl, 'test');
  const { store } = engines;
  const province = await makeOffice(store, 'province', 'provincial');
  city = await makeOffice(store, 'city', 'municipal', province);
  county = await makeOffice(store, 'county', 'county', city);
  beside = await makeOffice(store, 'beside', 'county', city);
  const [first, second] = [
    await makeSource(store, county, '云州论坛'),
    await makeSource(store, county, '云州日报'),
  ];
  const posts = (matter: 'canteen' | 'noise', count: number, from: number, hours: number) =>
    told(matter, count, from).map((change, at) =>
      newPost({
        ...change,
        publishedAt: hoursAgo(hours - at / 60),
        sentiment: matter === 'canteen' ? 'negative' : 'neutral',
        voice: at % 2 === 0 ? 'complaint' : 'question',
        place: '530121',
      }),
    );
  await storePosts(store, county, first.id, posts('canteen', 8, 0, 5));
  await storePosts(store, county, second.id, posts('canteen', 4, 8, 3));
  await storePosts(store, county, first.id, posts('noise', 5, 0, 30));
  await group();
  const [large, small] = await concernState(store, county);
  [canteen, noise] = [large?.id ?? 0, small?.id ?? 0];
  // What they are called is worked out by another part, of which this is no test.
  await store.query(
    `update concerns set label = case id when $1 then '实验中学食堂' else '工地夜间施工' end where office_id = $2`,
    [canteen, county],
  );
  const person = async (name: string, office: number, role: Parameters<typeof makePerson>[3]) =>
    signIn(store, web.address, await makePerson(store, name, office, role));
  officer = await person('officer', county, 'press-officer');
  analyst = await person('analyst', county, 'analyst');
  leader = await person('leader', city, 'leader');
  stranger = await person('stranger', beside, 'press-officer');
  await ensureRules(store, county);
});
afterAll(async () => {
  await app?.end();
  await web?.stop();
  await engines?.stop();
});

async function group(): Promise<void> {
  const grouping = new Engines();
  for (;;) {
    const done = await groupPortion(engines.store, county, grouping, shippedSegmenter(), NOW);
    if (done === 'busy' || !done.left) return;
  }
}

const db = (scope: Scope = oneOffice(county)) => scoped(app, scope);
const get = (path: string, by = officer) => ask(web.address, 'GET', path, by.cookie);
const post = (path: string, fields: Record<string, string>, by = officer) =>
  ask(web.address, 'POST', path, by.cookie, fields);
const version = async (id: number) =>
  String(
    (await engines.store.query<{ version: number }>('select version from concerns where id = $1', [id]))
      .rows[0]?.version,
  );
const any = { text: '', state: 'awake', sort: 'heat', since: null } as const;

describe('lists of concerns', () => {
  test('hold those of the offices in reach that are more than one post', async () => {
    const { concerns, total } = await listConcerns(db(), [county], any);
    expect(concerns.map(({ posts }) => posts).toSorted((a, b) => b - a)).toEqual([12, 5]);
    expect(total).toBe(2);
    expect((await listConcerns(db(oneOffice(beside)), null, any)).total).toBe(0);
  });

  test('are narrowed by words, by time and by state', async () => {
    const found = async (change: Partial<Parameters<typeof listConcerns>[2]>) =>
      (await listConcerns(db(), [county], { ...any, ...change })).concerns.map(({ id }) => id);
    expect(await found({ since: hoursAgo(12) })).toEqual([canteen]);
    expect(await found({ text: '没有这样的词' })).toEqual([]);
    expect(await found({ state: 'muted' })).toEqual([]);
    expect(await found({ sort: 'new' })).toEqual([canteen, noise]);
  });

  test('tell how many there are also beyond their last page', async () => {
    expect(await listConcerns(db(), [county], any, 9, 1)).toMatchObject({ concerns: [], total: 2 });
  });

  test('what rises stands first, and what does not by its heat', async () => {
    const set = (id: number, trend: number | null, heat: number) =>
      engines.store.query('update concerns set trend = $2, heat = $3 where id = $1', [id, trend, heat]);
    const order = async () =>
      (await listConcerns(db(), [county], { ...any, sort: 'trend' })).concerns.map(({ id }) => id);
    await set(canteen, 1, 50);
    await set(noise, 4, 6);
    expect(await order()).toEqual([noise, canteen]);
    await set(noise, 1.3, 6);
    expect(await order()).toEqual([canteen, noise]);
    await set(canteen, null, 12);
    expect(await order()).toEqual([canteen, noise]);
  });

  test('count each day in Asia/Shanghai, and the negative ones', async () => {
    const days = [-2, -1, 0].map((day) => shanghaiMidnight(NOW, day));
    const counts = await concernDays(db(), [county], [canteen, noise], days);
    expect(counts.get(canteen)).toMatchObject({ total: 12, negative: 12 });
    expect(counts.get(noise)).toMatchObject({ total: 5, negative: 0 });
  });
});

describe('words that are said more than usual', () => {
  test('are counted now and over the days before', async () => {
    const today = shanghaiMidnight(NOW);
    const day = (back: number) =>
      new Date(today.getTime() - back * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
    await engines.store.query('delete from word_days');
    for (const [back, word, posts] of [
      [0, '食堂', 20],
      [3, '食堂', 7],
      [5, '工地', 7],
    ] as const) {
      await engines.store.query(
        'insert into word_days (office_id, day, word, posts) values ($1, $2, $3, $4)',
        [county, day(back), word, posts],
      );
    }
    const counts = await wordCounts(db(), [county], NOW);
    expect(counts).toMatchObject({ days: 2 });
    expect([...counts.now]).toEqual([['食堂', 20]]);
    expect([...counts.before]).toEqual([['食堂', 7]]);
    expect((await wordCounts(db(oneOffice(beside)), [beside], NOW)).days).toBe(0);
  });
});

describe('the page of a concern', () => {
  test('shows what is said of it, where, and by which voices', async () => {
    expect(await concernVoices(db(), canteen)).toMatchObject([
      { voice: 'complaint', posts: 6 },
      { voice: 'question', posts: 6 },
    ]);
    expect(await concernPlaces(db(), canteen)).toMatchObject([{ place: '530121', posts: 12, negative: 12 }]);
    const page = await get(`/concerns/${canteen}`);
    expect(page.status).toBe(200);
    for (const shown of [words.timeline, words.parts, words.outlets, '云州论坛', '云州日报']) {
      expect(page.text).toContain(shown);
    }
    expect((await get(`/concerns/${canteen}/posts?sentiment=negative`)).text).toContain('食堂');
  });

  test('is there for an office above, and for none beside', async () => {
    expect((await get(`/concerns/${canteen}`, leader)).status).toBe(200);
    expect((await get(`/concerns/${canteen}`, stranger)).status).toBe(404);
    expect((await get(`/concerns/${canteen}/posts`, stranger)).status).toBe(404);
    expect((await get('/concerns', stranger)).text).toContain(concernMessages.empty);
  });

  test('stands on the overview of its office alone', async () => {
    expect((await get('/')).text).toContain(`/concerns/${canteen}`);
    expect((await get('/', stranger)).text).toContain(concernMessages.overview.none);
  });

  test('is not changed by whoever only reads it', async () => {
    const renamed = await post(
      `/concerns/${canteen}?/rename`,
      { name: '别的', version: await version(canteen) },
      stranger,
    );
    expect(renamed.status).toBe(404);
    expect((await get(`/concerns/find?not=${canteen}`, stranger)).text).toBe('[]');
  });
});

describe('acts on a concern', () => {
  test('rename it, with a way back', async () => {
    const renamed = await post(`/concerns/${canteen}?/rename`, {
      name: '食堂用肉',
      version: await version(canteen),
    });
    expect(renamed.text).toContain(words.renamed);
    expect((await get(`/concerns/${canteen}`)).text).toContain('食堂用肉');
    const { rows } = await engines.store.query<{ id: number }>(
      "select id from concern_acts where concern_id = $1 and kind = 'rename'",
      [canteen],
    );
    const undone = await post(`/concerns/${canteen}?/undo`, { act: String(rows[0]?.id) });
    expect(undone.text).toContain(words.undid);
    expect((await get(`/concerns/${canteen}`)).text).not.toContain('食堂用肉');
  });

  test('are refused to whoever has seen an older version, and with somebody’s name', async () => {
    const seen = await version(canteen);
    await post(`/concerns/${canteen}?/pin`, { to: 'on', version: seen });
    expect((await post(`/concerns/${canteen}?/pin`, { to: 'off', version: seen })).text).toContain(
      '"status":409',
    );
    const named = await post(`/concerns/${canteen}?/rename`, {
      name: '13800138000',
      version: await version(canteen),
    });
    expect(named.text).toContain(words.personalName);
    expect((await get('/concerns')).text).toContain(concernMessages.pinned);
  });

  test('mute it: it is counted on, and on no list of what stirs', async () => {
    await post(`/concerns/${noise}?/mute`, { to: 'on', version: await version(noise) });
    expect((await get('/concerns')).text).not.toContain(`/concerns/${noise}"`);
    expect((await get('/concerns?state=muted')).text).toContain(`/concerns/${noise}"`);
    await post(`/concerns/${noise}?/mute`, { to: 'off', version: await version(noise) });
  });

  test('merge it into another one that is found by its words, and split posts off', async () => {
    const found = JSON.parse((await get(`/concerns/find?not=${canteen}`)).text) as { id: number }[];
    expect(found.map(({ id }) => id)).toEqual([noise]);
    const merged = await post(`/concerns/${noise}?/merge`, {
      into: String(canteen),
      version: await version(noise),
    });
    expect(merged.location).toMatch(new RegExp(`^/concerns/${canteen}\\?said=merged&act=\\d+$`));
    // Its address leads on to where its posts are now.
    expect((await get(`/concerns/${noise}`)).location).toBe(`/concerns/${canteen}`);
    // With what was asked for there; what was said of an act of then is not said again.
    const leads = async (to: string) => (await get(`/concerns/${noise}${to}`)).location;
    expect(await leads('?period=60d&said=split&act=1')).toBe(`/concerns/${canteen}?period=60d`);
    expect(await leads('/posts')).toBe(`/concerns/${canteen}/posts`);
    expect(await leads('/posts?sentiment=negative&page=2')).toBe(
      `/concerns/${canteen}/posts?sentiment=negative&page=2`,
    );
    const act = /act=(\d+)/u.exec(merged.location ?? '')?.[1] ?? '';
    await post(`/concerns/${canteen}?/undo`, { act });
    expect((await get(`/concerns/${noise}`)).status).toBe(200);

    const nothing = await post(`/concerns/${canteen}/posts?/split`, { version: await version(canteen) });
    expect(nothing.text).toContain(words.splitNone);
    const { rows } = await engines.store.query<{ id: string }>(
      'select post_id as id from concern_posts where concern_id = $1 order by post_id limit 1',
      [canteen],
    );
    const split = await post(`/concerns/${canteen}/posts?/split`, {
      post: String(rows[0]?.id),
      name: '陪餐制度',
      version: await version(canteen),
    });
    expect((await get(split.location ?? '')).text).toContain('陪餐制度');
  });

  test('note what there is to know', async () => {
    await post(`/concerns/${canteen}?/note`, { text: '已请教育条线核实' });
    expect((await get(`/concerns/${canteen}`)).text).toContain('已请教育条线核实');
    expect((await post(`/concerns/${canteen}?/note`, { text: '  ' })).text).toContain(words.noNote);
  });
});

describe('rules of warnings', () => {
  const first = async () => (await listRules(db(), [county]))[0];
  const fields = async (change: Record<string, string> = {}) => {
    const rule = await first();
    if (!rule) throw new Error('the office has no rules');
    // Every field of this rule but its subjects comes once; of these there is one.
    return { ...Object.fromEntries(fieldsOf(draftOf(rule))), version: String(rule.version), ...change };
  };

  test('are listed in a sentence each, to be changed by analysts alone', async () => {
    const rule = await first();
    const page = await get('/warnings/rules');
    expect(page.text).toContain(rule?.name);
    expect(page.text).not.toContain(ruleMessages.new);
    expect((await get('/warnings/rules', analyst)).text).toContain(ruleMessages.new);
    expect((await post(`/warnings/rules/${rule?.id}?/save`, await fields())).status).toBe(403);
  });

  test('are changed field by field, kept in versions, restored and reset', async () => {
    const id = (await first())?.id;
    const at = `/warnings/rules/${id}`;
    const wrong = await post(`${at}?/save`, await fields({ 'c0-hours': '0' }), analyst);
    expect(wrong.text).toContain(ruleMessages.form.wrongNumber['hours']);
    expect((await post(`${at}?/save`, await fields({ 'c0-atLeast': '77' }), analyst)).text).toContain(
      ruleMessages.form.saved,
    );
    expect((await get(at, analyst)).text).toContain('77');
    expect((await post(`${at}?/restore`, { version: '2', restore: '1' }, analyst)).text).toContain(
      ruleMessages.page.restored,
    );
    expect((await post(`${at}?/switch`, { version: '3', to: 'off' }, analyst)).text).toContain(
      ruleMessages.page.disabled,
    );
    expect((await post(`${at}?/reset`, { version: '4' }, analyst)).text).toContain(
      ruleMessages.page.resetDone,
    );
    expect((await first())?.enabled).toBe(true);
  });

  test('are tried before they are saved: in words, and on the past', async () => {
    const tried = await post(
      '/warnings/rules/try',
      { ...(await fields()), run: '1', office: String(county) },
      analyst,
    );
    const answer = JSON.parse(tried.text) as {
      sentence: string;
      preview: { days: number; volume: unknown[] };
    };
    expect(answer.sentence.length).toBeGreaterThan(10);
    expect(answer.preview.days).toBe(90);
    expect(answer.preview.volume).toHaveLength(90);
    const elsewhere = { ...(await fields()), run: '1', office: String(beside) };
    expect((await post('/warnings/rules/try', elsewhere, analyst)).status).toBe(404);
  });
});

describe('replaying the past', () => {
  const mark = {
    name: '食堂用肉事件',
    about: 'concern',
    began: '2026-11-01T08:00',
    peak: '2026-11-01T12:00',
    ended: '2026-11-02T08:00',
    level: 'orange',
  };
  const send = (change: Record<string, string>, by = analyst) =>
    post(
      '/warnings/replay?/mark',
      { ...mark, office: String(county), concern: String(canteen), ...change },
      by,
    );

  test('starts with marking what really happened', async () => {
    expect((await send({})).text).toContain(ruleMessages.replay.marked);
    expect((await get('/warnings/replay', analyst)).text).toContain('食堂用肉事件');
    expect((await send({ ended: '2026-10-01T08:00' })).text).toContain('"status":409');
    expect((await send({ concern: '999999' })).text).toContain(ruleMessages.replay.noSubject);
    expect((await send({}, stranger)).status).toBe(403);
    expect((await send({ office: String(beside) })).status).toBe(404);
  });

  test('is asked for once at a time, for a stretch that makes sense', async () => {
    const run = (from: string, to: string) =>
      post('/warnings/replay?/run', { office: String(county), from, to }, analyst);
    expect((await run('2026-11-05', '2026-11-01')).text).toContain(ruleMessages.replay.badTimes);
    expect((await run('2020-11-05', '2026-11-01')).text).toContain(ruleMessages.replay.badTimes);
    expect((await run('2026-10-01', '2026-11-01')).text).toContain(ruleMessages.replay.asked);
    expect((await run('2026-10-01', '2026-11-01')).text).toContain('"status":409');
    expect((await get('/warnings/replay', analyst)).text).toContain(ruleMessages.replay.waiting);
  });

  test('says when there are too few marks to say anything', async () => {
    const result = {
      ...{ posts: 100, days: 31, suggestions: [], precision: null, recall: 1, medianLeadMinutes: 90 },
      events: [{ id: 1, name: '食堂用肉事件', found: '2026-11-01T02:30:00Z', leadMinutes: 90 }],
      ...{ falsePer30Days: 0, falseAboveBluePer30Days: 0 },
    };
    await engines.store.query(
      "update replays set state = 'done', progress = 1, result = $1, done_at = now()",
      [result],
    );
    const page = await get('/warnings/replay', analyst);
    expect(page.text).toContain(ruleMessages.replay.tooFew(1, 5));
    expect(page.text).toContain(ruleMessages.replay.recallOf(1, 1));
  });
});
