import { firstHour } from '../../../store/first-hour.ts';
import type { Store } from '../../../store/pool.ts';
import type { Offices } from '../../../store/scope.ts';
import { standstills } from '../../../store/standstills.ts';
import { gapsNow } from '../../../store/visits.ts';
import { openOrderCounts } from '../../../store/supervision.ts';
import { BOARD_MOST, openWarnings, watchedNow } from '../../../store/warnings.ts';
import { isLate, matches, sightOf, stoppedOf, type Filter } from '../warning-board.ts';

/** Hours that the small chart of a card shows. */
const SPARK_HOURS = 36;

/** Before a week has been seen, nobody knows what is usual at which hour of it. */
const LEARNING_MS = 7 * 86_400_000;

/** What the board shows of a warning: not the posts, and the end of the series alone. */
function card(warning: Awaited<ReturnType<typeof openWarnings>>[number], orders: number) {
  const { evidence, higherEvidence: _, ...rest } = warning;
  const { why, numbers, series, rule } = evidence;
  return {
    ...{ ...rest, why, numbers: numbers.slice(0, 2), rule: rule.name, orders },
    series: { label: series.label, points: series.points.slice(-SPARK_HOURS) },
  };
}
export type WarningCard = ReturnType<typeof card>;

/** The board of some offices: what is open, what is watched, and how much of it can be seen now. */
export async function warningBoard(db: Store, offices: Offices, filter: Filter, now: Date) {
  const [all, watched, gaps, still, first] = await Promise.all([
    openWarnings(db, offices),
    watchedNow(db, offices),
    gapsNow(db, offices),
    standstills(db, offices, now),
    firstHour(db, offices),
  ]);
  const orders = await openOrderCounts(
    db,
    all.map(({ id }) => id),
  );
  const stopped = stoppedOf(still);
  return {
    open: all.length,
    waiting: all.filter(({ state }) => state === 'suggested').length,
    late: all.filter((warning) => isLate(warning, now)).length,
    cards: all
      .filter((warning) => matches(warning, filter, now))
      .map((warning) => card(warning, orders.get(warning.id) ?? 0)),
    cut: all.length >= BOARD_MOST ? BOARD_MOST : null,
    watched,
    ...{ gaps, stopped },
    sight: sightOf(watched.sources, gaps, stopped),
    learning: first === null || now.getTime() - first.getTime() < LEARNING_MS,
  };
}
