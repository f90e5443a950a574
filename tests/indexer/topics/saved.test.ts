import { expect, test } from 'vitest';
import { Concerns } from '../../../indexer/topics/concerns.ts';
import { grouped, Kept, posts, START } from './made-up.ts';

test('read back from a snapshot nothing has moved, and it goes on as the other would have', () => {
  const { list } = posts(8, 800);
  const { concerns, kept } = grouped(list.slice(0, 600));
  const again = new Concerns({ snapshot: concerns.snapshot(), journal: [] });
  expect(again.take()).toEqual({ merged: [], moved: [], gone: [] });
  again.settle(0);
  const copy = new Kept();
  for (const [post, concern] of kept.of) copy.of.set(post, concern);
  copy.take(again);
  for (const post of list.slice(600)) {
    concerns.add(post);
    again.add(post);
  }
  concerns.settle(0);
  again.settle(0);
  kept.take(concerns);
  copy.take(again);
  expect(copy.groups).toEqual(kept.groups);
});

test('what was added and done by hand since the snapshot is read back from the journal, each part once', () => {
  const { list } = posts(5, 320);
  const { concerns, kept } = grouped(list.slice(0, 200));
  const snapshot = concerns.snapshot();
  const journal: Uint8Array[] = [];
  const note = () => {
    const bytes = concerns.journal();
    if (bytes) journal.push(bytes);
  };
  expect(concerns.journal()).toBeNull();
  for (const post of list.slice(200, 260)) concerns.add(post);
  concerns.add({ ...list[3]!, id: 999 });
  kept.take(concerns);
  note();
  const opened = concerns.open();
  concerns.hold([1, 2, 210], opened);
  concerns.join(kept.of.get(4)!, kept.of.get(5)!);
  concerns.forget([6, 220]);
  for (const post of list.slice(260)) concerns.add(post);
  concerns.release(opened);
  kept.take(concerns);
  note();
  expect(journal.length).toBe(2);

  const again = new Concerns({ snapshot, journal });
  expect(again.take()).toEqual({ merged: [], moved: [], gone: [] });
  expect(again.journal()).toBeNull();
  expect(again.open()).toBe(concerns.open());
  concerns.settle(START);
  again.settle(START);
  expect(again.take()).toEqual(concerns.take());
});

test('after a settling a journal is not enough, and that is said', () => {
  const { concerns } = grouped(posts(2, 20).list);
  expect(() => concerns.journal()).toThrow('snapshot');
  concerns.snapshot();
  expect(concerns.journal()).toBeNull();
});

test('the beginning needs no snapshot', () => {
  const { list } = posts(3, 50);
  const concerns = new Concerns();
  for (const post of list) concerns.add(post);
  const changes = concerns.take();
  const again = new Concerns({ snapshot: null, journal: [concerns.journal()!] });
  expect(changes.moved.length).toBeGreaterThan(20);
  expect(again.take().moved).toEqual([]);
  concerns.settle(0);
  again.settle(0);
  expect(again.take()).toEqual(concerns.take());
});

test('a small office is saved in a few hundred kilobytes', () => {
  const { concerns } = grouped(posts(20, 1_000).list);
  expect(concerns.snapshot().length).toBeLessThan(600_000);
});
