import { afterAll, beforeAll, expect, test } from 'vitest';
import { jobReach } from '../../config/access/matrix.ts';
import { jobIds, queueOf, Queues, scopeOfJob } from '../../hub/queues.ts';
import { crawl } from '../../hub/roles/crawl.ts';
import { EVERY_OFFICE, oneOffice } from '../../store/scope.ts';
import { silent, startTestEngines, until, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { feedSource, makeSources } from '../support/posts.ts';
import { rss, startSite, type TestSite } from '../support/site.ts';

let engines: TestEngines;
let site: TestSite;
let queues: Queues;
let stop: () => Promise<void>;

beforeAll(async () => {
  engines = await startTestEngines();
  site = await startSite((_, response) =>
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss('http://news.example', 3)),
  );
  queues = new Queues(engines.runtime(), silent);
  stop = await crawl(engines.runtime(), silent);
});
afterAll(async () => {
  await queues.close();
  await stop();
  await site.close();
  await engines.stop();
});

test('every job has a row in the matrix, and works within the scope that it names', () => {
  expect(Object.keys(jobReach).toSorted()).toEqual(Object.keys(queueOf).toSorted());
  expect(scopeOfJob('crawl', { officeId: 7, sourceId: 1, slot: 1 })).toEqual(oneOffice(7));
  expect(scopeOfJob('retain', { day: '2026-11-22' })).toBe(EVERY_OFFICE);
  expect(() => scopeOfJob('crawl', {} as never)).toThrow('names no office');
});

test('a job without a row is not taken on', () => {
  expect(() => queues.work('chores', 1, { mine: () => Promise.resolve() } as never)).toThrow(
    'no row for the job mine',
  );
});

test('a visit in the name of one office finds no source of another, and stores nothing', async () => {
  const other = await makeOffice(engines.store, 'other', 'county');
  const [theirs, ours] = await Promise.all(
    [other, engines.officeId].map(async (officeId) => {
      const ids = await makeSources(engines.store, officeId, [feedSource(`feed-${officeId}`, site.url)]);
      return ids.get(`feed-${officeId}`) ?? 0;
    }),
  );
  const work = queues.queue('crawl');
  await work.add(jobIds.crawl(theirs ?? 0, 1), {
    officeId: engines.officeId,
    sourceId: theirs ?? 0,
    slot: 1,
  });
  await work.add(jobIds.crawl(ours ?? 0, 1), { officeId: engines.officeId, sourceId: ours ?? 0, slot: 1 });
  const visited = async (sourceId = 0) => {
    const found = await engines.store.query<{ got: number | null }>(
      'select got from visits where source_id = $1 and finished_at is not null',
      [sourceId],
    );
    return found.rows;
  };
  expect(await until('the own visit', async () => (await visited(ours)).at(0))).toEqual({ got: 3 });
  await until('all jobs to be done', async () => (await queues.counts('crawl')).waiting === 0);
  expect(await visited(theirs)).toEqual([]);
  const stored = await engines.store.query('select from posts where source_id = $1', [theirs]);
  expect(stored.rowCount).toBe(0);
  await work.add(jobIds.crawl(theirs ?? 0, 2), { officeId: other, sourceId: theirs ?? 0, slot: 2 });
  expect(await until('their own visit', async () => (await visited(theirs)).at(0))).toEqual({ got: 3 });
});
