import { listReleases } from '../../../../store/releases.ts';
import { hub } from '../../../lib/server/hub.ts';
import { mayWriteReleases, signedIn } from '../../../lib/server/session.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('live:releases');
  const person = signedIn(locals);
  return {
    releases: await listReleases(hub().store, person.officeId),
    mayWrite: mayWriteReleases(person),
  };
};
