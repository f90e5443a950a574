import { fail, redirect } from '@sveltejs/kit';
import { contentOf } from '../../../../../config/release-content.ts';
import { createRelease } from '../../../../../store/releases.ts';
import { readReleaseForm, withValues } from '../../../../lib/server/release-form.ts';
import { acting, reading } from '../../../../lib/server/desk.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
  reading(locals);
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const { db, actor } = acting(locals);
    const form = readReleaseForm(await request.formData());
    if ('problem' in form) return fail(400, { message: form.problem, typed: form.typed });
    const id = await createRelease(db, actor, withValues(contentOf(), form.content));
    redirect(303, `/releases/${id}?created`);
  },
};
