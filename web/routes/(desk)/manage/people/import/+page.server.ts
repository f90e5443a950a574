import { fail } from '@sveltejs/kit';
import { csvList, writeCsv } from '../../../../../../store/csv.ts';
import { importPeople, planPeople } from '../../../../../../store/people-import.ts';
import { fullTime } from '../../../../../lib/format.ts';
import { manageMessages } from '../../../../../lib/messages/manage.ts';
import { acting, reading } from '../../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../../lib/server/form.ts';
import { inviteFrom } from '../../../../../lib/server/identity/accounts.ts';
import { readUpload } from '../../../../../lib/server/upload.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
  reading(locals);
};

/** As many lines as somebody reads. */
const SHOWN = 300;

export const actions: Actions = {
  preview: async ({ locals, request }) => {
    const { db, offices } = acting(locals);
    const upload = await readUpload(request, 'file');
    if ('problem' in upload) return fail(400, { message: upload.problem });
    return orFail(async () => {
      const { people, wrong } = await planPeople(db, offices, upload.bytes);
      const rows = people.map(({ name, email, office }) => [name, email, office]);
      const list = wrong.length > 0 ? '' : csvList([['name', 'email', 'office'], ...rows]);
      const lines = people.slice(0, SHOWN).map(({ name, email, office }) => ({ name, email, office }));
      const plan = { all: people.length, wrongCount: wrong.length };
      return { plan: { ...plan, people: lines, wrong: wrong.slice(0, SHOWN), list } };
    });
  },

  apply: async ({ locals, request }) => {
    const desk = acting(locals);
    const list = field(await request.formData(), 'list');
    if (list === '') return fail(400, { message: manageMessages.tree.noFile });
    return orFail(async () => {
      const bytes = new TextEncoder().encode(list);
      const people = await importPeople(desk.db, desk.actor, desk.offices, bytes);
      const rows: string[][] = [];
      for (const { id, name, email, office } of people) {
        const link = await inviteFrom(desk, id);
        rows.push([name, email, office, link?.url ?? '', link ? fullTime(link.expiresAt) : '']);
      }
      return { imported: people.length, links: writeCsv([manageMessages.persons.linksHeader, ...rows]) };
    });
  },
};
