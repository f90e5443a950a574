import { officeNames } from '../../../../store/offices.ts';
import { publicDb } from '../../../lib/server/desk.ts';
import { signedIn } from '../../../lib/server/session.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { grants } = signedIn(locals);
  const names = await officeNames(
    publicDb(),
    grants.map(({ officeId }) => officeId),
  );
  return {
    held: grants.map(({ role, kind, officeId }) => ({ role, kind, office: names.get(officeId) ?? '' })),
  };
};
