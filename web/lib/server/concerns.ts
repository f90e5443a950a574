import { hotWords } from '../../../indexer/topics/hot-words.ts';
import { Learnt } from '../../../indexer/warnings/learnt.ts';
import { rhythmsOf } from '../../../store/rhythms.ts';
import { pulseTotals } from '../../../store/pulse.ts';
import { countStates } from '../../../store/source-list.ts';
import type { Queryable } from '../../../store/pool.ts';
import type { Offices } from '../../../store/scope.ts';
import {
  concernDays,
  trendingConcerns,
  USUAL_DAYS,
  wordCounts,
  type ConcernLine,
} from '../../../store/trending.ts';
import type { Usual } from '../chart/usual.ts';
import { shanghaiMidnight } from '../format.ts';
import type { Range } from '../overview.ts';

const HOUR = 3_600_000;

/** Days that the small chart of a line shows. */
export const SPARK_DAYS = 14;

export type ConcernRow = ConcernLine & { days: number[]; negative: number; counted: number };

/** Lines with their last days and how much of these was negative. */
export async function withDays(
  db: Queryable,
  offices: Offices,
  lines: readonly ConcernLine[],
  now: Date,
): Promise<ConcernRow[]> {
  const today = shanghaiMidnight(now);
  const days = Array.from({ length: SPARK_DAYS }, (_, at) => shanghaiMidnight(today, at + 1 - SPARK_DAYS));
  const counts = await concernDays(
    db,
    offices,
    lines.map(({ id }) => id),
    days,
  );
  return lines.map((line) => {
    const { days = [], negative = 0, total = 0 } = counts.get(line.id) ?? {};
    return { ...line, days, negative, counted: total };
  });
}

/** Whether the offices can be heard now: a list that is still because nothing arrives must not look calm. */
export type Sight = {
  /** No source gives anything. */
  blind: boolean;
  /** Sources that give nothing. */
  down: number;
};

export async function sightOf(db: Queryable, offices: Offices): Promise<Sight> {
  const counts = await countStates(db, offices);
  const down = counts.failing + counts.blocked;
  return { blind: down > 0 && counts.healthy + counts.degraded + counts.silent === 0, down };
}

/**
 * What is usual for a concern at each bar of a range, by what is learnt of its volume by now; null where nothing was, and for
 * bars before its first post: nothing was to be expected then. Over days the hours' expectations are added up, and their
 * spreads as those of independent hours.
 */
export async function usualOf(
  db: Queryable,
  concern: { id: number; officeId: number; firstAt: Date },
  range: Range,
): Promise<Usual[]> {
  const series = `concern:${concern.id}`;
  const kept = (await rhythmsOf(db, concern.officeId, [series], Learnt.form)).get(series);
  const learnt = kept && Learnt.restore(kept.state, kept.until.getTime(), kept.posts);
  if (!learnt?.ready) return [];
  const length = range.step === 'day' ? 24 : 1;
  const began = Math.floor(concern.firstAt.getTime() / HOUR) * HOUR;
  const result: Usual[] = [];
  for (let at = range.from.getTime(); at < range.to.getTime(); at += length * HOUR) {
    const end = at + length * HOUR;
    if (end <= began) {
      result.push(null);
      continue;
    }
    let [expected, below, above] = [0, 0, 0];
    for (let hour = Math.max(at, began); hour < end; hour += HOUR) {
      const each = learnt.usual(hour);
      if (!each) return [];
      expected += each.expected;
      below += (each.expected - each.low) ** 2;
      above += (each.high - each.expected) ** 2;
    }
    result.push({
      expected,
      low: Math.max(0, expected - Math.sqrt(below)),
      high: expected + Math.sqrt(above),
    });
  }
  return result;
}

/** As many as are read at a glance. */
const STIRRING = 8;
const HOT_WORDS = 16;
const DAY = 24 * HOUR;

/** What the overview says of concerns: those of the last day, what stirs most first, and what is said more than usually. */
export async function stirring(db: Queryable, offices: Offices, now: Date) {
  const yesterday = new Date(now.getTime() - DAY);
  const earlier = new Date(now.getTime() - (USUAL_DAYS + 1) * DAY);
  const [lines, sight, counts, late, early] = await Promise.all([
    trendingConcerns(db, offices, yesterday, STIRRING),
    sightOf(db, offices),
    wordCounts(db, offices, now),
    pulseTotals(db, offices, yesterday, now),
    pulseTotals(db, offices, earlier, yesterday),
  ]);
  const all = ({ negative, neutral, positive }: typeof late) => negative + neutral + positive;
  // How much was said in all can only be told apart from the words when the days before are all there.
  const posts = counts.days === USUAL_DAYS ? { now: all(late), before: all(early) } : { now: 0, before: 0 };
  const hot = counts.days > 0 ? hotWords(counts.now, counts.before, counts.days, HOT_WORDS, posts) : [];
  return {
    concerns: await withDays(db, offices, lines, now),
    sight,
    hot,
    /** How many days there are to compare with; the first day of a hub has none. */
    compared: Math.min(counts.days, USUAL_DAYS),
  };
}
