import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { watches as shipped } from '../../config/defaults.ts';
import { index } from '../../hub/roles/index.ts';
import { ingest } from '../../indexer/ingest.ts';
import { KnowledgeKeeper } from '../../indexer/knowledge-keeper.ts';
import { runBacklog } from '../../indexer/watches/backlog.ts';
import { askStored } from '../../indexer/watches/stored.ts';
import { pulseShares } from '../../store/pulse-by.ts';
import { EVERY_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { dueWatches, matchStoredPosts } from '../../store/watch-backlog.ts';
import {
  addWatch,
  changeWatch,
  ensureWatches,
  listWatches,
  restoreWatch,
  watchById,
  watchNames,
  watchVersions,
  type WatchDetails,
} from '../../store/watches.ts';
import { silent, until } from '../support/engines.ts';
import { draft, makeSource } from '../support/posts.ts';
import { startStaff, type Hand, type Place, type Staff } from '../support/staff.ts';

let staff: Staff;
const hands = {} as Record<Place, Hand>;
const sources = {} as Record<Place, { id: number; officeId: number }>;
const places: readonly Place[] = ['province', 'city', 'county', 'other'];

beforeAll(async () => {
  staff = await startStaff();
  for (const place of places) {
    const id = await staff.person(place, 'analyst');
    hands[place] = {
      db: scoped(staff.app, oneOffice(staff.offices[place])),
      actor: (await staff.hand('analyst', place, id)).actor,
    };
    sources[place] = await makeSource(staff.engines.store, staff.offices[place], `feed-${place}`);
  }
});
afterAll(() => staff.stop());

let made = 0;
const details = (change: Partial<WatchDetails> = {}): WatchDetails => {
  made += 1;
  return { name: `方案${made}`, subjectKind: 'issue', subject: '食堂', query: '食堂 变质', ...change };
};

/** Stores a post as a process does that has not heard of any watch. */
async function store(place: Place, text: string): Promise<number> {
  made += 1;
  await ingest(staff.engines.store, sources[place], [draft(`w-${made}`, { title: null, text })], Date.now());
  const found = await staff.engines.store.query<{ id: number }>('select max(id) as id from posts');
  return (found.rows[0] as { id: number }).id;
}

async function marksOf(id: number): Promise<number[]> {
  const found = await staff.engines.store.query<{ watches: number[] }>(
    'select watches from posts where id = $1',
    [id],
  );
  return found.rows[0]?.watches ?? [];
}

/** What the counters say of a watch, in all offices together. */
async function counted(watch: number): Promise<number> {
  const range = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') };
  const shares = await pulseShares(staff.engines.store, null, 'watch', range);
  const share = shares.find(({ key }) => key === String(watch));
  return share ? share.negative + share.neutral + share.positive : 0;
}

/** Does what is due, each in the scope of the very office. */
async function work(): Promise<void> {
  for (const task of await dueWatches(staff.engines.store)) {
    await askStored(scoped(staff.app, oneOffice(task.officeId)), task);
  }
}

const hurry = () => staff.engines.store.query('update watch_backlog set due_at = now()');
const waiting = async () =>
  (await staff.engines.store.query<{ n: number }>('select count(*)::int as n from watch_backlog')).rows[0]?.n;

describe('stored posts are asked about a new watch', () => {
  test('those of its office and of the offices below, and no others; counters and search follow', async () => {
    const posts = {} as Record<Place, number>;
    for (const place of places) posts[place] = await store(place, `${place}的食堂里有变质的肉，家长很担心`);
    const another = await store('city', '食堂很干净，大家都满意地吃完了午饭');
    await staff.engines.store.query('delete from search_outbox');
    const { db, actor } = hands.city;
    const id = await addWatch(db, actor, staff.offices.city, details());
    expect((await watchById(db, id))?.catchingUp).toBe(true);
    await work();
    expect((await watchById(db, id))?.catchingUp).toBe(false);
    expect(await Promise.all(places.map((place) => marksOf(posts[place])))).toEqual([[], [id], [id], []]);
    expect(await marksOf(another)).toEqual([]);
    expect(await counted(id)).toBe(2);
    const told = await staff.engines.store.query<{ post_id: number }>('select post_id from search_outbox');
    expect(told.rows.map((row) => row.post_id).toSorted()).toEqual([posts.city, posts.county].toSorted());
  });

  test('those that were on their way when it was made come in a second round', async () => {
    const { db, actor } = hands.city;
    const id = await addWatch(db, actor, staff.offices.city, details({ query: '校车 超载' }));
    await work();
    const late = await store('county', '校车又超载了，请有关部门管一管');
    await work();
    expect(await marksOf(late)).toEqual([]);
    await hurry();
    await work();
    expect(await marksOf(late)).toEqual([id]);
    expect(await counted(id)).toBe(1);
    expect(await waiting()).toBe(0);
  });

  test('what seemed to be off-topic and is asked for is relevant, unless a person has said otherwise', async () => {
    const seen = await store('city', '红烧排骨要小火炖四十分钟，出锅前撒一把葱花，邻居都说香');
    const said = await store('city', '红烧排骨要小火炖五十分钟，出锅前再撒一把葱花，全家都爱吃');
    const both = [seen, said];
    const relevances = async () =>
      (
        await staff.engines.store.query<{ relevance: string }>(
          'select relevance from posts where id = any ($1) order by id',
          [both],
        )
      ).rows.map(({ relevance }) => relevance);
    await staff.engines.store.query(`update posts set reviewed = '{relevance}' where id = $1`, [said]);
    expect(await relevances()).toEqual(['off-topic', 'off-topic']);
    const { db, actor } = hands.city;
    const id = await addWatch(db, actor, staff.offices.city, details({ query: '排骨 葱花' }));
    await work();
    expect(await Promise.all(both.map(marksOf))).toEqual([[id], [id]]);
    expect(await relevances()).toEqual(['relevant', 'off-topic']);
  });

  test('page by page, and whoever was stopped goes on where it was', async () => {
    const ids: number[] = [];
    for (let n = 0; n < 7; n += 1) ids.push(await store('city', `第${n}家工地拖欠工资，工人在门口等`));
    const { db, actor } = hands.city;
    const watchId = await addWatch(db, actor, staff.offices.city, details({ query: '拖欠工资' }));
    const task = { officeId: staff.offices.city, watchId, version: 1 };
    const seen: number[] = [];
    const page = () =>
      matchStoredPosts(
        db,
        task,
        (posts) => {
          seen.push(...posts.map(({ id }) => id));
          return new Set(posts.map(({ id }) => id).filter((id) => ids.includes(id)));
        },
        3,
      );
    expect(await page()).toBe(3);
    // Every further call is as good as another process.
    while ((await page()) !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 7)).toEqual(ids.toReversed());
    expect(await counted(watchId)).toBe(7);
  });

  test('by the running hub', async () => {
    const post = await store('county', '河道里又有人偷偷排污，臭气熏天');
    const stop = await index(staff.engines.runtime(), silent);
    try {
      const { db, actor } = hands.province;
      const id = await addWatch(db, actor, staff.offices.province, details({ query: '河道 排污' }));
      await until('the post bears the mark', async () => (await marksOf(post)).includes(id));
    } finally {
      await stop();
    }
  });
});

