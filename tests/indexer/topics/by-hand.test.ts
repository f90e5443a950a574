import { expect, test } from 'vitest';
import type { Concerns } from '../../../indexer/topics/concerns.ts';
import { grouped, HOUR, posts, START, type Kept } from './made-up.ts';

function largest(kept: Kept): number[] {
  const sizes = new Map<number, number>();
  for (const concern of kept.of.values()) sizes.set(concern, (sizes.get(concern) ?? 0) + 1);
  return [...sizes].sort((a, b) => b[1] - a[1]).map(([concern]) => concern);
}

function settle(concerns: Concerns, kept: Kept): void {
  concerns.settle(0);
  kept.take(concerns);
}

test('a concern that was split stays split, and is one again when that is undone', () => {
  const { concerns, kept } = grouped(posts(3, 150).list);
  const [concern] = largest(kept) as [number];
  const before = kept.groups;
  const all = kept.posts(concern);
  const [part, rest] = [all.filter((post) => post % 2 === 0), all.filter((post) => post % 2 === 1)];
  const opened = concerns.open();
  concerns.hold(part, opened);
  concerns.hold(rest, concern);
  kept.take(concerns);
  expect(kept.posts(opened)).toEqual(part);
  settle(concerns, kept);
  expect(kept.posts(opened)).toEqual(expect.arrayContaining(part));
  expect(kept.posts(concern)).toEqual(expect.arrayContaining(rest));
  concerns.hold(part, concern);
  concerns.release(concern);
  concerns.release(opened);
  settle(concerns, kept);
  expect(kept.groups).toEqual(before);
});

test('concerns that were joined stay one, and what is said of either joins it; undone they are two again', () => {
  const { list } = posts(3, 150);
  const { concerns, kept } = grouped(list);
  const before = kept.groups;
  const [into, concern] = largest(kept) as [number, number];
  const [own, other] = [kept.posts(into), kept.posts(concern)];
  concerns.join(concern, into);
  kept.take(concerns);
  expect(kept.posts(into)).toEqual([...own, ...other].sort((a, b) => a - b));
  settle(concerns, kept);
  expect(kept.posts(into)).toEqual(expect.arrayContaining([...own, ...other]));
  for (const [n, post] of [own[0]!, other[0]!].entries()) {
    const { words } = list[post - 1]!;
    concerns.add({ id: 900 + n, at: START + 200 * HOUR, words: [...words.slice(2), 'another'] });
    settle(concerns, kept);
    expect(kept.of.get(900 + n)).toBe(into);
  }
  concerns.forget([900, 901]);
  concerns.release(into);
  concerns.hold(other, concern);
  concerns.release(concern);
  kept.take(concerns);
  expect(kept.posts(concern)).toEqual(other);
  settle(concerns, kept);
  for (const post of [900, 901]) kept.of.delete(post);
  expect(kept.groups).toEqual(before);
});

test('what a person said is heeded soon', () => {
  const { concerns, kept } = grouped(posts(2, 40).list);
  expect(concerns.due(0)).toBe(false);
  concerns.hold([1], kept.of.get(1)!);
  expect(concerns.due(0)).toBe(true);
});
