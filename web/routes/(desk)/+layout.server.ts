import { actions, type Action } from '../../../config/access/matrix.ts';
import { officeById } from '../../../store/offices.ts';
import { may, publicDb } from '../../lib/server/desk.ts';
import { hub } from '../../lib/server/hub.ts';
import { otherSessions } from '../../lib/server/identity/welcome.ts';
import { signedIn } from '../../lib/server/session.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, cookies }) => {
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
    narrow: cookies.get('jiansheng-nav') === 'narrow',
  };
};
