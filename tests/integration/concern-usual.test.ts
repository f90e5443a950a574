import { afterAll, beforeAll, expect, test } from 'vitest';
import { Learnt } from '../../indexer/warnings/learnt.ts';
import { keepRhythms } from '../../store/rhythms.ts';
import { shanghaiMidnight } from '../../web/lib/format.ts';
import { rangeOf } from '../../web/lib/overview.ts';
import { usualOf } from '../../web/lib/server/concerns.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';

/** What the page of a concern draws behind its bars as usual, from what was learnt of it. */
let engines: TestEngines;
let officeId: number;
const HOUR = 3_600_000;
const NOW = new Date('2026-11-22T04:30:00Z');
const range = rangeOf('60d', NOW);
const concern = (id: number) => ({
  id,
  officeId,
  // At six in the evening, ten days ago.
  firstAt: new Date(shanghaiMidnight(NOW, -10).getTime() + 18 * HOUR),
});

beforeAll(async () => {
  engines = await startTestEngines();
  officeId = await makeOffice(engines.store, 'county', 'county');
});
afterAll(() => engines?.stop());

test('is told from its first post on, and unknown before', async () => {
  // Two posts in every hour of two months.
  const hours = 60 * 24;
  const from = Math.floor(NOW.getTime() / HOUR - hours) * HOUR;
  const learnt = Learnt.since(from, NOW.getTime());
  const [posts, negative] = [new Float64Array(hours).fill(2), new Float64Array(hours)];
  learnt.learn({ from, posts, negative, known: new Uint8Array(hours) }, NOW.getTime());
  await keepRhythms(engines.store, officeId, Learnt.form, [
    { series: 'concern:1', state: learnt.save(), until: new Date(learnt.until), posts: learnt.posts },
  ]);
  const usual = await usualOf(engines.store, concern(1), range);
  const rounded = usual.map((each) => each && Math.round(each.expected));
  // Of its first day six hours, of each other one twenty-four.
  expect(rounded).toEqual([...Array<null>(49).fill(null), 12, ...Array<number>(10).fill(48)]);
});

test('is not told of a concern about which nothing was learnt', async () => {
  expect(await usualOf(engines.store, concern(2), range)).toEqual([]);
});
