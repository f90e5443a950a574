import { error } from '@sveltejs/kit';
import { receiptOf } from '../../../../../store/objection-receipts.ts';
import { objectionMessages } from '../../../../lib/messages/objections.ts';
import { hubDb } from '../../../../lib/server/desk.ts';
import { readReceipt } from '../../../../lib/server/objection.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params }) => {
  const number = readReceipt(params.receipt);
  const receipt = number === null ? null : await receiptOf(hubDb(), number);
  if (number === null || !receipt) error(404, objectionMessages.lookUp.wrong);
  return { number, receipt };
};
