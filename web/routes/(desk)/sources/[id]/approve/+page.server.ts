import { error, fail, redirect } from '@sveltejs/kit';
import { editedSource } from '../../../../../../store/edited-sources.ts';
import { approveSource } from '../../../../../../store/source-edits.ts';
import { messages } from '../../../../../lib/messages.ts';
import { sourceMessages } from '../../../../../lib/messages/sources.ts';
import { acting, reading, type Desk } from '../../../../../lib/server/desk.ts';
import { orFail } from '../../../../../lib/server/form.ts';
import { readId } from '../../../../../lib/server/read-id.ts';
import { readApproval } from '../../../../../lib/server/source-form.ts';
import type { Typed } from '../../../../../lib/source-fields.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const desk = reading(locals);
  const source = await find(desk, params.id);
  const { id, name, kind, url: address, origin, intervalSeconds, addedBy, approvedBy } = source;
  const typed: Record<string, string> = { checked: source.checked.join(' '), approvedBy: desk.person.name };
  if (source.legalBasis) typed['legalBasis'] = source.legalBasis;
  if (source.impactNote) typed['impactNote'] = source.impactNote;
  return {
    source: { id, name, kind, address, origin, intervalSeconds, addedBy, approvedBy },
    typed: typed as Typed,
    changed: url.searchParams.has('changed'),
  };
};

async function find({ db, offices }: Desk, id: string) {
  const source = await editedSource(db, offices, readId(id));
  if (!source) error(404, messages.errors.notFound);
  return source;
}

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    const desk = acting(locals);
    const source = await find(desk, params.id);
    const { approval, typed, wrong } = readApproval(await request.formData(), source.kind);
    const { checked, legalBasis, impactNote, approvedBy } = approval;
    const count = Object.keys(wrong).length;
    if (count > 0 || legalBasis === null || impactNote === null || approvedBy === null) {
      return fail(400, { message: sourceMessages.form.wrong(count), typed, wrong });
    }
    const given = { checked, legalBasis, impactNote, approvedBy };
    const failed = await orFail(() => approveSource(desk.db, desk.actor, source.id, given));
    if (failed) return fail(409, { ...failed.data, typed, wrong });
    redirect(303, `/sources/${source.id}?running`);
  },
};