describe('a change of a watch', () => {
  test('to another query turns marks and counters round, and back when it is taken back', async () => {
    const [meat, car] = [
      await store('city', '菜市场的猪肉注水了'),
      await store('city', '电梯坏了半个月没人修'),
    ];
    const { db, actor } = hands.city;
    const id = await addWatch(db, actor, staff.offices.city, details({ query: '猪肉 注水' }));
    await work();
    expect(await changeWatch(db, actor, id, 1, { query: '电梯 坏' })).toBe(2);
    await work();
    expect([await marksOf(meat), await marksOf(car), await counted(id)]).toEqual([[], [id], 1]);
    expect(await restoreWatch(db, actor, id, 2, 1)).toBe(3);
    await work();
    expect([await marksOf(meat), await marksOf(car), await counted(id)]).toEqual([[id], [], 1]);
    const versions = await watchVersions(db, id);
    expect(versions.map(({ version, query, restores }) => [version, query, restores])).toEqual([
      [3, '猪肉 注水', 1],
      [2, '电梯 坏', null],
      [1, '猪肉 注水', null],
    ]);
  });

  test('of its name alone asks nothing anew', async () => {
    const { db, actor } = hands.city;
    const id = await addWatch(db, actor, staff.offices.city, details());
    await work();
    await hurry();
    await work();
    expect(await waiting()).toBe(0);
    await changeWatch(db, actor, id, 1, { name: '改名以后' });
    expect(await waiting()).toBe(0);
  });

  test('that pauses it leaves what was marked; what came meanwhile is made up for when it goes on', async () => {
    const before = await store('city', '公交站的广告牌被风吹倒了');
    const { db, actor } = hands.city;
    const id = await addWatch(db, actor, staff.offices.city, details({ query: '广告牌 吹倒' }));
    await work();
    const paused = await changeWatch(db, actor, id, 1, { enabled: false });
    const keeper = new KnowledgeKeeper(scoped(staff.app, EVERY_OFFICE), silent, 0);
    expect((await keeper.current()).edits.watches.map((watch) => watch.id)).not.toContain(id);
    const meanwhile = await store('city', '广场的广告牌也被风吹倒了');
    await work();
    expect([await marksOf(before), await marksOf(meanwhile)]).toEqual([[id], []]);
    await changeWatch(db, actor, id, paused, { enabled: true });
    await work();
    expect(await marksOf(meanwhile)).toEqual([id]);
    expect((await keeper.current()).edits.watches.map((watch) => watch.id)).toContain(id);
  });

  test('is refused when somebody else has made one meanwhile, and when the name is taken', async () => {
    const { db, actor } = hands.city;
    const [one, other] = [details(), details()];
    const id = await addWatch(db, actor, staff.offices.city, one);
    await addWatch(db, actor, staff.offices.city, other);
    await changeWatch(db, actor, id, 1, { subject: '校园餐' });
    await expect(changeWatch(db, actor, id, 1, { subject: '食材' })).rejects.toMatchObject({
      code: 'watch-changed',
    });
    await expect(changeWatch(db, actor, id, 2, { name: other.name })).rejects.toMatchObject({
      code: 'watch-name',
    });
    await expect(addWatch(db, actor, staff.offices.city, one)).rejects.toMatchObject({ code: 'watch-name' });
    // Who archives it makes room for another one of its name; then it cannot come back under it.
    await changeWatch(db, actor, id, 2, { archived: true });
    await addWatch(db, actor, staff.offices.city, { ...one });
    await expect(changeWatch(db, actor, id, 3, { archived: false })).rejects.toMatchObject({
      code: 'watch-name',
    });
  });

  test('is in the audit log under what it was', async () => {
    const { db, actor } = hands.city;
    const id = await addWatch(db, actor, staff.offices.city, details());
    await changeWatch(db, actor, id, 1, { query: '食堂 发霉' });
    await changeWatch(db, actor, id, 2, { enabled: false });
    await changeWatch(db, actor, id, 3, { enabled: true });
    await changeWatch(db, actor, id, 4, { archived: true });
    await changeWatch(db, actor, id, 5, { archived: false });
    await restoreWatch(db, actor, id, 6, 1);
    const found = await staff.engines.store.query<{ entry: string }>(
      `select entry from audit_entries where subject = $1 order by seq`,
      [`watch:${id}`],
    );
    const acts = found.rows.map(({ entry }) => JSON.parse(entry) as { action: string; actor: string });
    expect(acts.map(({ action }) => action)).toEqual(
      ['add', 'change', 'pause', 'resume', 'archive', 'return', 'restore'].map((act) => `watch-${act}`),
    );
    expect(new Set(acts.map((act) => act.actor))).toEqual(new Set([actor.id]));
  });
});

