import { approvalFormHtml } from '../../../../../../publisher/approval/form.ts';
import { approvalOf } from '../../../../../lib/server/approval.ts';
import { reading } from '../../../../../lib/server/desk.ts';
import { readId } from '../../../../../lib/server/read-id.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const form = await approvalOf(reading(locals).db, readId(params.round), new Date());
  const { id, releaseId } = form.round;
  return { id, releaseId, html: approvalFormHtml(form) };
};
