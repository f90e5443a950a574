import { actions, type Action } from '../../../config/access/matrix.ts';
import { officeById } from '../../../store/offices.ts';
import { unreadNotices } from '../../../store/notices.ts';
import { rootsOf } from '../../../store/scope.ts';
import { freshOfAll } from '../../../store/saved-searches.ts';
import { may, officeDb, officesDb, publicDb } from '../../lib/server/desk.ts';
import { hub } from '../../lib/server/hub.ts';
import { otherSessions } from '../../lib/server/identity/welcome.ts';
import { openCount } from '../../lib/server/open-warnings.ts';
import { reviewCount } from '../../lib/server/review-count.ts';
import { signedIn, type Person } from '../../lib/server/session.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, cookies, depends }) => {
  depends('live:warnings');
  depends('live:notices');
  depends('live:releases');
  const person = signedIn(locals);
  const { name, email, grants, mustChangePassword, passwordAged } = person;
  const { hub: settings } = hub().runtime;
  const own = await officeById(publicDb(), person.officeId);
  return {
    person: {
      ...{ name, email, mustChangePassword, passwordAged },
      roles: [...new Set(grants.map(({ role }) => role))],
      hindered: person.hindrance !== null,
    },
    may: Object.fromEntries(actions.map((action) => [action, may(person, action)])) as Record<
      Action,
      boolean
    >,
    office: settings.office.name,
    ownOffice: own?.name ?? settings.office.name,
    sample: settings.sample,
    otherSessions: await otherSessions(person),
    freshFound: await freshFound(person),
    openWarnings: await openCount(person, ''),
    waitingReviews: await reviewCount(person, new Date()),
    unread: await unread(person),
    narrow: cookies.get('jiansheng-nav') === 'narrow',
  };
};

/** How many notices the person has not read, of all the offices where they work. */
async function unread({ id, grants }: Person): Promise<number> {
  const { own } = rootsOf(grants, 'notice-read');
  return own.length === 0 ? 0 : unreadNotices(officesDb(own), id);
}

/** How many new posts the person's saved searches have found; they belong to the office that the desk is about. */
async function freshFound({ id, officeId, grants }: Person): Promise<number> {
  const { own } = rootsOf(grants, 'search-save');
  const office = own.includes(officeId) ? officeId : own[0];
  return office === undefined ? 0 : freshOfAll(officeDb(office), id);
}
