import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { contentOf } from '../../../../../config/release-content.ts';
import { releaseTypes } from '../../../../../config/release-types.ts';
import { releaseTemplate, releaseTemplates } from '../../../../../store/release-templates.ts';
import { createRelease } from '../../../../../store/releases.ts';
import { editorMessages } from '../../../../lib/messages/editor.ts';
import { acting, reading } from '../../../../lib/server/desk.ts';
import type { Actions, PageServerLoad } from './$types';

const words = editorMessages.new;

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, actor } = reading(locals);
  const templates = await releaseTemplates(db, actor.officeId);
  return {
    templates: templates.map(({ id, name, content }) => ({ id, name, type: content.type })),
    /** Of a link on the page of templates. */
    template: url.searchParams.get('template') ?? '',
  };
};

const sent = z.object({
  type: z.enum(releaseTypes, { error: words.needType }),
  title: z
    .string({ error: words.needTitle })
    .transform((text) => text.toWellFormed().replaceAll('\0', '').replace(/\s+/g, ' ').trim())
    .pipe(z.string().min(1, { error: words.needTitle }).max(120, { error: words.longTitle })),
  /** '': nothing stands in it yet. */
  template: z.string().max(80).default(''),
});

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const form = Object.fromEntries(await request.formData());
    const read = sent.safeParse(form);
    const field = (name: string) => String(form[name] ?? '');
    const typed = { type: field('type'), title: field('title'), template: field('template') };
    if (!read.success) return fail(400, { message: read.error.issues[0]?.message ?? words.needTitle, typed });
    const { type, title, template } = read.data;
    const start = template === '' ? null : await releaseTemplate(db, actor.officeId, template);
    if (template !== '' && !start) return fail(409, { message: words.noTemplate, typed });
    const id = await createRelease(db, actor, { ...(start?.content ?? contentOf()), type, title });
    redirect(303, `/releases/${id}`);
  },
};
