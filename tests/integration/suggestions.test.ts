import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { watches } from '../../config/defaults.ts';
import type { SuggestedLevel } from '../../config/warning-levels.ts';
import type { Rule } from '../../config/warning-rules.ts';
import { evaluateOffice } from '../../indexer/warnings/evaluate.ts';
import { countInConcerns } from '../../store/concern-count.ts';
import { forgetPosts } from '../../store/forget.ts';
import { lockPosts } from '../../store/locks.ts';
import { openStore, transaction, type Pool, type Store } from '../../store/pool.ts';
import type { NewPost } from '../../store/posts.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { storePosts } from '../../store/storing.ts';
import { ensureWatches } from '../../store/watches.ts';
import { openWarnings, stepsOf } from '../../store/warnings.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { makeSource, newPost } from '../support/posts.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Half past four in the afternoon in Shanghai. */
const NOW = Date.parse('2026-11-18T08:30:00Z');
const HISTORY_DAYS = 9;

let engines: TestEngines;
let pool: Pool;
let db: Store;
let office: number;
let source: { id: number; officeId: number };
let made = 0;

beforeAll(async () => {
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'test-app', { max: 4 });
});
afterAll(async () => {
  await pool.end();
  await engines.stop();
});
beforeEach(async () => {
  made += 1;
  office = await makeOffice(engines.store, `suggestions-${made}`, 'county', engines.officeId);
  db = scoped(pool, oneOffice(office));
  source = await makeSource(engines.store, office, `feed-${made}`);
  await ensureWatches(engines.store, office, watches);
  // An office that has been listening for a while, to something else.
  await post(times(NOW - HISTORY_DAYS * DAY, NOW, 2 * HOUR), { sentiment: 'neutral' });
});

const SURGE: Rule = {
  subjects: ['concern'],
  all: [
    { kind: 'volume', hours: 2, atLeast: 10, ratio: 4, beyond: 4 },
    { kind: 'negative', hours: 6, atLeast: 10, share: 0.5 },
  ],
  ...{ holdMinutes: 0, quiet: null, coolHours: 24 },
  calm: { hours: 6, ratio: 1, atMost: 2 },
};

async function addRule(rule: Partial<Rule> = {}, level: SuggestedLevel = 'yellow'): Promise<number> {
  const row = await engines.store.query<{ id: number }>(
    'insert into warning_rules (office_id, name, level, rule) values ($1, $2, $3, $4) returning id',
    [office, `规则 ${level}`, level, { ...SURGE, ...rule }],
  );
  return (row.rows[0] as { id: number }).id;
}

function times(from: number, to: number, every: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / every) }, (_, n) => from + n * every);
}

async function post(at: readonly number[], change: Partial<NewPost> = {}): Promise<number[]> {
  const before = await engines.store.query<{ id: number }>('select coalesce(max(id), 0) as id from posts');
  await storePosts(
    db,
    office,
    source.id,
    at.map((time) => newPost({ publishedAt: new Date(time), sentiment: 'negative', ...change })),
  );
  const found = await engines.store.query<{ id: number }>('select id from posts where id > $1 order by id', [
    before.rows[0]?.id,
  ]);
  return found.rows.map(({ id }) => id);
}

/** Puts posts into a concern, as grouping does. */
async function concern(ids: readonly number[], id: number | null = null): Promise<number> {
  return transaction(db, async (client) => {
    await lockPosts(client, office);
    const row =
      id === null
        ? await client.query<{ id: number }>(
            `insert into concerns (office_id, label, first_at, last_at) select $1, '食堂', min(at), max(at) from posts where id = any ($2)
           returning id`,
            [office, ids],
          )
        : { rows: [{ id }] };
    const [{ id: to }] = row.rows as [{ id: number }];
    await client.query(
      'insert into concern_posts (office_id, post_id, concern_id, at) select $1, id, $2, at from posts where id = any ($3)',
      [office, to, ids],
    );
    await countInConcerns(client, ids, 'add');
    return to;
  });
}

const burst = (count: number, until = NOW) => times(until - HOUR, until, HOUR / count);
const look = (at = NOW) => evaluateOffice(db, office, new Date(at));
const open = () => openWarnings(db, [office]);

