import { waitingSources } from '../../../../store/edited-sources.ts';
import {
  countStates,
  SOURCES_PER_PAGE,
  sourceStates,
  turnsBetween,
  type SourceFilter,
} from '../../../../store/source-list.ts';
import { sourceHealths } from '../../../../store/source-states.ts';
import { stopsStanding } from '../../../../store/stops.ts';
import { fromShanghaiInput, shanghaiMidnight, toShanghaiInput } from '../../../lib/format.ts';
import { may, reading } from '../../../lib/server/desk.ts';
import { chosenOffice } from '../../../lib/server/office-view.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:sources');
  const desk = reading(locals);
  const { db, person } = desk;
  const params = url.searchParams;
  const { offices, view } = await chosenOffice(desk, params);
  const filter: SourceFilter = {
    state: sourceHealths.find((state) => state === params.get('state')) ?? null,
    text: (params.get('q') ?? '').slice(0, 100),
  };
  const asked = Number(params.get('page'));
  const page = Number.isInteger(asked) && asked > 0 ? Math.min(asked, 10_000) : 1;
  const day = dayOf(params.get('day'), new Date());
  const [counts, sources, turns, stops, waiting] = await Promise.all([
    countStates(db, offices, filter.text),
    sourceStates(db, offices, null, filter, page),
    turnsBetween(db, offices, day, shanghaiMidnight(day, 1)),
    stopsStanding(db, offices),
    waitingSources(db, offices),
  ]);
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const listed = filter.state === null ? total : counts[filter.state];
  return {
    ...{ view, filter, counts, total, listed, sources, page },
    pages: Math.max(1, Math.ceil(listed / SOURCES_PER_PAGE)),
    turns,
    day: { at: day, value: toShanghaiInput(day).slice(0, 10) },
    stops: stops.map(({ host, reason }) => ({ host, reason })),
    waiting: waiting.map(({ id }) => id),
    may: {
      write: may(person, 'source-write'),
      stop: may(person, 'source-stop'),
      export: may(person, 'source-export'),
      approve: may(person, 'source-approve'),
    },
  };
};

/** Midnight of the day that the address names, else of today. */
function dayOf(named: string | null, now: Date): Date {
  return fromShanghaiInput(`${named ?? ''}T00:00`) ?? shanghaiMidnight(now);
}
