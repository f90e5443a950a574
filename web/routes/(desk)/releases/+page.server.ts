import { listReleases } from '../../../../store/releases.ts';
import { may, reading } from '../../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('live:releases');
  const { db, offices, person } = reading(locals);
  return {
    releases: await listReleases(db, offices),
    mayWrite: may(person, 'release-write'),
  };
};
