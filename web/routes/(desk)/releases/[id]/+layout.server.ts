import { error } from '@sveltejs/kit';
import { releaseById } from '../../../../../store/releases.ts';
import { messages } from '../../../../lib/messages.ts';
import { mayIn, reading } from '../../../../lib/server/desk.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import type { LayoutServerLoad } from './$types';

/** The release that all tabs are about; each tab's own load says who may see it. */
export const load: LayoutServerLoad = async ({ locals, params, depends }) => {
  depends('live:releases');
  const { db, person } = reading(locals);
  const release = await releaseById(db, readId(params.id));
  if (!release) error(404, messages.errors.notFound);
  const { officeId } = release;
  return {
    release,
    may: {
      write: mayIn(person, 'release-write', officeId),
      schedule: mayIn(person, 'release-schedule', officeId),
    },
  };
};
