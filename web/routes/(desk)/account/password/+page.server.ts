import { fail } from '@sveltejs/kit';
import { messages } from '../../../../lib/messages.ts';
import { passwordProblem } from '../../../../lib/password-rule.ts';
import { acting } from '../../../../lib/server/desk.ts';
import { door, goOnAs } from '../../../../lib/server/identity/here.ts';
import { changePassword } from '../../../../lib/server/identity/password.ts';
import type { Actions } from './$types';

export const actions: Actions = {
  default: async (event) => {
    const { person, actor } = acting(event.locals);
    const { email, name, session } = person;
    const sent = await event.request.formData();
    const text = (field: string) => String(sent.get(field) ?? '');
    const current = text('current').slice(0, 1000);
    const next = text('next');
    const words = messages.password;
    const problem = passwordProblem({ next, repeat: text('repeat'), email, name });
    if (problem) return fail(400, { message: problem });
    const change = await changePassword(door(), { actor, email, session }, current, next);
    switch (change.outcome) {
      case 'wait':
        return fail(429, { message: messages.signIn.wait(Math.ceil(change.seconds / 60)) });
      case 'wrong':
        return fail(400, { message: words.wrongCurrent });
      case 'former':
        return fail(400, { message: words.former });
      case 'ended':
        return fail(409, { message: words.ended });
      case 'changed':
        await goOnAs(event, change.token);
        return { changed: true };
    }
  },
};
