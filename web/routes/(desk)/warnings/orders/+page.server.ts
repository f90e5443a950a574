import { error, fail } from '@sveltejs/kit';
import { answerOrder, listOrders, orderById, withdrawOrder } from '../../../../../store/supervision.ts';
import { messages } from '../../../../lib/messages.ts';
import { warningMessages as words } from '../../../../lib/messages/warnings.ts';
import { acting, mayIn, reading, type Desk } from '../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('live:warnings');
  const { db, own, person } = reading(locals);
  const [received, sent] = await Promise.all([listOrders(db, own, 'received'), listOrders(db, own, 'sent')]);
  return {
    received: received.map((order) => ({
      ...order,
      may: order.state === 'open' && mayIn(person, 'supervision-answer', order.toOfficeId),
    })),
    sent: sent.map((order) => ({
      ...order,
      may: order.state === 'open' && mayIn(person, 'supervision-order', order.officeId),
    })),
  };
};

/** The order that an action is about, and who acts for the side that the action belongs to. @throws 404 for another's; null: there is none */
async function find(desk: Desk, sent: FormData, side: 'officeId' | 'toOfficeId') {
  const order = await orderById(desk.db, Number(field(sent, 'order')) || 0);
  if (!order) return null;
  if (!desk.own.includes(order[side])) error(404, messages.errors.notFound);
  return { id: order.id, actor: { ...desk.actor, officeId: order[side] } };
}

export const actions: Actions = {
  answer: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const found = await find(desk, sent, 'toOfficeId');
    if (!found) return fail(400, { message: words.supervision.none });
    const { id, actor } = found;
    const failed = await orFail(() => answerOrder(desk.db, actor, id, field(sent, 'answer'), new Date()));
    return failed ?? { done: words.done.answerOrder };
  },

  withdraw: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const found = await find(desk, sent, 'officeId');
    if (!found) return fail(400, { message: words.supervision.none });
    const { id, actor } = found;
    const failed = await orFail(() => withdrawOrder(desk.db, actor, id, field(sent, 'answer'), new Date()));
    return failed ?? { done: words.done.withdraw };
  },
};