describe('the reach of a watch', () => {
  test('offices below see it and cannot change it; offices beside and above do not see it from below', async () => {
    const { db, actor } = hands.city;
    const id = await addWatch(db, actor, staff.offices.city, details());
    const below = hands.county;
    expect((await watchById(below.db, id))?.name).toMatch(/^方案/u);
    expect([...(await watchNames(below.db, [id])).keys()]).toEqual([id]);
    await expect(changeWatch(below.db, below.actor, id, 1, { name: '不行' })).rejects.toMatchObject({
      code: 'watch-gone',
    });
    expect(await watchVersions(below.db, id)).toEqual([]);
    expect(await watchById(hands.other.db, id)).toBeNull();
    expect(await watchById(hands.province.db, id)).toBeNull();
    // Once it is not asked any more, it is nobody's business but its office's.
    await changeWatch(db, actor, id, 1, { enabled: false });
    expect(await watchById(below.db, id)).toBeNull();
  });

  test('a list has those of the offices first, then those that count for them from above', async () => {
    const [own, above] = [details({ name: '县里的方案' }), details({ name: '市里的方案' })];
    const { county, city } = hands;
    await addWatch(county.db, county.actor, staff.offices.county, own);
    await addWatch(city.db, city.actor, staff.offices.city, above);
    const listed = await listWatches(
      county.db,
      [staff.offices.county],
      [staff.offices.city, staff.offices.province],
      { text: '的方案', archived: false },
    );
    expect(listed.map(({ name }) => name)).toEqual(['县里的方案', '市里的方案']);
  });

  test('posts that come in bear the marks of their office and of those above', async () => {
    const { county, city, other } = hands;
    const query = '噪音 扰民';
    const ids = [
      await addWatch(county.db, county.actor, staff.offices.county, details({ query })),
      await addWatch(city.db, city.actor, staff.offices.city, details({ query })),
    ];
    await addWatch(other.db, other.actor, staff.offices.other, details({ query }));
    const knowledge = await new KnowledgeKeeper(scoped(staff.app, EVERY_OFFICE), silent).current();
    const text = '楼下的烧烤摊噪音扰民，每天到凌晨';
    await ingest(staff.engines.store, sources.county, [draft('noise', { text })], Date.now(), knowledge);
    const found = await staff.engines.store.query<{ id: number }>('select max(id) as id from posts');
    expect(await marksOf(found.rows[0]?.id as number)).toEqual(ids);
  });
});

