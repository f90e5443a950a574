import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storePosts } from '../../store/storing.ts';
import { pulseSeriesOf, pulseShares, type PulseDimension } from '../../store/pulse-by.ts';
import { pulseTotals } from '../../store/pulse.ts';
import type { NewPost } from '../../store/posts.ts';
import { makeSource, newPost } from '../support/posts.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';

let engines: TestEngines;
beforeAll(async () => {
  engines = await startTestEngines();
});
afterAll(() => engines.stop());

const HOUR = 3_600_000;
const from = new Date('2026-11-20T00:00:00+08:00');
const to = new Date('2026-11-22T00:00:00+08:00');
const at = (hours: number) => new Date(from.getTime() + hours * HOUR);

const post = (change: Partial<NewPost>) => newPost({ publishedAt: at(1), ...change });

describe('posts are counted by what they are, in the hour in which they were published', () => {
  const sources: { id: number; officeId: number }[] = [];
  const shares = (dimension: PulseDimension, range = { from, to }) =>
    pulseShares(engines.store, [engines.officeId], dimension, range);

  beforeAll(async () => {
    sources.push(await makeSource(engines.store, engines.officeId, 'pulse-feed', 'feed'));
    sources.push(await makeSource(engines.store, engines.officeId, 'pulse-upload', 'upload'));
    const store = (n: number, posts: NewPost[]) =>
      storePosts(engines.store, engines.officeId, sources[n]?.id ?? 0, posts);
    await store(0, [
      post({ line: 'criminal', place: '530000', voice: 'complaint', sentiment: 'negative', watches: [7, 8] }),
      post({ line: 'criminal', sentiment: 'positive', watches: [7], publishedAt: at(30) }),
      post({ line: 'civil' }),
      post({}),
      // What may not be kept is counted all the same.
      post({ line: 'civil', withheld: 'minor' }),
    ]);
    await store(1, [post({ line: 'civil', publishedAt: at(60) })]);
  });

  test('by line, the largest share first', async () => {
    expect(await shares('line')).toEqual([
      { key: 'civil', negative: 0, neutral: 2, positive: 0, copies: 0 },
      { key: 'criminal', negative: 1, neutral: 0, positive: 1, copies: 0 },
    ]);
  });

  test('by watch: a post that matches two counts for both', async () => {
    expect((await shares('watch')).map(({ key, negative, positive }) => [key, negative, positive])).toEqual([
      ['7', 1, 1],
      ['8', 1, 0],
    ]);
  });

  test('by voice and place: what says nothing of it is in no share', async () => {
    expect((await shares('voice')).map(({ key }) => key)).toEqual(['complaint']);
    expect((await shares('place')).map(({ key }) => key)).toEqual(['530000']);
  });

  test('by source and by kind of source', async () => {
    const all = { from, to: at(100) };
    expect((await shares('kind', all)).map(({ key, neutral }) => [key, neutral])).toEqual([
      ['feed', 3],
      ['upload', 1],
    ]);
    expect((await shares('source')).map(({ key }) => key)).toEqual([String(sources[0]?.id)]);
  });

  test('for every day or hour, with zeros where there was nothing', async () => {
    const range = { from, to, step: 'day' } as const;
    const days = await pulseSeriesOf(engines.store, [engines.officeId], 'line', 'criminal', range);
    expect(days).toEqual([
      { at: from, negative: 1, neutral: 0, positive: 0 },
      { at: at(24), negative: 0, neutral: 0, positive: 1 },
    ]);
    const hours = await pulseSeriesOf(engines.store, null, 'watch', '8', { from, to, step: 'hour' });
    expect(hours).toHaveLength(48);
    expect(hours.filter(({ negative }) => negative > 0).map((hour) => hour.at)).toEqual([at(1)]);
  });

  test('and of another office nothing', async () => {
    expect(await pulseShares(engines.store, [engines.officeId + 1], 'line', { from, to })).toEqual([]);
  });

  test('what is withheld is told apart in the counters', async () => {
    const counted = await engines.store.query<{ withheld: number }>(
      'select sum(withheld)::int as withheld from pulse where source_id = $1',
      [sources[0]?.id],
    );
    expect(counted.rows).toEqual([{ withheld: 1 }]);
    expect((await pulseTotals(engines.store, [engines.officeId], from, to)).neutral).toBe(3);
  });
});

describe('a chart reads counters and never posts', () => {
  test.each(['kind', 'source', 'watch', 'line', 'voice', 'place'] as const)('by %s', async (dimension) => {
    const asked: string[] = [];
    const spy = {
      query: (text: string, values?: unknown[]) => {
        asked.push(text);
        return engines.store.query(`explain (costs off) ${text}`, values) as never;
      },
    };
    const plans = [
      await pulseShares(spy, null, dimension, { from, to }),
      await pulseSeriesOf(spy, null, dimension, 'x', { from, to, step: 'hour' }),
    ];
    expect(asked).toHaveLength(2);
    const plan = JSON.stringify(plans);
    expect(plan).toMatch(/ on pulse/);
    expect(plan).not.toMatch(/ on posts/);
  });
});
