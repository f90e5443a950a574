import { fail } from '@sveltejs/kit';
import { createPerson } from '../../../../../../store/person-changes.ts';
import { officeRow } from '../../../../../../store/offices.ts';
import { manageMessages } from '../../../../../lib/messages/manage.ts';
import { acting, reading } from '../../../../../lib/server/desk.ts';
import { field, officeField, orFail } from '../../../../../lib/server/form.ts';
import { inviteFrom } from '../../../../../lib/server/identity/accounts.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, offices, office } = reading(locals);
  const named = Number(url.searchParams.get('office'));
  const id = Number.isInteger(named) && named > 0 && named < 2 ** 31 ? named : office;
  return { at: await officeRow(db, offices, id) };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const typed = { name: field(sent, 'name'), email: field(sent, 'email') };
    const office = await officeField(desk, sent);
    if (!office) return fail(400, { message: manageMessages.noSuchOffice, typed });
    const made = await orFail(() => createPerson(desk.db, desk.actor, office.id, typed));
    if (typeof made !== 'string') return fail(409, { ...made.data, typed });
    return { made, link: await inviteFrom(desk, made) };
  },
};