test('the watches that ship are given once: what was archived does not come back', async () => {
  const { store: owner } = staff.engines;
  const office = staff.offices.other;
  await ensureWatches(owner, office, shipped);
  const all = () => listWatches(owner, [office], [], { text: '', archived: false });
  const first = (await all()).filter(({ changedBy }) => changedBy === null);
  expect(first.length).toBe(shipped.length);
  const { db, actor } = hands.other;
  await changeWatch(db, actor, first[0]?.id as number, 1, { archived: true });
  await changeWatch(db, actor, first[1]?.id as number, 1, { query: '食堂' });
  const before = await all();
  await ensureWatches(owner, office, shipped);
  expect(await all()).toEqual(before);
});

test('in the background, one that cannot be asked keeps no other one waiting, and is asked once it can be', async () => {
  const { db, actor } = hands.city;
  const broken = await addWatch(db, actor, staff.offices.city, details({ query: '河道 发黑' }));
  const other = await addWatch(db, actor, staff.offices.city, details({ query: '河道 发臭' }));
  const { store: owner } = staff.engines;
  await owner.query(`
    create function fail_watch() returns trigger language plpgsql as $$ begin raise exception 'this one fails'; end $$;
    create trigger fail_watch before update on watch_backlog for each row when (old.watch_id = ${broken})
      execute function fail_watch()`);
  const stop = new AbortController();
  const running = runBacklog(staff.app, silent, stop.signal);
  try {
    const isCatchingUp = async (id: number) => (await watchById(db, id))?.catchingUp === true;
    await until('the other watch to be asked about', async () => !(await isCatchingUp(other)));
    expect(await isCatchingUp(broken)).toBe(true);
    await owner.query('drop function fail_watch cascade');
    await until('the one that failed to be asked about', async () => !(await isCatchingUp(broken)));
  } finally {
    stop.abort();
    await running;
  }
});
