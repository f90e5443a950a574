import { error } from '@sveltejs/kit';
import { Refused } from '../../../../../../../config/errors.ts';
import { approvalDocument } from '../../../../../../../publisher/approval/form.ts';
import { approvalWords } from '../../../../../../../publisher/approval/messages.ts';
import { auditApprovalForm } from '../../../../../../../store/review-rounds.ts';
import { approvalOf } from '../../../../../../lib/server/approval.ts';
import { acting } from '../../../../../../lib/server/desk.ts';
import { readId } from '../../../../../../lib/server/read-id.ts';
import type { RequestHandler } from './$types';

/** The approval form on paper; where no browser can be started, the page of the form can still be printed. */
export const GET: RequestHandler = async ({ locals, params }) => {
  const { db, actor } = acting(locals);
  const form = await approvalOf(db, readId(params.round), new Date());
  const { releaseId, version } = form.round;
  const { printPdf } = await import('../../../../../../../hub/print-pdf.ts');
  const pdf = await printPdf(approvalDocument(form)).catch((thrown: unknown) => {
    if (thrown instanceof Refused) error(503, thrown.message);
    throw thrown;
  });
  await auditApprovalForm(db, actor, form.round);
  const name = encodeURIComponent(approvalWords.file(releaseId, version));
  return new Response(new Uint8Array(pdf), {
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="approval-${releaseId}.pdf"; filename*=UTF-8''${name}`,
      'cache-control': 'no-store',
    },
  });
};
