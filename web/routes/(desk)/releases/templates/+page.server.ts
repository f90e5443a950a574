import { fail, redirect } from '@sveltejs/kit';
import { createRelease } from '../../../../../store/releases.ts';
import {
  archiveTemplate,
  releaseTemplate,
  releaseTemplates,
  renameTemplate,
} from '../../../../../store/release-templates.ts';
import { writingMessages } from '../../../../lib/messages/writing.ts';
import { acting, mayIn, reading } from '../../../../lib/server/desk.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import type { Actions, PageServerLoad } from './$types';

const words = writingMessages.templates;

export const load: PageServerLoad = async ({ locals }) => {
  const { db, office, person } = reading(locals);
  const [offered, archived] = await Promise.all([
    releaseTemplates(db, office),
    releaseTemplates(db, office, true),
  ]);
  const line = ({ content, ...template }: (typeof offered)[number]) => ({
    ...template,
    ...{ type: content.type, title: content.title },
  });
  return {
    offered: offered.map(line),
    archived: archived.map(line),
    mayWrite: mayIn(person, 'release-write', office),
  };
};

const idOf = (sent: FormData) => {
  const id = field(sent, 'id');
  return /^[1-9]\d{0,8}$/.test(id) ? Number(id) : 0;
};

export const actions: Actions = {
  use: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const template = await releaseTemplate(db, actor.officeId, field(await request.formData(), 'id'));
    if (!template) return fail(409, { message: words.gone });
    redirect(303, `/releases/${await createRelease(db, actor, template.content)}`);
  },

  rename: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const sent = await request.formData();
    const name = field(sent, 'name').trim();
    if (name === '' || name.length > 60) return fail(400, { message: words.needName });
    return orFail(async () => {
      await renameTemplate(db, actor, idOf(sent), name);
      return { done: words.renamed };
    });
  },

  archive: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const id = idOf(await request.formData());
    return orFail(async () => ({
      done: words.archivedDone(await archiveTemplate(db, actor, id, true)),
      undo: id,
    }));
  },

  restore: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const id = idOf(await request.formData());
    return orFail(async () => ({ done: words.restoredDone(await archiveTemplate(db, actor, id, false)) }));
  },
};
