import { lineNames, voiceNames } from '../../config/class-names.ts';
import type { PostKind } from '../../store/drafts.ts';
import type { Sentiment, Voice } from '../../store/posts.ts';
import type { Asks } from '../../store/saved-searches.ts';
import { fromShanghaiInput, toShanghaiInput } from './format.ts';

export const sentiments: readonly Sentiment[] = ['negative', 'neutral', 'positive'];
export const kinds: readonly PostKind[] = ['article', 'post', 'comment'];
export const presets = ['24h', '7d', '30d'] as const;
export type Preset = (typeof presets)[number];
export const sorts = ['time', 'relevance', 'heat'] as const;
export type Sort = (typeof sorts)[number];
export const sourceKinds = [
  ...(['feed', 'site', 'api', 'browser', 'weibo', 'wechat', 'upload', 'push'] as const),
] as const;
export type SourceKind = (typeof sourceKinds)[number];
export const lines = Object.keys(lineNames);
export const voices = Object.keys(voiceNames) as Voice[];

/** The search as its address states it. Times are Asia/Shanghai there, as people type them. */
export type Search = {
  text: string;
  preset: Preset | null;
  from: Date | null;
  to: Date | null;
  sourceIds: number[];
  sentiments: Sentiment[];
  kinds: PostKind[];
  sourceKinds: SourceKind[];
  /** Keys of business lines. */
  lines: string[];
  voices: Voice[];
  /** Ids. */
  watches: number[];
  /** Division code: all that lies there. */
  place: string | null;
  withCopies: boolean;
  /** Also advertisements and what has nothing to do with the work. */
  withRest: boolean;
  /** Id of a post: what says something like it. */
  like: number | null;
  sort: Sort;
  page: number;
  /** The office that is searched, with what lies below it or `only` itself; null: all in reach. */
  office: number | null;
  only: boolean;
};

const HOURS: Record<Preset, number> = { '24h': 24, '7d': 168, '30d': 720 };
const HOUR = 3_600_000;
const MAX_PAGE = 500;

/** Reads any address: what cannot be read is left out, never an error. */
export function readSearch(params: URLSearchParams): Search {
  const page = Number(params.get('page'));
  return {
    text: (params.get('q') ?? '').slice(0, 200),
    preset: presets.find((preset) => preset === params.get('range')) ?? null,
    from: fromShanghaiInput(params.get('from') ?? ''),
    to: fromShanghaiInput(params.get('to') ?? ''),
    sourceIds: idsOf(params.getAll('source')),
    sentiments: sentiments.filter((sentiment) => params.getAll('sentiment').includes(sentiment)),
    kinds: kinds.filter((kind) => params.getAll('kind').includes(kind)),
    sourceKinds: sourceKinds.filter((kind) => params.getAll('via').includes(kind)),
    lines: lines.filter((line) => params.getAll('line').includes(line)),
    voices: voices.filter((voice) => params.getAll('voice').includes(voice)),
    watches: idsOf(params.getAll('watch')),
    place: /^[1-9]\d{5}$/.test(params.get('place') ?? '') ? params.get('place') : null,
    withCopies: params.get('withCopies') === '1',
    withRest: params.get('withRest') === '1',
    like: idsOf([params.get('like') ?? ''])[0] ?? null,
    sort: sorts.find((sort) => sort === params.get('sort')) ?? 'time',
    page: Number.isInteger(page) && page > 0 ? Math.min(page, MAX_PAGE) : 1,
    office: /^[1-9]\d{0,8}$/.test(params.get('office') ?? '') ? Number(params.get('office')) : null,
    only: params.get('only') === '1',
  };
}

/** As many as a filter can hold without the question becoming unreadable. */
const MOST_IDS = 100;

function idsOf(values: readonly string[]): number[] {
  const ids = values.filter((value) => /^[1-9]\d{0,15}$/.test(value)).map(Number);
  return [...new Set(ids)].slice(0, MOST_IDS);
}

/** The address of a search; what is not stated is left out of it. */
export function searchParams(search: Partial<Search>): string {
  const params = new URLSearchParams();
  if (search.text) params.set('q', search.text);
  if (search.preset) params.set('range', search.preset);
  if (search.from && !search.preset) params.set('from', toShanghaiInput(search.from));
  if (search.to && !search.preset) params.set('to', toShanghaiInput(search.to));
  for (const id of search.sourceIds ?? []) params.append('source', String(id));
  for (const sentiment of search.sentiments ?? []) params.append('sentiment', sentiment);
  for (const kind of search.kinds ?? []) params.append('kind', kind);
  for (const kind of search.sourceKinds ?? []) params.append('via', kind);
  for (const line of search.lines ?? []) params.append('line', line);
  for (const voice of search.voices ?? []) params.append('voice', voice);
  for (const id of search.watches ?? []) params.append('watch', String(id));
  if (search.place) params.set('place', search.place);
  if (search.withCopies) params.set('withCopies', '1');
  if (search.withRest) params.set('withRest', '1');
  if (search.like) params.set('like', String(search.like));
  if (search.sort && search.sort !== 'time') params.set('sort', search.sort);
  if (search.office) params.set('office', String(search.office));
  if (search.only) params.set('only', '1');
  if (search.page && search.page > 1) params.set('page', String(search.page));
  return params.toString();
}

/** From when to when, whole hours for the presets so that counts agree with the overview's. */
export function timesOf(
  search: Pick<Search, 'preset' | 'from' | 'to'>,
  now: Date,
): { from?: Date; to?: Date } {
  if (search.preset) {
    const to = new Date(Math.floor(now.getTime() / HOUR) * HOUR + HOUR);
    return { from: new Date(to.getTime() - HOURS[search.preset] * HOUR), to };
  }
  return { ...(search.from && { from: search.from }), ...(search.to && { to: search.to }) };
}

/** What a saved search asks for, apart from its address. */
export function asksOf(search: Search): Asks {
  const { preset, from, to, sort: _, page: __, like: ___, ...rest } = search;
  const [begins, ends] = preset ? [null, null] : [from, to];
  return {
    ...rest,
    hours: preset ? HOURS[preset] : null,
    from: begins?.toISOString() ?? null,
    to: ends?.toISOString() ?? null,
  };
}

/** The list without the value, or with it: what a click on its chip leads to. */
export function toggled<T>(list: readonly T[], value: T): T[] {
  return list.includes(value) ? list.filter((other) => other !== value) : [...list, value];
}