describe('a concern that surges', () => {
  test('is suggested once, with the rule, the numbers, the chart and posts of that moment, and people are told', async () => {
    const rule = await addRule();
    const id = await concern(await post(burst(20), { text: '食堂的菜里吃出异物，'.repeat(30) }));
    await look();
    await look(NOW + 60_000);
    const warnings = await open();
    expect(warnings).toMatchObject([
      {
        subjectKind: 'concern',
        concernId: id,
        title: '食堂',
        level: 'yellow',
        state: 'suggested',
        ruleId: rule,
        ruleVersion: 1,
      },
    ]);
    const { evidence, suggestedAt } = warnings[0]!;
    expect(suggestedAt.getTime()).toBe(NOW);
    expect(evidence.rule.text).toContain('近 2 小时帖文不少于 10 条');
    expect(evidence.why).toMatch(
      /^近 2 小时帖文 20 条（平时 [\d.]+ 条）；近 6 小时负面占比 100%（平时 \d+%）。$/u,
    );
    expect(evidence.numbers.map(({ value }) => value)).toEqual([20, 100]);
    expect(evidence.posts).toHaveLength(12);
    expect(evidence.posts.every(({ excerpt }) => Array.from(excerpt ?? '').length <= 120)).toBe(true);
    expect(evidence.series.points.length).toBeGreaterThanOrEqual(72);
    expect(evidence.series.points.slice(-2).reduce((sum, { value }) => sum + (value ?? 0), 0)).toBe(20);
    expect((await stepsOf(db, warnings[0]!.id)).map(({ kind }) => kind)).toEqual(['suggested']);
    const asked = await engines.store.query('select 1 from notice_requests where office_id = $1', [office]);
    expect(asked.rowCount).toBe(1);
  });

  test('is suggested once when several processes look at the same moment', async () => {
    await addRule();
    await concern(await post(burst(20)));
    const looked = await Promise.all([look(), look(), look()]);
    expect(looked.some((each) => each === null)).toBe(true);
    expect(await open()).toHaveLength(1);
  });

  test('is raised, not suggested anew, when a graver rule holds, and its level stays until a person says so', async () => {
    await addRule();
    await addRule({ all: [{ kind: 'volume', hours: 2, atLeast: 40, ratio: 4 }] }, 'orange');
    const id = await concern(await post(burst(20)));
    await look();
    await concern(await post(burst(30, NOW + 30 * 60_000)), id);
    await look(NOW + 30 * 60_000);
    await look(NOW + 31 * 60_000);
    const [warning, ...others] = await open();
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ level: 'yellow', higherLevel: 'orange' });
    expect((await stepsOf(db, warning!.id)).map(({ kind }) => kind)).toEqual(['raised-by-rule', 'suggested']);
  });

  test('is calm when it is over, and stirred when it comes back', async () => {
    await addRule();
    const id = await concern(await post(burst(20)));
    await look();
    expect((await open())[0]?.calmSince).toBeNull();
    const later = NOW + 8 * HOUR;
    await look(later);
    expect((await open())[0]?.calmSince?.getTime()).toBe(later);
    await concern(await post(burst(30, later + HOUR)), id);
    await look(later + HOUR);
    const [warning] = await open();
    expect(warning?.calmSince).toBeNull();
    expect((await stepsOf(db, warning!.id)).map(({ kind }) => kind)).toEqual([
      'stirred',
      'calm',
      'suggested',
    ]);
  });

  test('that people have muted is not suggested', async () => {
    await addRule();
    const id = await concern(await post(burst(20)));
    await engines.store.query('update concerns set muted_at = now() where id = $1', [id]);
    await look();
    expect(await open()).toEqual([]);
  });

  test('that a person has dismissed is not suggested again before the cool-down is over', async () => {
    await addRule();
    const id = await concern(await post(burst(20)));
    await look();
    await engines.store.query(
      `update warnings set state = 'dismissed', dismissed_at = $2 where office_id = $1`,
      [office, new Date(NOW + HOUR)],
    );
    await concern(await post(burst(20, NOW + 2 * HOUR)), id);
    await look(NOW + 2 * HOUR);
    expect(await open()).toEqual([]);
    await concern(await post(burst(30, NOW + 26 * HOUR)), id);
    await look(NOW + 26 * HOUR);
    expect(await open()).toHaveLength(1);
  });

  test('waits until it has held for as long as the rule says, and through quiet hours', async () => {
    await addRule({ holdMinutes: 30, quiet: { from: 16, to: 18 } });
    const id = await concern(await post(burst(20)));
    await look();
    await look(NOW + 31 * 60_000);
    expect(await open()).toEqual([]);
    await concern(await post(burst(20, NOW + 2 * HOUR)), id);
    await look(NOW + 2 * HOUR);
    expect(await open()).toHaveLength(1);
  });

  test('stays one warning when grouping puts its posts into another concern', async () => {
    await addRule();
    const ids = await post(burst(20));
    const first = await concern(ids);
    await look();
    await transaction(db, async (client) => {
      await lockPosts(client, office);
      await countInConcerns(client, ids, 'take-out');
      await client.query('delete from concern_posts where concern_id = $1', [first]);
    });
    await concern(ids);
    await look(NOW + 60_000);
    expect(await open()).toHaveLength(1);
  });
});

