import { fail, redirect } from '@sveltejs/kit';
import { officeLevels } from '../../../../../../config/office-levels.ts';
import { createOffice } from '../../../../../../store/office-changes.ts';
import { officeRow } from '../../../../../../store/offices.ts';
import { manageMessages } from '../../../../../lib/messages/manage.ts';
import { acting, reading } from '../../../../../lib/server/desk.ts';
import { field, officeField, orFail } from '../../../../../lib/server/form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, offices, office } = reading(locals);
  const named = Number(url.searchParams.get('parent'));
  const id = Number.isInteger(named) && named > 0 && named < 2 ** 31 ? named : office;
  return { parent: await officeRow(db, offices, id) };
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const typed = { code: field(sent, 'code'), name: field(sent, 'name'), level: field(sent, 'level') };
    const parent = await officeField(desk, sent, 'parent');
    const level = officeLevels.find((known) => known === typed.level);
    if (!parent || !level) return fail(400, { message: manageMessages.noSuchOffice, typed });
    const made = await orFail(() =>
      createOffice(desk.db, desk.actor, { ...typed, level, parentId: parent.id }),
    );
    if (typeof made !== 'number') return fail(409, { ...made.data, typed });
    redirect(303, `/manage/offices/${made}?created`);
  },
};
