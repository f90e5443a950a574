import type { PulseStep } from '../../store/pulse.ts';
import { concernSorts, concernStates, RISING, type ConcernFilter } from '../../store/trending.ts';
import { clock, count, day, percent, toShanghaiInput } from './format.ts';
import { concernPageMessages } from './messages/concern.ts';
import { concernMessages } from './messages/concerns.ts';
import type { Bar } from './overview.ts';

/** How heat stands to the concern's own usual, as it is told apart: by a shape and a word. */
export type TrendTone = 'surge' | 'up' | 'level' | 'down' | 'fresh';

/** From three times its usual a change is seen without a chart; what falls by a third, falls. */
const SURGE = 3;
const DOWN = 0.65;

/** @param trend heat against its own usual, 1 = as usual; null: too young to have one */
export function trendTone(trend: number | null): TrendTone {
  if (trend === null) return 'fresh';
  if (trend >= SURGE) return 'surge';
  if (trend >= RISING) return 'up';
  return trend <= DOWN ? 'down' : 'level';
}

/** `3.2`, `12`: a multiple as it is read. */
export function times(value: number): string {
  return value < 9.95
    ? (Math.round(value * 10) / 10).toFixed(1).replace(/\.0$/u, '')
    : String(Math.round(value));
}

export function trendHint(trend: number | null): string {
  return trend === null ? concernMessages.freshHint : concernMessages.trendHint(times(trend));
}

/** Heat has no unit: below ten a decimal tells concerns apart, above it does not. */
export function heatText(heat: number): string {
  return heat < 9.95 ? (Math.round(heat * 10) / 10).toFixed(1) : String(Math.round(heat));
}

export const listPeriods = ['24h', '7d', '60d', 'all'] as const;
export type ListPeriod = (typeof listPeriods)[number];
const HOURS: Record<ListPeriod, number | null> = { '24h': 24, '7d': 168, '60d': 1440, all: null };
const HOUR = 3_600_000;

export type ListQuery = Omit<ConcernFilter, 'since'> & { period: ListPeriod; page: number };

/** Reads any address: what cannot be read is left out, never an error. Who looks for sleeping ones looks back further. */
export function readList(params: URLSearchParams): ListQuery {
  const page = Number(params.get('page'));
  const state = concernStates.find((each) => each === params.get('state')) ?? 'awake';
  const usual: ListPeriod = state === 'awake' ? '7d' : 'all';
  return {
    text: (params.get('q') ?? '').trim().slice(0, 60),
    state,
    sort: concernSorts.find((each) => each === params.get('sort')) ?? (state === 'awake' ? 'trend' : 'last'),
    period: listPeriods.find((each) => each === params.get('period')) ?? usual,
    page: Number.isInteger(page) && page > 0 ? Math.min(page, 1_000) : 1,
  };
}

export function sinceOf(period: ListPeriod, now: Date): Date | null {
  const hours = HOURS[period];
  return hours === null ? null : new Date(now.getTime() - hours * HOUR);
}

/** What a bar is called: `11 月 20 日`, or with its hour. */
export function bucketName(bar: Pick<Bar, 'at'>, step: PulseStep): string {
  return step === 'day' ? day(bar.at) : `${day(bar.at)} ${clock(bar.at)}`;
}

/** The timeline in one sentence. Only what is known counts; where nothing is, that is what is said. */
export function said(bars: readonly Bar[], step: PulseStep, past: string): string {
  const words = concernPageMessages;
  const known = bars.filter(({ known }) => known !== 'none' && known !== 'before');
  if (known.length === 0) return words.knownNothing(past);
  const total = (bar: Bar) => bar.negative + bar.neutral + bar.positive;
  const posts = known.reduce((sum, bar) => sum + total(bar), 0);
  if (posts === 0) return words.saidNothing(past);
  const negative = known.reduce((sum, bar) => sum + bar.negative, 0);
  const peak = known.reduce((most, bar) => (total(bar) > total(most) ? bar : most));
  return words.said(
    past,
    count(posts),
    percent(negative, posts) ?? '',
    bucketName(peak, step),
    count(total(peak)),
  );
}

/** The query by which the list of a concern's posts shows those of a bar of its timeline. */
export function barQuery(bar: Pick<Bar, 'at' | 'until'>, sentiment: string | null): string {
  const query = new URLSearchParams({ from: toShanghaiInput(bar.at), to: toShanghaiInput(bar.until) });
  if (sentiment) query.set('sentiment', sentiment);
  return query.toString();
}