describe('what is no burst of this moment', () => {
  test('history that is imported is learnt', async () => {
    await addRule();
    await concern(await post(burst(40, NOW - 3 * DAY)));
    await look();
    expect(await open()).toEqual([]);
  });

  test('undated posts of a source that has just come back have piled up', async () => {
    await addRule();
    const away = [new Date(NOW - 20 * HOUR), new Date(NOW - 10 * 60_000)];
    await engines.store.query(
      `insert into gaps (office_id, source_id, began_at, ended_at, reason) values ($1, $2, $3, $4, 'http')`,
      [office, source.id, ...away],
    );
    const ids = await post(burst(20));
    await engines.store.query('update posts set published_at = null where id = any ($1)', [ids]);
    await concern(ids);
    await look();
    expect(await open()).toEqual([]);
  });

  test('an office about which too little is known is not judged by what is usual', async () => {
    const young = await makeOffice(engines.store, `young-${made}`, 'county', engines.officeId);
    [office, db] = [young, scoped(pool, oneOffice(young))];
    source = await makeSource(engines.store, office, `young-${made}`);
    await addRule();
    await concern(await post(burst(20)));
    await look();
    expect(await open()).toEqual([]);
  });

  test('what a concern is warned about needs no warning of its line', async () => {
    await addRule({ subjects: ['concern', 'line'] });
    await concern(await post(burst(20), { line: 'public-interest' }));
    await look();
    expect((await open()).map(({ subjectKind }) => subjectKind)).toEqual(['concern']);
  });
});

test('a watch that ships and the office has is warned about under its name; one of another office is not', async () => {
  await addRule({ subjects: ['watch'] });
  const own = await engines.store.query<{ id: number; name: string }>(
    'select id, name from watches where office_id = $1 and key is not null order by id limit 1',
    [office],
  );
  await ensureWatches(engines.store, engines.officeId, watches);
  const other = await engines.store.query<{ id: number }>(
    'select id from watches where office_id = $1 limit 1',
    [engines.officeId],
  );
  const [watch] = own.rows;
  await post(burst(20), { watches: [watch!.id, other.rows[0]!.id] });
  await look();
  expect(
    (await open()).map(({ subjectKind, subjectKey, title }) => [subjectKind, subjectKey, title]),
  ).toEqual([['watch', String(watch!.id), watch!.name]]);
});

test('the words of a post that may no longer be kept leave the evidence at once; that it was there remains', async () => {
  await addRule();
  const ids = await post(burst(20), { text: '食堂的菜里吃出异物' });
  await concern(ids);
  await look();
  await transaction(db, async (client) => {
    await lockPosts(client, office);
    await forgetPosts(client, office, ids.slice(0, 19), 'objection');
  });
  const [warning] = await open();
  const shown = warning!.evidence.posts;
  expect(shown).toHaveLength(12);
  expect(shown.filter(({ excerpt }) => excerpt !== null).length).toBeLessThanOrEqual(1);
  expect(shown.every(({ outlet, at }) => outlet !== '' && at !== '')).toBe(true);
});
