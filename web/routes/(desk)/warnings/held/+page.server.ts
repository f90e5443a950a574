import { fail } from '@sveltejs/kit';
import { heldDeliveries, releaseHeld } from '../../../../../store/held-deliveries.ts';
import { fromShanghaiInput } from '../../../../lib/format.ts';
import { messages } from '../../../../lib/messages.ts';
import { warningMessages } from '../../../../lib/messages/warnings.ts';
import { acting, may, reading } from '../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('live:warnings', 'live:releases');
  const desk = reading(locals);
  return {
    held: await heldDeliveries(desk.db, desk.offices, null, 500),
    mayRelease: may(desk.person, 'release-schedule'),
  };
};

export const actions: Actions = {
  release: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const id = Number(field(sent, 'delivery')) || 0;
    const at = field(sent, 'when') === 'at' ? fromShanghaiInput(field(sent, 'at')) : null;
    if (field(sent, 'when') === 'at' && at === null)
      return fail(400, { message: messages.releases.needTime });
    const failed = await orFail(() => releaseHeld(desk.db, desk.actor, id, at, new Date()));
    return failed ?? { done: warningMessages.done.released };
  },
};
