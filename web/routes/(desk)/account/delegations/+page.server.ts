import { fail } from '@sveltejs/kit';
import {
  cancelDelegation,
  colleagues,
  delegableGrants,
  delegate,
  givenDelegations,
} from '../../../../../store/delegations.ts';
import { fromShanghaiInput } from '../../../../lib/format.ts';
import { manageMessages } from '../../../../lib/messages/manage.ts';
import { acting, reading } from '../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import type { Actions, PageServerLoad } from './$types';

const words = manageMessages.delegations;

export const load: PageServerLoad = async ({ locals }) => {
  const { db, person } = reading(locals);
  const grants = await delegableGrants(db, person.id);
  const officeIds = [...new Set(grants.map(({ officeId }) => officeId))];
  const [others, given] = await Promise.all([
    colleagues(db, officeIds, person.id),
    givenDelegations(db, person.id),
  ]);
  return { grants, colleagues: others, given };
};

export const actions: Actions = {
  delegate: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const sent = await request.formData();
    const grantId = Number(field(sent, 'grant'));
    const toId = field(sent, 'colleague');
    const fromAt = fromShanghaiInput(field(sent, 'from'));
    const untilAt = fromShanghaiInput(field(sent, 'until'));
    if (toId === '' || !Number.isSafeInteger(grantId)) return fail(400, { message: words.chooseColleague });
    if (!fromAt || !untilAt) return fail(400, { message: words.badTime });
    return orFail(async () => {
      await delegate(db, actor, { grantId, toId, fromAt, untilAt });
      return { done: words.done };
    });
  },

  end: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const id = Number(field(await request.formData(), 'delegation'));
    return orFail(async () => {
      await cancelDelegation(db, actor, Number.isSafeInteger(id) ? id : 0);
      return { done: words.ended };
    });
  },
};
