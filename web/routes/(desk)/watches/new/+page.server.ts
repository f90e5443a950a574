import { fail, redirect } from '@sveltejs/kit';
import { officeNames } from '../../../../../store/offices.ts';
import { addWatch } from '../../../../../store/watches.ts';
import { watchMessages } from '../../../../lib/messages/watches.ts';
import { acting, reading } from '../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import { readWatch, type WatchWrong } from '../../../../lib/server/watch-form.ts';
import type { Actions, PageServerLoad } from './$types';

const words = watchMessages.form;

export const load: PageServerLoad = async ({ locals }) => {
  const { db, own, office } = reading(locals);
  const names = await officeNames(db, own);
  return {
    // The person's own office first: it is the usual choice.
    offices: [...names]
      .map(([id, name]) => ({ id, name }))
      .toSorted((a, b) => Number(b.id === office) - Number(a.id === office)),
  };
};

export const actions: Actions = {
  save: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const officeId = field(sent, 'office') === '' ? desk.office : Number(field(sent, 'office'));
    const { typed, details, wrong } = await readWatch(sent);
    const refuse = (status: number, message: string, more: WatchWrong = {}) =>
      fail(status, { message, typed: { ...typed, office: String(officeId) }, wrong: { ...wrong, ...more } });
    if (!desk.own.includes(officeId)) return refuse(400, words.noOffice, { office: words.noOffice });
    if (!details) return refuse(400, words.wrong(Object.keys(wrong).length));
    const made = await orFail(() => addWatch(desk.db, desk.actor, officeId, details));
    if (typeof made !== 'number') return refuse(409, made.data.message, { name: made.data.message });
    redirect(303, `/watches/${made}?made`);
  },
};
