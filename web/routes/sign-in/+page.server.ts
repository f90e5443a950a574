import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { messages } from '../../lib/messages.ts';
import { safeReturn } from '../../lib/server/gate.ts';
import { hub } from '../../lib/server/hub.ts';
import { personOf, setAuthCookies } from '../../lib/server/session.ts';
import { signIn } from '../../lib/server/sign-in.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  if (await personOf(event)) redirect(303, safeReturn(event.url.searchParams.get('to'), event.url.origin));
  const { hub: settings } = hub().runtime;
  return {
    office: settings.office.name,
    sample: settings.sample,
    signedOut: event.url.searchParams.has('out'),
  };
};

const form = z.object({
  email: z.string().trim().toLowerCase().min(1).max(254),
  password: z.string().min(1).max(1000),
});

export const actions: Actions = {
  default: async (event) => {
    const sent = Object.fromEntries(await event.request.formData());
    const email = typeof sent['email'] === 'string' ? sent['email'].slice(0, 254) : '';
    const read = form.safeParse(sent);
    if (!read.success) return fail(400, { email, message: messages.signIn.empty });
    const result = await signIn(
      read.data.email,
      read.data.password,
      event.getClientAddress(),
      event.request.headers,
    );
    if (result.outcome === 'wait') {
      const minutes = Math.ceil(result.seconds / 60);
      event.setHeaders({ 'retry-after': String(result.seconds) });
      return fail(429, { email, message: messages.signIn.wait(minutes) });
    }
    if (result.outcome === 'wrong') return fail(401, { email, message: messages.signIn.wrong });
    setAuthCookies(event.cookies, result.headers);
    redirect(303, safeReturn(event.url.searchParams.get('to'), event.url.origin));
  },
};
