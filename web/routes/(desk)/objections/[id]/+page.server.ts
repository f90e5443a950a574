import { error, fail, type RequestEvent } from '@sveltejs/kit';
import { OldKeyNeeded, SealBroken } from '../../../../../config/cipher.ts';
import { contactContext, readContact } from '../../../../../store/objection-receipts.ts';
import {
  addressesOf,
  articlesAt,
  decideObjection,
  objectionById,
  type Decision,
} from '../../../../../store/objections.ts';
import { objectionMessages } from '../../../../lib/messages/objections.ts';
import { acting, mayIn, reading } from '../../../../lib/server/desk.ts';
import { hub } from '../../../../lib/server/hub.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import type { Actions, PageServerLoad } from './$types';

const words = objectionMessages.desk;
const SHORTEST_ANSWER = 10;
const LONGEST_ANSWER = 500;

export const load: PageServerLoad = async ({ locals, params }) => {
  const { db, person } = reading(locals);
  const objection = await objectionById(db, readId(params.id));
  if (!objection) error(404, words.none);
  const addresses = await addressesOf(db, objection.id);
  return {
    objection,
    addresses: await Promise.all(
      addresses.map(async (line) => ({
        ...line,
        articles: line.outcome === 'waiting' && line.address ? await articlesAt(db, line.address) : [],
      })),
    ),
    mayDecide: mayIn(person, 'objection-decide', objection.officeId),
  };
};

/** The objection that an action is about. @throws 404 when it is not within the action's scope */
async function find(event: RequestEvent<{ id: string }>) {
  const desk = acting(event.locals);
  const objection = await objectionById(desk.db, readId(event.params.id));
  if (!objection) error(404, words.none);
  return { desk, objection };
}

async function decide(event: RequestEvent<{ id: string }>, as: 'honour' | 'decline') {
  const { desk, objection } = await find(event);
  const sent = await event.request.formData();
  const place = Number(sent.get('place'));
  if (!Number.isSafeInteger(place) || place < 1)
    return fail(400, { place: 0, answer: '', message: words.faster });
  const typed = sent.get('answer');
  const answer = (typeof typed === 'string' ? typed : '').toWellFormed().replaceAll('\0', '').trim();
  const { length } = [...answer];
  if (as === 'decline' && (length < SHORTEST_ANSWER || length > LONGEST_ANSWER)) {
    return fail(400, { place, answer: answer.slice(0, 5_000), message: words.answerProblem });
  }
  const which = { id: objection.id, place };
  const decision: Decision =
    as === 'honour' ? { ...which, decide: as, answer: null } : { ...which, decide: as, answer };
  const decided = await decideObjection(desk.db, desk.actor, decision);
  if (!decided) return fail(409, { place, answer: '', message: words.faster });
  return { done: as === 'honour' ? words.honoured : words.declined };
}

export const actions: Actions = {
  honour: (event) => decide(event, 'honour'),
  decline: (event) => decide(event, 'decline'),

  contact: async (event) => {
    const { desk, objection } = await find(event);
    const found = await readContact(desk.db, desk.actor, objection.id);
    if (!found) return fail(410, { message: words.contactGone });
    try {
      return { contact: hub().cipher.open(found.contact, contactContext(found.receipt)).toString() };
    } catch (thrown) {
      if (!(thrown instanceof OldKeyNeeded || thrown instanceof SealBroken)) throw thrown;
      return fail(500, { message: words.sealed });
    }
  },
};
