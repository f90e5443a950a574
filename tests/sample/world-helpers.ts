import { siteKeys, type Item, type World } from '../../sample/story/types.ts';
import { createWorld } from '../../sample/story/world.ts';

/** A Sunday noon in Shanghai. */
export const anchor = Date.parse('2026-11-22T12:00:00+08:00');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** One story for all tests that only read it. */
export const world: World = createWorld({ seed: 20261122, anchor });

export function everything(of: World, until: number): Item[] {
  return siteKeys.flatMap((site) => [...of.items(site, until)]);
}

export function share<T>(list: readonly T[], test: (entry: T) => boolean): number {
  return list.length === 0 ? 0 : list.filter(test).length / list.length;
}

export function hourInShanghai(at: number): number {
  return new Date(at + 8 * HOUR).getUTCHours();
}

export function isWeekend(at: number): boolean {
  return [0, 6].includes(new Date(at + 8 * HOUR).getUTCDay());
}
