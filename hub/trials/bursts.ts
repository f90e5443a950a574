import { z } from 'zod';
import { BurstDetector } from '../../indexer/warnings/burst-detector.ts';
import { rhythmTime } from '../../indexer/warnings/calendar.ts';
import { messages } from '../messages.ts';
import { check } from './check.ts';
import type { Trial } from './index.ts';

/** Series in local time go back by less than this once a year. */
const CLOCK_CHANGE_MS = 3_600_000;

/** `2026-11-22T08:00:00+08:00`, or as series are often written: `2026-11-22 08:00:00`, which is then read as UTC. */
const written = z
  .string()
  .transform((text) =>
    /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/u.test(text) ? `${text.replace(' ', 'T')}Z` : text,
  )
  .pipe(z.iso.datetime({ offset: true }))
  .transform((text) => Date.parse(text));

const point = z.object({
  series: z.string(),
  /** Or milliseconds since 1970. */
  at: z.union([z.number(), written]),
  /** Null: not known, which is never the same as 0. */
  value: z.number().nullable(),
});

/**
 * Points of any number of series, each in order of time → how far each lies from what its series has been so far, 0 to 1, and
 * whether it is told as a burst (from .75). One step is best an hour. What has been read stays for as long as the trial.
 */
export function begin(): Trial {
  const detectors = new Map<string, { detector: BurstDetector; last: number }>();
  return (input) => {
    const { series, at, value } = check(point, input);
    const known = detectors.get(series) ?? { detector: new BurstDetector(rhythmTime), last: -Infinity };
    if (at <= known.last - CLOCK_CHANGE_MS) throw new Error(messages.tryNotInOrder(series));
    detectors.set(series, { ...known, last: at });
    const { score, burst } = known.detector.next(at, value ?? Number.NaN);
    return { series, at: (input as { at: unknown }).at, score, burst };
  };
}

export const trial = begin();
