import { expect, test } from 'vitest';
import { Concerns, type Incoming } from '../../../indexer/topics/concerns.ts';
import { about, DAY, drawing, grouped, HOUR, Kept, posts, START } from './made-up.ts';

/** Of the posts that are in a concern, the part whose concern is mostly of their topic. */
function purity(kept: Kept, topicOf: ReadonlyMap<number, number>): number {
  let own = 0;
  for (const concern of new Set(kept.of.values())) {
    const counts = new Map<number, number>();
    for (const post of kept.posts(concern))
      counts.set(topicOf.get(post)!, (counts.get(topicOf.get(post)!) ?? 0) + 1);
    own += Math.max(...counts.values());
  }
  return own / kept.of.size;
}

test('posts about the same thing come together, in whatever of its words', () => {
  const { list, topicOf } = posts(6, 300);
  const { kept } = grouped(list);
  expect(purity(kept, topicOf)).toBeGreaterThan(0.95);
  expect(kept.of.size).toBeGreaterThan(280);
  const sizes = [...new Set(kept.of.values())].map((concern) => kept.posts(concern).length);
  expect(
    sizes
      .sort((a, b) => b - a)
      .slice(0, 6)
      .reduce((sum, size) => sum + size, 0),
  ).toBeGreaterThan(270);
});

test('in another order the same posts give the same concerns', () => {
  const { list } = posts(8, 700);
  const { groups } = grouped(list).kept;
  expect(grouped(list.toReversed()).kept.groups).toEqual(groups);
  const draw = drawing(5);
  const shuffled = list.map((post) => ({ post, key: draw() })).sort((a, b) => a.key - b.key);
  expect(grouped(shuffled.map(({ post }) => post)).kept.groups).toEqual(groups);
});

test('equal times and posts that come twice are no trouble', () => {
  const { list } = posts(3, 60);
  const once = list.map((post) => ({ ...post, at: START }));
  expect(grouped([...once, ...once]).kept.groups).toEqual(grouped(once).kept.groups);
});

test('one post is no concern; with the second both are told of', () => {
  const concerns = new Concerns();
  const draw = drawing(2);
  const words = about(1, draw);
  concerns.add({ id: 1, at: START, words });
  expect(concerns.take()).toEqual({ merged: [], moved: [], gone: [] });
  concerns.add({ id: 2, at: START + HOUR, words: [...words.slice(2), 'any500'] });
  const { moved } = concerns.take();
  expect(moved.map(({ post }) => post).sort()).toEqual([1, 2]);
  expect(new Set(moved.map(({ to }) => to)).size).toBe(1);
  expect(concerns.take().moved).toEqual([]);
});

test('a post without words is in no concern, and neither is one of a word or two, however often it is repeated', () => {
  const concerns = new Concerns();
  for (let id = 1; id <= 20; id += 1) concerns.add({ id, at: START, words: id % 2 === 0 ? [] : ['支持'] });
  concerns.settle(0);
  expect(concerns.take().moved).toEqual([]);
});

test('copies go where their original goes: of the same words, and of others if the store says so', () => {
  const draw = drawing(3);
  const words = about(1, draw);
  const concerns = new Concerns();
  const kept = new Kept();
  concerns.add({ id: 1, at: START, words });
  concerns.add({ id: 2, at: START + 9 * DAY, words: ['', ...words] });
  concerns.add({ id: 3, at: START + 9 * DAY, words: about(7, draw), copyOf: 2 });
  kept.take(concerns);
  expect(kept.groups).toEqual(['1 2 3']);
});

test('what is said at the same time as a storm, about something else, stays out of it', () => {
  const draw = drawing(4);
  const topicOf = new Map<number, number>();
  const list: Incoming[] = [];
  const add = (topic: number, at: number) => {
    topicOf.set(list.length + 1, topic);
    list.push({ id: list.length + 1, at, words: about(topic, draw) });
  };
  // Thirty days of sixty topics, each now and then, and on the last one a storm about one more.
  for (let hour = 0; hour < 30 * 24; hour += 2) add(Math.floor(60 * draw()), START + hour * HOUR);
  for (let n = 0; n < 200; n += 1) add(99, START + 29 * DAY + n * 0.05 * HOUR);
  const { kept } = grouped(list);
  const storm = kept.of.get([...topicOf].find(([, topic]) => topic === 99)![0])!;
  const held = kept.posts(storm);
  expect(held.filter((post) => topicOf.get(post) === 99).length).toBeGreaterThan(190);
  expect(held.filter((post) => topicOf.get(post) !== 99).length).toBeLessThan(6);
});

test('what comes back after weeks in the same words is the same concern, also when its posts are no longer live', () => {
  const draw = drawing(6);
  const [concerns, kept] = [new Concerns(), new Kept()];
  let id = 0;
  const say = (topic: number, at: number) => {
    concerns.add({ id: (id += 1), at, words: about(topic, draw) });
    if (concerns.due(0)) concerns.settle(0);
    return id;
  };
  const early = Array.from({ length: 30 }, (_, n) => say(1, START + n * HOUR));
  concerns.settle(0);
  kept.take(concerns);
  const concern = kept.of.get(early[0]!);
  // More texts than are held.
  for (let n = 0; n < 17_000; n += 1) say(100 + Math.floor(n / 80), START + 2 * DAY + n * 60_000);
  concerns.settle(0);
  kept.take(concerns);
  expect(concerns.facts.live).toBe(16_000);
  const late = Array.from({ length: 5 }, (_, n) => say(1, START + 20 * DAY + n * HOUR));
  concerns.settle(0);
  kept.take(concerns);
  expect(late.filter((post) => kept.of.get(post) === concern).length).toBeGreaterThanOrEqual(4);
});

test('what changes is told so that whoever keeps it has what a fresh look would give', () => {
  const { list } = posts(10, 900, 8);
  const [concerns, kept] = [new Concerns(), new Kept()];
  for (const [n, post] of list.entries()) {
    concerns.add(post);
    if (n % 97 === 0) concerns.settle(0);
    kept.take(concerns);
  }
  concerns.settle(0);
  kept.take(concerns);
  expect(kept.groups).toEqual(grouped(list).kept.groups);
});

test('it settles when much is new, else by the clock: the more there is, the more seldom', () => {
  const { list } = posts(5, 260);
  const concerns = new Concerns();
  expect(concerns.due(START)).toBe(false);
  for (const post of list.slice(0, 255)) concerns.add(post);
  concerns.settle(START);
  expect(concerns.due(START + 30 * DAY)).toBe(false);
  for (const post of list.slice(255)) concerns.add(post);
  // Five of 260 are too few for an hour, and a day is long enough for any.
  expect(concerns.due(START + HOUR)).toBe(false);
  expect(concerns.due(START + DAY)).toBe(true);
  for (const { words, at, id } of list.slice(0, 20))
    concerns.add({ id: 1000 + id, at, words: [...words, 'any'] });
  expect(concerns.due(START + 1_000)).toBe(false);
  expect(concerns.due(START + HOUR)).toBe(true);
});

test('posts that are forgotten are in nothing any more, and a concern that has lost all of them is gone', () => {
  const { list, topicOf } = posts(2, 80);
  const { concerns, kept } = grouped(list);
  const concern = kept.of.get(1)!;
  const own = kept.posts(concern);
  concerns.forget(own);
  expect(concerns.take()).toEqual({ merged: [], moved: [], gone: [{ concern, into: null }] });
  concerns.settle(0);
  const { moved } = concerns.take();
  expect(moved.filter(({ post }) => own.includes(post))).toEqual([]);
  expect(topicOf.size).toBe(80);
});
