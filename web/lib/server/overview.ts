import { volumeBelow } from '../../../store/office-view.ts';
import { firstHour } from '../../../store/first-hour.ts';
import type { Store } from '../../../store/pool.ts';
import { latestPosts, type PostRow } from '../../../store/posts.ts';
import { pulseSeries, pulseTotals } from '../../../store/pulse.ts';
import { sourcesHealth } from '../../../store/source-list.ts';
import { agreements } from '../../../store/review-sample.ts';
import { gapsBetween } from '../../../store/visits.ts';
import type { Chosen } from './office-view.ts';
import { bars, compare, rangeBefore, rangeOf, type Period } from '../overview.ts';

const LATEST = 60;
/** Those in trouble come first; a province has thousands. */
const SOURCES = 30;
/** A line or two of a post; the whole of it is on its own page. */
const EXCERPT = 140;

export async function overview(store: Store, { offices, view }: Chosen, period: Period, now: Date) {
  const range = rangeOf(period, now);
  const before = rangeBefore(range);
  const [points, gaps, totals, earlier, first, sources, latest, volumes, figures] = await Promise.all([
    pulseSeries(store, offices, range),
    gapsBetween(store, offices, range.from, range.to),
    pulseTotals(store, offices, range.from, range.to),
    pulseTotals(store, offices, before.from, before.to),
    firstHour(store, offices),
    sourcesHealth(store, offices, SOURCES),
    latestPosts(store, offices, LATEST),
    view && !view.only && view.below.length > 0
      ? volumeBelow(store, offices, view.office.id, range.from, range.to)
      : [],
    agreements(store, offices),
  ]);
  const total = totals.negative + totals.neutral + totals.positive;
  const totalBefore = earlier.negative + earlier.neutral + earlier.positive;
  return {
    period,
    range,
    bars: bars(points, gaps, range, { sources: sources.total, firstHour: first, now }),
    totals: { ...totals, total },
    comparison: compare(total, totalBefore, before.from, first),
    started: first !== null,
    gaps: gaps.length > 0,
    failing: sources.failing,
    healthy: sources.healthy,
    sourceCount: sources.total,
    sources: sources.sources,
    latest: latest.map(listed),
    view,
    /** How often people agree with what the program takes posts for. */
    agreement: figures.filter(({ field }) => field === 'sentiment'),
    /** Who of the offices below says how much; empty for an office without any. */
    volumes,
  };
}

export type ListedPost = ReturnType<typeof listed>;

/** What a list shows of a post. */
export function listed(post: PostRow) {
  const { id, title, officeId, officeName, sourceName, outlet, at, sentiment, kind, copies } = post;
  const excerpt = post.text.slice(0, EXCERPT).toWellFormed();
  return { id, title, excerpt, officeId, officeName, sourceName, outlet, at, sentiment, kind, copies };
}
