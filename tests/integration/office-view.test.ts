import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingest } from '../../indexer/ingest.ts';
import { officeView, volumeBelow } from '../../store/office-view.ts';
import { openStore, type Pool, type Store } from '../../store/pool.ts';
import { latestPosts } from '../../store/posts.ts';
import { pulseTotals } from '../../store/pulse.ts';
import { officesOf, scoped, scopeOf, type Grant, type Scope } from '../../store/scope.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { draft, makeSource } from '../support/posts.ts';

let engines: TestEngines;
let pool: Pool;
const ids: Record<string, number> = {};
const FROM = new Date(Date.UTC(2026, 10, 1));
const TO = new Date(Date.UTC(2026, 10, 2));

/** One province, two cities, a county of each; every office has as many posts as its name has letters. */
beforeAll(async () => {
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'test', { max: 4 });
  const tree = [
    ['province', 'provincial', null],
    ['city', 'municipal', 'province'],
    ['county', 'county', 'city'],
    ['other-city', 'municipal', 'province'],
    ['other-county', 'county', 'other-city'],
  ] as const;
  for (const [name, level, parent] of tree) {
    const made = await engines.store.query<{ id: number }>(
      'insert into offices (code, name, level, parent_id) values ($1, $1, $2, $3) returning id',
      [name, level, parent && ids[parent]],
    );
    ids[name] = made.rows[0]?.id ?? 0;
    const source = await makeSource(engines.store, ids[name], `of-${name}`);
    const posts = Array.from(name, (_, n) => draft(`${name}-${n}`));
    await ingest(engines.store, source, posts, Date.UTC(2026, 10, 3));
  }
});
afterAll(async () => {
  await pool.end();
  await engines.stop();
});

const grant = (office: string, role: Grant['role'] = 'leader'): Grant => ({
  role,
  officeId: ids[office] as number,
  kind: 'holder',
});
async function as(...grants: Grant[]): Promise<{ db: Store; scope: Scope }> {
  const scope = await scopeOf(engines.store, grants, 'overview-read');
  if (!scope) throw new Error('no scope');
  return { db: scoped(pool, scope), scope };
}
async function totalAt(grants: Grant[], office: string, only = false): Promise<number | null> {
  const { db, scope } = await as(...grants);
  const found = await officeView(db, scope, ids[office] as number, only);
  if (!found) return null;
  const totals = await pulseTotals(db, found.offices, FROM, TO);
  return totals.negative + totals.neutral + totals.positive;
}

describe('a superior', () => {
  test('sees its whole tree, each part of it, and itself alone', async () => {
    const leader = [grant('province')];
    expect(await totalAt(leader, 'province')).toBe('provincecitycountyother-cityother-county'.length);
    expect(await totalAt(leader, 'province', true)).toBe('province'.length);
    expect(await totalAt(leader, 'other-city')).toBe('other-cityother-county'.length);
    expect(await totalAt(leader, 'county')).toBe('county'.length);
  });

  test('sees who below says how much, and where to go from an office', async () => {
    const { db, scope } = await as(grant('province'));
    const volumes = await volumeBelow(db, officesOf(scope), ids['province'] as number, FROM, TO);
    expect(volumes.map(({ name, posts }) => [name, posts])).toEqual([
      ['other-city', 'other-cityother-county'.length],
      ['city', 'citycounty'.length],
      ['province', 'province'.length],
    ]);
    const found = await officeView(db, scope, ids['city'] as number, false);
    expect(found?.view.above.map(({ name }) => name)).toEqual(['province']);
    expect(found?.view.below.map(({ name }) => name)).toEqual(['county']);
  });
});

describe('an office', () => {
  test('is shown neither what is above it nor its equals', async () => {
    const { db, scope } = await as(grant('city'));
    for (const office of ['province', 'other-city', 'other-county']) {
      expect(await officeView(db, scope, ids[office] as number, false)).toBeNull();
    }
    const found = await officeView(db, scope, ids['city'] as number, false);
    expect(found?.view.above).toEqual([]);
    // Also when the question forgets to name offices.
    expect(new Set((await latestPosts(db, null, 200)).map((post) => post.officeName))).toEqual(
      new Set(['city', 'county']),
    );
  });

  test('reached by a role that ends at it stands alone', async () => {
    const responder = [grant('city', 'responder')];
    expect(await totalAt(responder, 'city')).toBe('city'.length);
    expect(await totalAt(responder, 'county')).toBeNull();
  });

  test('of another tree is reached by a role held there', async () => {
    const both = [grant('county'), grant('other-city')];
    expect(await totalAt(both, 'other-county')).toBe('other-county'.length);
    expect(await totalAt(both, 'county')).toBe('county'.length);
    expect(await totalAt(both, 'city')).toBeNull();
  });

  test('that moves is counted where it stands from the next question on', async () => {
    const move = (to: string) =>
      engines.store.query('update offices set parent_id = $2 where id = $1', [ids['county'], ids[to]]);
    await move('other-city');
    expect(await totalAt([grant('other-city')], 'other-city')).toBe('other-cityother-countycounty'.length);
    expect(await totalAt([grant('city')], 'city')).toBe('city'.length);
    await move('city');
    expect(await totalAt([grant('city')], 'city')).toBe('citycounty'.length);
  });
});
