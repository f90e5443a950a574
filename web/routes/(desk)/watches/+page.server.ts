import { officeAndAbove } from '../../../../store/offices.ts';
import { watchDays } from '../../../../store/watch-counts.ts';
import { listWatches, WATCHES_LISTED } from '../../../../store/watches.ts';
import { shanghaiMidnight } from '../../../lib/format.ts';
import { may, reading } from '../../../lib/server/desk.ts';
import { chosenOffice } from '../../../lib/server/office-view.ts';
import type { PageServerLoad } from './$types';

const DAYS = 7;

export const load: PageServerLoad = async ({ locals, url }) => {
  const desk = reading(locals);
  const { db, person } = desk;
  const params = url.searchParams;
  const { offices, view } = await chosenOffice(desk, params);
  const filter = {
    text: (params.get('q') ?? '').trim().slice(0, 100),
    archived: params.get('archived') === '1',
  };
  const office = view?.office.id ?? desk.office;
  const above = (await officeAndAbove(db, office)).filter((id) => id !== office);
  const watches = await listWatches(db, offices, above, filter);
  const today = shanghaiMidnight(new Date());
  const days = Array.from({ length: DAYS }, (_, at) => shanghaiMidnight(today, at + 1 - DAYS));
  const counts = await watchDays(
    db,
    offices,
    watches.map(({ id }) => id),
    days,
  );
  const rows = watches.map((watch) => {
    const days = counts.get(watch.id) ?? [];
    const total = days.reduce((sum, posts) => sum + posts, 0);
    return { ...watch, days, total, fromAbove: above.includes(watch.officeId) };
  });
  return {
    ...{ view, filter, office },
    // What people talk about most stands first; of equals, by name.
    watches: rows.toSorted((a, b) => b.total - a.total),
    most: watches.length === WATCHES_LISTED ? WATCHES_LISTED : null,
    mayWrite: may(person, 'watch-write'),
  };
};
