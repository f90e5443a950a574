import { error, fail, redirect } from '@sveltejs/kit';
import { createRelease } from '../../../../../store/releases.ts';
import { messages } from '../../../../lib/messages.ts';
import { hub } from '../../../../lib/server/hub.ts';
import { readReleaseForm } from '../../../../lib/server/release-form.ts';
import { mayWriteReleases, signedIn } from '../../../../lib/server/session.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
  if (!mayWriteReleases(signedIn(locals))) error(403, messages.errors.forbidden);
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const person = signedIn(locals);
    if (!mayWriteReleases(person)) error(403, messages.errors.forbidden);
    const form = readReleaseForm(await request.formData());
    if ('problem' in form) return fail(400, { message: form.problem, typed: form.typed });
    const id = await createRelease(hub().store, person, form.content);
    redirect(303, `/releases/${id}?created`);
  },
};
