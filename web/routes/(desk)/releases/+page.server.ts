import { releaseTypes } from '../../../../config/release-types.ts';
import { heldDeliveries } from '../../../../store/held-deliveries.ts';
import { countReleases, listReleases, type ReleaseFilter } from '../../../../store/release-list.ts';
import { releaseStates } from '../../../../store/releases.ts';
import { may, reading } from '../../../lib/server/desk.ts';
import { chosenOffice } from '../../../lib/server/office-view.ts';
import type { PageServerLoad } from './$types';

const A_PAGE = 50;
const MAX_PAGE = 1_000;

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:releases', 'live:warnings');
  const desk = reading(locals);
  const { db, person } = desk;
  const asked = url.searchParams;
  const { offices, view } = await chosenOffice(desk, asked);
  const filter = {
    state: releaseStates.find((each) => each === asked.get('state')) ?? null,
    type: releaseTypes.find((each) => each === asked.get('type')) ?? null,
    text: (asked.get('q') ?? '').trim().slice(0, 100).replaceAll('\0', ''),
    createdBy: asked.get('mine') === '1' ? person.id : null,
  } satisfies ReleaseFilter;
  const count = await countReleases(db, offices, filter);
  const pages = Math.max(1, Math.ceil(count / A_PAGE));
  const page = Math.min(pages, MAX_PAGE, Math.max(1, Math.floor(Number(asked.get('page'))) || 1));
  return {
    view,
    ...{ count, page, pages },
    filter: { ...filter, createdBy: undefined, mine: filter.createdBy !== null },
    releases: await listReleases(db, offices, filter, { limit: A_PAGE, offset: (page - 1) * A_PAGE }),
    held: may(person, 'warning-read') ? await heldDeliveries(db, offices) : [],
    mayRelease: may(person, 'release-schedule'),
    mayWrite: may(person, 'release-write'),
  };
};
