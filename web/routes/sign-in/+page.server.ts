import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { messages } from '../../lib/messages.ts';
import { signInMessages } from '../../lib/messages/sign-in.ts';
import { safeReturn } from '../../lib/server/gate.ts';
import { hub } from '../../lib/server/hub.ts';
import { door, goOnAs } from '../../lib/server/identity/here.ts';
import { otherWays } from '../../lib/server/identity/other-ways.ts';
import { arrivalOf } from '../../lib/server/identity/sessions.ts';
import { signIn } from '../../lib/server/identity/sign-in.ts';
import { endings, personOf } from '../../lib/server/session.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const { searchParams, origin } = event.url;
  if (await personOf(event)) redirect(303, safeReturn(searchParams.get('to'), origin));
  const { hub: settings } = hub().runtime;
  return {
    office: settings.office.name,
    sample: settings.sample,
    signedOut: searchParams.has('out'),
    ended: endings.find((each) => each === searchParams.get('ended')) ?? null,
    ways: otherWays(event.url),
  };
};

const form = z.object({
  // As people type it, also with a Chinese input method on (`ｐｒｅｓｓ＠…`).
  email: z.string().max(300).normalize('NFKC').trim().toLowerCase().min(1),
  // More than any password can be; what is beyond that is not even hashed.
  password: z.string().min(1).max(1000),
});

export const actions: Actions = {
  default: async (event) => {
    const sent = Object.fromEntries(await event.request.formData());
    const email = typeof sent['email'] === 'string' ? sent['email'].slice(0, 254) : '';
    const read = form.safeParse(sent);
    if (!read.success) {
      const long = read.error.issues.some(({ code }) => code === 'too_big');
      return fail(400, { email, message: long ? messages.signIn.tooLong : messages.signIn.empty });
    }
    const result = await signIn(door(), read.data.email, read.data.password, arrivalOf(event));
    switch (result.outcome) {
      case 'wait': {
        event.setHeaders({ 'retry-after': String(result.seconds) });
        return fail(429, { email, message: messages.signIn.wait(Math.ceil(result.seconds / 60)) });
      }
      case 'wrong':
        return fail(401, { email, message: messages.signIn.wrong });
      case 'not-here':
        return fail(403, { email, message: signInMessages.notHere });
      case 'in':
        await goOnAs(event, result.token);
        redirect(303, safeReturn(event.url.searchParams.get('to'), event.url.origin));
    }
  },
};
