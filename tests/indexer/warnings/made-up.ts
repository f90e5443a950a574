import { BurstDetector, type Verdict } from '../../../indexer/warnings/burst-detector.ts';
import { Chance } from '../../support/chance.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** A Monday, 08:00 in Asia/Shanghai, with no public holiday in the eight weeks that follow. */
export const MONDAY = Date.UTC(2026, 6, 6);

export interface Hour {
  at: number;
  count: number;
}

/** So many hours from MONDAY on, `rate` posts in each, as chance has it; the same in every run. */
export function hoursOf(days: number, rate: (day: number) => number, seed = 1): Hour[] {
  const chance = new Chance(seed);
  return Array.from({ length: days * 24 }, (_, index) => ({
    at: MONDAY + index * HOUR,
    count: chance.poisson(rate(index / 24)),
  }));
}

/** More by day than by night, and half as much at weekends. */
export function weekly(mean: number): (day: number) => number {
  return (day) => mean * (1 + 0.8 * Math.sin(day * 2 * Math.PI)) * (day % 7 < 5 ? 1.2 : 0.5);
}

export function rising({ burst, direction }: Verdict): boolean {
  return burst && direction > 0;
}

/** The hours, as indices, at which a burst upwards is told. */
export function risingHours(hours: readonly Hour[], detector = new BurstDetector()): number[] {
  return hours.flatMap(({ at, count }, index) => (rising(detector.next(at, count)) ? [index] : []));
}
