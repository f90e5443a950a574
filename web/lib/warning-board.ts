import { levels, type Level } from '../../config/levels.ts';
import type { Standstill } from '../../store/standstills.ts';
import type { Warning } from '../../store/warnings.ts';

/** The columns of the board, the gravest first. */
export const columns: readonly Level[] = levels.toReversed();

export const filters = ['all', 'suggested', 'active', 'settled', 'late'] as const;
export type Filter = (typeof filters)[number];

export function readFilter(text: string | null): Filter {
  return filters.find((known) => known === text) ?? 'all';
}

/** The clock that runs for the answer; null when none does. */
export function respondClock(warning: Pick<Warning, 'state' | 'confirmedAt' | 'respondBy'>) {
  const runs = warning.state === 'confirmed' || warning.state === 'handling';
  return runs && warning.respondBy ? { since: warning.confirmedAt, until: warning.respondBy } : null;
}

/** The clock that runs for the press conference; null when none does. */
export function pressClock(warning: Pick<Warning, 'state' | 'confirmedAt' | 'pressBy' | 'pressAt'>) {
  const over = warning.state === 'suggested' || warning.state === 'lifted' || warning.state === 'dismissed';
  return !over && warning.pressBy && !warning.pressAt
    ? { since: warning.confirmedAt, until: warning.pressBy }
    : null;
}

/** Whether one of its clocks has run out. */
export function isLate(warning: Warning, now: Date): boolean {
  return [respondClock(warning), pressClock(warning)].some((clock) => clock !== null && clock.until <= now);
}

/** Whether a warning stands on the board under a filter. */
export function matches(warning: Warning, filter: Filter, now: Date): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'suggested':
      return warning.state === 'suggested';
    case 'active':
      return warning.state === 'confirmed' || warning.state === 'handling';
    case 'settled':
      return warning.state === 'answered' || warning.state === 'assessed';
    case 'late':
      return isLate(warning, now);
  }
}

export type Sight = 'none' | 'blind' | 'stopped' | 'partly' | 'behind' | 'clear';

/** Since when offices are not judged, and since when their posts wait to be grouped; which ones, and whether these are all. */
export type Stopped = {
  judging: { since: Date; offices: string[]; all: boolean } | null;
  grouping: Stopped['judging'];
};

export function stoppedOf(still: readonly Omit<Standstill, 'officeId' | 'failure'>[]): Stopped {
  const of = (kind: 'judging' | 'grouping') => {
    const found = still
      .flatMap(({ officeName, among, ...one }) =>
        one[kind] ? [{ since: one[kind], officeName, among }] : [],
      )
      .toSorted((a, b) => a.since.getTime() - b.since.getTime());
    const [first] = found;
    if (!first) return null;
    const offices = found.map(({ officeName }) => officeName);
    return { since: first.since, offices, all: offices.length === first.among };
  };
  return { judging: of('judging'), grouping: of('grouping') };
}

/** How much of what there is to see the office sees now: a board without warnings is quiet only when it is clear. */
export function sightOf(sources: number, gaps: number, { judging, grouping }: Stopped): Sight {
  if (sources === 0) return 'none';
  if (gaps >= sources) return 'blind';
  if (judging) return 'stopped';
  if (gaps > 0) return 'partly';
  return grouping ? 'behind' : 'clear';
}

/** Nothing can be told now: that no warning stands there then means nothing. */
export function isDark(sight: Sight): boolean {
  return sight === 'none' || sight === 'blind' || sight === 'stopped';
}
