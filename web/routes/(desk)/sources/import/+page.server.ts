import { fail } from '@sveltejs/kit';
import { addSources } from '../../../../../store/source-edits.ts';
import { sourceMessages } from '../../../../lib/messages/sources.ts';
import { acting, mayIn, reading } from '../../../../lib/server/desk.ts';
import { hasContact } from '../../../../lib/server/fetching.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import { readApproval, type Wrong } from '../../../../lib/server/source-form.ts';
import { listOf, planSources, type ImportPlan } from '../../../../lib/server/source-import.ts';
import { readUpload } from '../../../../lib/server/upload.ts';
import type { Actions, PageServerLoad } from './$types';

const words = sourceMessages.import;

export const load: PageServerLoad = ({ locals }) => {
  const { own, person } = reading(locals);
  return {
    mayApprove: own.every((id) => mayIn(person, 'source-approve', id)),
    person: person.name,
    noContact: !hasContact(),
  };
};

/** As many lines as somebody reads. */
const SHOWN = 200;

function shown({ fresh, known, wrong }: ImportPlan) {
  return {
    ...{ all: fresh.length, knownCount: known.length, wrongCount: wrong.length },
    fresh: fresh.slice(0, SHOWN).map(({ line, office, details }) => {
      const { name, kind, url, intervalSeconds } = details;
      return { line, name, kind, url: url ?? '', intervalSeconds, office: office.name };
    }),
    known: known.slice(0, SHOWN),
    wrong: wrong.slice(0, SHOWN),
    list: listOf(fresh),
  };
}

export const actions: Actions = {
  preview: async ({ locals, request }) => {
    const desk = acting(locals);
    const upload = await readUpload(request, 'file');
    if ('problem' in upload) return fail(400, { message: upload.problem });
    return orFail(async () => {
      const plan = await planSources(desk, upload.bytes);
      return { plan: shown(plan) };
    });
  },

  apply: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const run = field(sent, 'then') === 'run';
    const list = field(sent, 'list');
    if (list === '') return fail(400, { message: words.noFile });
    if (!hasContact()) return fail(409, { message: sourceMessages.new.noContact });
    const { approval, typed, wrong } = readApproval(sent, 'feed');
    return orFail(async () => {
      const plan = await planSources(desk, new TextEncoder().encode(list));
      const again = { plan: shown(plan), typed, wrong: run ? wrong : ({} as Wrong) };
      if (run && Object.keys(wrong).length > 0) {
        return fail(400, { ...again, message: sourceMessages.form.wrong(Object.keys(wrong).length) });
      }
      if (run && !plan.fresh.every(({ office }) => mayIn(desk.person, 'source-approve', office.id))) {
        return fail(403, { ...again, message: sourceMessages.approval.notThisOffice });
      }
      if (plan.fresh.length === 0) return fail(409, { ...again, message: words.nothing });
      const given = run ? approval : { ...approval, approvedBy: null };
      const ids = await addSources(
        desk.db,
        desk.actor,
        plan.fresh.map(({ office, details }) => ({ officeId: office.id, details, approval: given })),
      );
      return { imported: ids.length, running: run };
    });
  },
};
