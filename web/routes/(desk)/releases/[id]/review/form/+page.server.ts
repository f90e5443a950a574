import { error } from '@sveltejs/kit';
import { approvalFormHtml } from '../../../../../../../publisher/approval/form.ts';
import { releaseById } from '../../../../../../../store/releases.ts';
import { messages } from '../../../../../../lib/messages.ts';
import { approvalOf } from '../../../../../../lib/server/approval.ts';
import { reading } from '../../../../../../lib/server/desk.ts';
import { readId } from '../../../../../../lib/server/read-id.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db } = reading(locals);
  const release = await releaseById(db, readId(params.id));
  if (!release) error(404, messages.errors.notFound);
  const form = await approvalOf(db, release, url.searchParams.get('round'), new Date());
  return { id: release.id, round: form?.round.id ?? null, html: form && approvalFormHtml(form) };
};
