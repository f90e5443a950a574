import type { PulsePoint, PulseStep } from '../../store/pulse.ts';
import type { Gap } from '../../store/visits.ts';
import { shanghaiMidnight } from './format.ts';

export const periods = ['24h', '7d', '60d'] as const;
export type Period = (typeof periods)[number];
export type Range = { from: Date; to: Date; step: PulseStep };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS: Record<Period, number> = { '24h': 1, '7d': 7, '60d': 60 };

export function readPeriod(value: string | null): Period {
  return periods.find((period) => period === value) ?? '24h';
}

/** Whole hours or days, the running one included, so that what has just come in shows. */
export function rangeOf(period: Period, now: Date): Range {
  const days = DAYS[period];
  if (period === '60d') {
    return { from: shanghaiMidnight(now, 1 - days), to: shanghaiMidnight(now, 1), step: 'day' };
  }
  const to = new Date(Math.floor(now.getTime() / HOUR) * HOUR + HOUR);
  return { from: new Date(to.getTime() - days * DAY), to, step: 'hour' };
}

/** The stretch just before, equally long. */
export function rangeBefore(range: Range): Range {
  const length = range.to.getTime() - range.from.getTime();
  return { ...range, from: new Date(range.from.getTime() - length), to: range.from };
}

/**
 * One bar. `known`: whether its figures are what was said (`full`), may be too low because some sources were down
 * (`partial`), say nothing because all were (`none`), or lie before anything was collected (`before`).
 */
export type Bar = PulsePoint & { until: Date; known: 'full' | 'partial' | 'none' | 'before'; gaps: string[] };

/** Lays the times without collection over the counters: a zero that is not known must not look like a calm one. */
export function bars(
  points: PulsePoint[],
  gaps: Gap[],
  range: Range,
  state: { sources: number; firstHour: Date | null; now: Date },
): Bar[] {
  const length = range.step === 'day' ? DAY : HOUR;
  return points.map((point) => {
    const until = new Date(point.at.getTime() + length);
    // Of the running hour only what has passed can be missing.
    const end = Math.min(until.getTime(), state.now.getTime());
    const names = new Set<string>();
    let silent = 0;
    for (const source of Map.groupBy(gaps, (gap) => gap.sourceId).values()) {
      const missing = overlap(source, point.at.getTime(), end, state.now.getTime());
      if (missing <= 0) continue;
      names.add(source[0]?.sourceName ?? '');
      if (missing >= end - point.at.getTime()) silent += 1;
    }
    return { ...point, until, known: known(point, until, names.size, silent, state), gaps: [...names] };
  });
}

function known(
  point: PulsePoint,
  until: Date,
  touched: number,
  silent: number,
  state: { sources: number; firstHour: Date | null },
): Bar['known'] {
  if (!state.firstHour || until <= state.firstHour) return 'before';
  const nothing = point.negative + point.neutral + point.positive === 0;
  if (nothing && state.sources > 0 && silent >= state.sources) return 'none';
  return touched > 0 ? 'partial' : 'full';
}

/** How much of [from, to) the gaps of one source cover; they do not overlap one another. */
function overlap(gaps: Gap[], from: number, to: number, now: number): number {
  return gaps.reduce((sum, gap) => {
    const began = Math.max(gap.beganAt.getTime(), from);
    const ended = Math.min(gap.endedAt?.getTime() ?? now, to);
    return sum + Math.max(0, ended - began);
  }, 0);
}

export type Comparison =
  | { kind: 'none' }
  | { kind: 'nothing-before' }
  | { kind: 'level' }
  | { kind: 'more' | 'less'; percent: number };

/** How the total stands against the stretch before; none where that was not yet collected in full. */
export function compare(total: number, before: number, beforeFrom: Date, firstHour: Date | null): Comparison {
  if (!firstHour || firstHour > beforeFrom) return { kind: 'none' };
  if (before === 0) return { kind: 'nothing-before' };
  const percent = Math.round(((total - before) / before) * 100);
  if (percent === 0) return { kind: 'level' };
  return { kind: percent > 0 ? 'more' : 'less', percent: Math.abs(percent) };
}
