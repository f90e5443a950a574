import { error, redirect } from '@sveltejs/kit';
import { editedSource } from '../../../../../../store/edited-sources.ts';
import { resumeSource, stopSource } from '../../../../../../store/stops.ts';
import { messages } from '../../../../../lib/messages.ts';
import { acting, reading, type Desk } from '../../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../../lib/server/form.ts';
import { readId } from '../../../../../lib/server/read-id.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const { id, name, kind, stoppedAt, stopReason } = await find(reading(locals), params.id);
  return { source: { id, name, kind, stoppedAt, stopReason } };
};

async function find({ db, offices }: Desk, id: string) {
  const source = await editedSource(db, offices, readId(id));
  if (!source) error(404, messages.errors.notFound);
  return source;
}

export const actions: Actions = {
  stop: async ({ locals, params, request }) => {
    const desk = acting(locals);
    const { id } = await find(desk, params.id);
    const reason = field(await request.formData(), 'reason');
    const failed = await orFail(() => stopSource(desk.db, desk.actor, id, reason));
    if (failed) return failed;
    redirect(303, `/sources/${id}`);
  },

  resume: async ({ locals, params }) => {
    const desk = acting(locals);
    const { id } = await find(desk, params.id);
    await resumeSource(desk.db, desk.actor, id);
    redirect(303, `/sources/${id}`);
  },
};
