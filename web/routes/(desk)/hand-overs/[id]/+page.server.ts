import { error, fail, type RequestEvent } from '@sveltejs/kit';
import {
  answerHandOver,
  handOverById,
  withdrawHandOver,
  type Answer,
  type HandOver,
} from '../../../../../store/hand-overs.ts';
import { handOverMessages as words } from '../../../../lib/messages/hand-overs.ts';
import { messages } from '../../../../lib/messages.ts';
import { acting, mayIn, reading } from '../../../../lib/server/desk.ts';
import { readAnswer } from '../../../../lib/server/hand-over.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('live:hand-overs');
  const { db, person } = reading(locals);
  const handOver = await handOverById(db, readId(params.id));
  if (!handOver) error(404, messages.errors.notFound);
  return {
    handOver,
    mayAnswer: mayIn(person, 'hand-over-answer', handOver.toOfficeId),
    mayWithdraw: mayIn(person, 'hand-over-send', handOver.officeId),
  };
};

/**
 * The hand-over that an action is about, and who acts: for the side that the action belongs to.
 * @throws 404 when that side is not an own office
 */
async function find(event: RequestEvent<{ id: string }>, side: (handOver: HandOver) => number) {
  const desk = acting(event.locals);
  const handOver = await handOverById(desk.db, readId(event.params.id));
  if (!handOver || !desk.own.includes(side(handOver))) error(404, messages.errors.notFound);
  return { db: desk.db, handOver, actor: { ...desk.actor, officeId: side(handOver) } };
}

async function answer(event: RequestEvent<{ id: string }>, state: Answer['state'], done: string) {
  const { db, actor, handOver } = await find(event, ({ toOfficeId }) => toOfficeId);
  const read = readAnswer(await event.request.formData(), state === 'returned');
  if ('problem' in read) return fail(400, { message: read.problem });
  const answered = await answerHandOver(db, actor, handOver.id, { state, answer: read.answer });
  return answered ? { done } : fail(409, { message: words.faster });
}

export const actions: Actions = {
  accept: (event) => answer(event, 'accepted', words.accepted),
  finish: (event) => answer(event, 'done', words.finished),
  return: (event) => answer(event, 'returned', words.returned),

  withdraw: async (event) => {
    const { db, actor, handOver } = await find(event, ({ officeId }) => officeId);
    const withdrawn = await withdrawHandOver(db, actor, handOver.id);
    return withdrawn ? { done: words.withdrawn } : fail(409, { message: words.faster });
  },
};
