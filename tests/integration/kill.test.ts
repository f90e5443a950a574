import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOf } from '../../config/release-content.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import { openSearch } from '../../indexer/search/engine.ts';
import {
  createWorld,
  startSampleSites,
  type SampleSites,
  type SiteKey,
  type World,
} from '../../sample/server.ts';
import { sampleSources } from '../../sample/sources.ts';
import { roles } from '../../hub/roles/contract.ts';
import { deliveryById } from '../../store/deliveries.ts';
import { scheduleRelease } from '../../store/delivery-schedule.ts';
import type { Actor } from '../../store/actor.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import { expectConcernsCounted } from '../support/concerns.ts';
import { newFolder, until } from '../support/engines.ts';
import { approvedRelease } from '../support/releases.ts';
import { processesOf, startTestHub, type TestHub } from '../support/hub.ts';

let folder: string;
let hub: TestHub;
let store: Pool;
let world: World;
let sites: SampleSites;
let config: string;

beforeAll(async () => {
  folder = newFolder();
  world = createWorld({ seed: 7, anchor: Date.now() });
  sites = await startSampleSites({ world });
  config = join(folder, 'hub.yaml');
  writeFileSync(
    config,
    JSON.stringify({
      office: { code: 'test-1', name: '云州市人民检察院', level: 'municipal' },
      offices: [{ code: 'sample-530121', name: '青石县人民检察院', level: 'county' }],
      // Slow enough that the crawl of sixty days is still in its middle when the last role is killed.
      crawler: { contact: 'tests', paceSeconds: 0.04, allowPrivateHosts: ['127.0.0.1'] },
      sources: sampleSources(sites.addresses),
    }),
  );
  hub = await startTestHub(folder, config);
  store = openStore(hub.runtime.databaseUrl, 'test', { settings: ['jiansheng.every=on'] });
});
afterAll(async () => {
  await store.end();
  if (hub.process.exitCode === null) await hub.stop();
  await sites.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Sites that are read to their end; a feed only ever shows its newest entries. */
const WHOLE: SiteKey[] = ['forum', 'weibo'];

/** Of a post with a minor as its subject a mark is left. */
const COUNTED_ONLY = `(select count(*) from forgotten f where f.source_id = s.id and f.why = 'minor')::int`;
const postsOf = async (site: SiteKey) => {
  const result = await store.query<{ posts: number }>(
    `select (select count(*) from posts p where p.source_id = s.id)::int + ${COUNTED_ONLY} as posts from sources s where s.key = $1`,
    [`sample-${site}`],
  );
  return result.rows[0]?.posts ?? 0;
};
const articlesOf = async (site: SiteKey) => {
  const result = await store.query<{ posts: number; addresses: number; countedOnly: number }>(
    `select count(*)::int as posts, count(distinct p.url)::int as addresses, min(${COUNTED_ONLY}) as "countedOnly"
     from posts p join sources s on s.id = p.source_id where s.key = $1 and p.kind = 'article'`,
    [`sample-${site}`],
  );
  return result.rows[0] ?? { posts: 0, addresses: 0, countedOnly: 0 };
};
/** How many visits have ended well after a moment: the whole way from clock to database works again. */
const visitsSince = async (moment: Date) => {
  const result = await store.query<{ n: number }>(
    `select count(*)::int as n from visits where started_at > $1 and outcome in ('complete', 'unchanged')`,
    [moment],
  );
  return result.rows[0]?.n ?? 0;
};
const total = async () =>
  (await store.query<{ n: number }>('select count(*)::int as n from posts')).rows[0]?.n ?? 0;

test('visits let the desk have the processor first', () => {
  expect(getPriority(hub.pid('crawl'))).toBe(constants.priority.PRIORITY_BELOW_NORMAL);
  expect(getPriority(hub.pid('web'))).toBe(constants.priority.PRIORITY_NORMAL);
});

describe('kill -9 in the middle of the first crawl', () => {
  test('of every role, again and again, loses no post and doubles none', { timeout: 300_000 }, async () => {
    for (const role of ['crawl', 'index', 'web', 'clock', 'publish', 'crawl', 'index'] as const) {
      const before = await total();
      await until('more posts', async () => (await total()) >= before + 40, 40);
      await hub.killRole(role);
    }
    const from = Date.now();
    for (const site of WHOLE) {
      await until(
        `everything on ${site}: ${await postsOf(site)} of ${world.items(site, from).length}`,
        async () => (await postsOf(site)) >= world.items(site, from).length,
        180,
      );
      expect(await postsOf(site)).toBeLessThanOrEqual(world.items(site, Date.now()).length);
    }
    const articles = world.items('news', from).filter((item) => item.kind === 'article').length;
    await until(
      'every news article',
      async () => {
        const { posts, countedOnly } = await articlesOf('news');
        return posts + countedOnly >= articles;
      },
      180,
    );
    const stored = await articlesOf('news');
    expect(stored.posts).toBe(stored.addresses);
  });

  test('leaves the hourly counters equal to the posts', async () => {
    const row = await store.query<{ differing: number }>(
      `select count(*)::int as differing from (
         select coalesce(p.source_id, q.source_id) from
           (select source_id, date_trunc('hour', at) as hour, sentiment, count(*) as n, count(copy_of) as c from posts group by 1, 2, 3) p
         full join pulse q on q.source_id = p.source_id and q.hour = p.hour and q.sentiment = p.sentiment
         where coalesce(p.n, 0) is distinct from q.posts - q.withheld or coalesce(p.c, 0) is distinct from q.copies) d`,
    );
    // A batch that is stored between two reads of one statement cannot be: it is one snapshot.
    expect(row.rows[0]?.differing).toBe(0);
  });

  test('leaves what is about the work grouped, and the counters of concerns equal to their posts', async () => {
    const { rows: offices } = await store.query<{ id: number }>(
      'select distinct office_id as id from concerns',
    );
    expect(offices.length).toBeGreaterThan(0);
    const client = await store.connect();
    try {
      // Posts go on coming: all counts are to be of one moment.
      await client.query('begin isolation level repeatable read');
      for (const { id } of offices) await expectConcernsCounted(client, id);
      await client.query('commit');
    } finally {
      client.release();
    }
    await until(
      'nothing to group',
      async () => (await store.query('select from grouping_backlog')).rowCount === 0,
    );
  });

  test('leaves the search engine with exactly the posts of the database', async () => {
    const search = openSearch(hub.runtime.meiliUrl, hub.runtime.meiliKey);
    await until('the same number in both', async () => {
      const before = await total();
      const stats = await search.posts.getStats();
      return stats.numberOfDocuments === before && (await total()) === before;
    });
  });

  test('of an engine brings it back on its own', async () => {
    const meili = Number(readFileSync(join(folder, 'meilisearch.pid'), 'utf8'));
    const postgres = Number(
      readFileSync(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    process.kill(meili, 'SIGKILL');
    process.kill(postgres, 'SIGKILL');
    const killed = new Date();
    await until('a visit', async () => (await visitsSince(killed).catch(() => 0)) > 0);
    const ready = await until('readiness', async () => {
      const answer = await fetch(`${hub.address}/ready`).catch(() => null);
      return answer?.status === 200;
    });
    expect(ready).toBe(true);
  });
});

describe('a scheduled release', () => {
  async function schedule(seconds: number): Promise<number> {
    const person = await store.query<{ id: string }>('select id from people limit 1');
    const actor: Actor = {
      id: person.rows[0]?.id ?? '',
      officeId: hub.runtime.officeId,
      role: 'press-officer',
      address: null,
    };
    const content = contentOf({ title: '检察开放日公告', document: documentOfText('欢迎参加。') });
    const release = await approvedRelease(store, actor, content);
    const dueAt = new Date(Date.now() + seconds * 1000);
    const [id = 0] = await scheduleRelease(
      store,
      actor,
      release,
      [{ accountId: 'website', dueAt }],
      new Date(),
    );
    return id;
  }
  const published = (id: number) =>
    until(`delivery ${id}`, async () => (await deliveryById(store, id))?.state === 'published', 60);
  const pagesOf = async (id: number) =>
    (await store.query<{ slug: string }>('select slug from site_articles where delivery_id = $1', [id])).rows;

  test('is published once though its publisher is killed around its time', async () => {
    const id = await schedule(4);
    for (let kill = 0; kill < 4; kill += 1) await hub.killRole('publish');
    await published(id);
    const pages = await pagesOf(id);
    expect(pages).toHaveLength(1);
    const page = await fetch(`${hub.address}/news/${pages[0]?.slug}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('检察开放日公告');
  });

  test('survives a stop and a new start between scheduling and its time, and the data is found again', async () => {
    const id = await schedule(12);
    const before = await total();
    const { code, seconds } = await hub.stop();
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(10);
    expect(processesOf(folder)).toEqual([]);
    await store.end();
    hub = await startTestHub(folder, config);
    store = openStore(hub.runtime.databaseUrl, 'test', { settings: ['jiansheng.every=on'] });
    expect(await total()).toBeGreaterThanOrEqual(before);
    expect((await deliveryById(store, id))?.state).toMatch(/waiting|published/);
    await published(id);
    expect(await pagesOf(id)).toHaveLength(1);
  });
});

test('a supervisor that is killed takes its roles along, and the next start cleans up and goes on', async () => {
  const before = await total();
  const rolePids = roles.map((role) => hub.pid(role));
  hub.process.kill('SIGKILL');
  await until(
    'the roles to end',
    async () => processesOf(folder).filter((pid) => rolePids.includes(pid)).length === 0,
    20,
  );
  await store.end();
  hub = await startTestHub(folder, config);
  store = openStore(hub.runtime.databaseUrl, 'test', { settings: ['jiansheng.every=on'] });
  expect(await total()).toBeGreaterThanOrEqual(before);
  const started = new Date();
  await until('a visit', async () => (await visitsSince(started)) > 0);
});
