import { fail } from '@sveltejs/kit';
import { csvList } from '../../../../../../store/csv.ts';
import { readOfficeCsv } from '../../../../../../store/office-import-read.ts';
import { applyImport, planImport, type ImportPlan } from '../../../../../../store/office-import.ts';
import { manageMessages } from '../../../../../lib/messages/manage.ts';
import { acting, reading } from '../../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../../lib/server/form.ts';
import { readUpload } from '../../../../../lib/server/upload.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
  reading(locals);
};

/** As many lines as somebody reads. */
const SHOWN = 300;

function shown({ changes, unchanged, wrong, hash }: ImportPlan) {
  const fresh = changes.filter(({ before }) => before === null).length;
  return {
    ...{ unchanged, hash, all: changes.length, fresh, wrongCount: wrong.length },
    renamed: changes.filter(({ before, name }) => before && before.name !== name).length,
    moved: changes.filter(({ before, parent }) => before && before.parent !== parent).length,
    changes: changes.slice(0, SHOWN),
    wrong: wrong.slice(0, SHOWN),
    // What comes back with the order to apply it; what stays as it is need not travel.
    list:
      wrong.length > 0
        ? ''
        : csvList([
            ['code', 'name', 'level', 'parent'],
            ...changes.map(({ code, name, level, parent }) => [code, name, level, parent ?? '']),
          ]),
  };
}

export const actions: Actions = {
  preview: async ({ locals, request }) => {
    const { db, offices } = acting(locals);
    const upload = await readUpload(request, 'file');
    if ('problem' in upload) return fail(400, { message: upload.problem });
    return orFail(async () => ({ plan: shown(await planImport(db, offices, readOfficeCsv(upload.bytes))) }));
  },

  apply: async ({ locals, request }) => {
    const { db, offices, actor } = acting(locals);
    const sent = await request.formData();
    const [list, hash] = [field(sent, 'list'), field(sent, 'hash')];
    if (list === '') return fail(400, { message: manageMessages.tree.noFile });
    return orFail(async () => {
      const read = readOfficeCsv(new TextEncoder().encode(list));
      const { changes } = await applyImport(db, actor, offices, read, hash);
      return { imported: changes.length };
    });
  },
};
