import { fail, redirect } from '@sveltejs/kit';
import { objectionMessages } from '../../../lib/messages/objections.ts';
import { hub } from '../../../lib/server/hub.ts';
import { readObjection, receiveObjection, type TypedObjection } from '../../../lib/server/objection-form.ts';
import { LONGEST_REASON, MOST_ADDRESSES } from '../../../lib/server/objection-form.ts';
import { readReceipt, takeObjection } from '../../../lib/server/objection.ts';
import type { Actions, PageServerLoad } from './$types';

const NOTHING: TypedObjection = { addresses: '', reason: '', contact: '' };

export const load: PageServerLoad = ({ url }) => {
  const asked = url.searchParams.get('receipt');
  const receipt = asked === null ? null : readReceipt(asked);
  if (receipt !== null) redirect(303, `/objection/${receipt}`);
  return {
    wrongReceipt: asked,
    most: { addresses: MOST_ADDRESSES, reason: LONGEST_REASON },
    contactDays: hub().runtime.hub.retention.contactDays,
  };
};

export const actions: Actions = {
  default: async ({ request, getClientAddress }) => {
    const received = await receiveObjection(request);
    if ('problem' in received) return fail(received.status, { message: received.problem, typed: NOTHING });
    const form = readObjection(received.sent);
    if ('problem' in form) return fail(400, { message: form.problem, typed: form.typed });
    const receipt = await takeObjection(form, getClientAddress(), new Date());
    if (receipt === null) {
      return fail(429, { message: objectionMessages.form.problems.often, typed: form.typed });
    }
    redirect(303, `/objection/${receipt}`);
  },
};
