import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { checkJudging } from '../../hub/commands/doctor.ts';
import { evaluateOffice } from '../../indexer/warnings/evaluate.ts';
import { WarningWorker } from '../../indexer/warnings/warning-worker.ts';
import { listenLive, tellLive, type LiveEvent } from '../../store/live.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import { EVERY_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { noteUnjudged, standstills, tellStandstills } from '../../store/standstills.ts';
import { silent, startTestEngines, until, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { makeSource } from '../support/posts.ts';

/** Who does not look cannot say that nothing is there. */
let engines: TestEngines;
let pool: Pool;
let office: number;
let made = 0;
const MINUTE = 60_000;
const later = (minutes: number) => new Date(Date.now() + minutes * MINUTE);

beforeAll(async () => {
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'test-app');
});
afterAll(async () => {
  await pool?.end();
  await engines?.stop();
});
beforeEach(async () => {
  made += 1;
  office = await makeOffice(engines.store, `still-${made}`, 'county', engines.officeId);
});

const within = () => scoped(pool, oneOffice(office));
const still = (minutes: number) => standstills(within(), null, later(minutes));

async function withPosts(): Promise<void> {
  const source = await makeSource(engines.store, office, `feed-${made}`);
  await engines.store.query(
    `insert into pulse (office_id, hour, source_id, sentiment, posts, copies)
     values ($1, date_trunc('hour', now()), $2, 'neutral', 1, 0)`,
    [office, source.id],
  );
}

async function whileWorking(check: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const running = new WarningWorker(pool, silent, stop.signal).run();
  try {
    await check();
  } finally {
    stop.abort();
    await running;
  }
}

async function doctor(minutes: number): Promise<{ grade: string; text: string }[]> {
  const said: { grade: string; text: string }[] = [];
  const every = scoped(pool, EVERY_OFFICE);
  await checkJudging(every, (_, grade, text) => void said.push({ grade, text }), later(minutes));
  return said;
}

test('an office that was never judged is told of after a while, and only to who sees it', async () => {
  const other = await makeOffice(engines.store, `other-${made}`, 'county', engines.officeId);
  expect(await still(1)).toEqual([]);
  expect(await still(6)).toMatchObject([{ officeId: office, failure: null, grouping: null, among: 1 }]);
  expect((await still(6))[0]?.judging).toBeInstanceOf(Date);
  expect(await standstills(scoped(pool, oneOffice(other)), [office], later(6))).toEqual([]);
});

test('a look at what was posted about is no look at everything', async () => {
  const now = later(5);
  await evaluateOffice(within(), office, now, new Map());
  expect(await still(6)).toHaveLength(1);
  await evaluateOffice(within(), office, now);
  expect(await still(6)).toEqual([]);
  expect(await still(11)).toMatchObject([{ judging: now }]);
});

test('offices at work are judged, and those with nothing to judge as well', async () => {
  const idle = office;
  await makeOffice(engines.store, `busy-${made}`, 'county', engines.officeId).then((id) => (office = id));
  await withPosts();
  await whileWorking(async () => {
    await until('both to be judged', async () => {
      const found = await engines.store.query(
        'select from judgings where office_id = any ($1) and judged_at is not null and failure is null',
        [[idle, office]],
      );
      return found.rowCount === 2;
    });
  });
});

test('an office whose evaluation fails says since when and why, until it succeeds', async () => {
  await withPosts();
  const judged = new Date(Date.now() - 10 * MINUTE);
  await evaluateOffice(within(), office, judged);
  await engines.store.query(
    `insert into warning_rules (office_id, name, level, rule) values ($1, '不能读', 'blue', '{}')`,
    [office],
  );
  const failure = async () => {
    const found = await engines.store.query<{ failure: string | null }>(
      'select failure from judgings where office_id = $1',
      [office],
    );
    return found.rows[0]?.failure ?? null;
  };
  await whileWorking(async () => {
    await until('the failure', async () => (await failure()) !== null);
  });
  expect(await still(0)).toMatchObject([{ judging: judged, failure: 'TypeError' }]);
  expect(await doctor(0)).toContainEqual({
    grade: 'bad',
    text: expect.stringMatching(/中断，自 .+ 起未更新（TypeError）/) as string,
  });
  await engines.store.query(`delete from warning_rules where office_id = $1 and name = '不能读'`, [office]);
  await evaluateOffice(within(), office, new Date());
  expect(await failure()).toBeNull();
  expect(await still(0)).toEqual([]);
});

test('what the database says of an error is not kept', async () => {
  await expect(noteUnjudged(within(), office, 'invalid input: "张三"')).rejects.toThrow(
    'judgings_failure_check',
  );
});

test('posts that have waited long to be grouped are told of', async () => {
  await evaluateOffice(within(), office, later(20));
  await engines.store.query('insert into grouping_backlog (office_id) values ($1)', [office]);
  expect(await still(14)).toEqual([]);
  expect(await still(16)).toMatchObject([{ judging: null, grouping: expect.any(Date) as Date }]);
  expect(await doctor(16)).toContainEqual({
    grade: 'bad',
    text: expect.stringContaining('尚未归入关切') as string,
  });
});

test('a clock that was far ahead hides nothing once it is right again', async () => {
  await evaluateOffice(within(), office, later(60 * 24 * 365));
  await evaluateOffice(within(), office, later(0));
  expect(await still(6)).toHaveLength(1);
});

test('open pages are told when it stops, when something else stops as well and when it goes on, and of nothing else', async () => {
  const heard: (LiveEvent | null)[] = [];
  const deaf = listenLive(engines.runtime().databaseUrl, (event) => heard.push(event));
  const told = () => heard.filter((event) => event?.kind === 'judging' && event.officeId === office).length;
  await until('the ear', async () => {
    await tellStandstills(within(), new Map(), later(6));
    return told() > 0;
  });
  /** What was told by a look: notifications come in the order in which they were sent. */
  const look = async (before: Awaited<ReturnType<typeof tellStandstills>>, minutes: number) => {
    await settled();
    const earlier = told();
    const found = await tellStandstills(within(), before, later(minutes));
    await settled();
    return { found, told: told() - earlier };
  };
  const settled = async () => {
    const marks = () => heard.filter((event) => event?.kind === 'concerns').length;
    const earlier = marks();
    await tellLive(engines.store, { kind: 'concerns', officeId: office });
    await until('the mark', () => Promise.resolve(marks() > earlier));
  };
  const stopped = await look(new Map(), 6);
  expect(stopped).toEqual({ found: new Map([[office, 'judging']]), told: 1 });
  expect(await look(stopped.found, 6)).toEqual({ found: stopped.found, told: 0 });
  await engines.store.query('insert into grouping_backlog (office_id) values ($1)', [office]);
  const both = await look(stopped.found, 16);
  expect(both).toEqual({ found: new Map([[office, 'judging and grouping']]), told: 1 });
  await engines.store.query('delete from grouping_backlog where office_id = $1', [office]);
  await evaluateOffice(within(), office, later(16));
  expect(await look(both.found, 16)).toEqual({ found: new Map(), told: 1 });
  await deaf();
});
