import { fail, redirect } from '@sveltejs/kit';
import { signInMessages } from '../../../lib/messages/sign-in.ts';
import { messages } from '../../../lib/messages.ts';
import { passwordProblem } from '../../../lib/password-rule.ts';
import { door, goOnAs } from '../../../lib/server/identity/here.ts';
import { acceptInvitation, readInvitation } from '../../../lib/server/identity/invitations.ts';
import { arrivalOf } from '../../../lib/server/identity/sessions.ts';
import { personOf } from '../../../lib/server/session.ts';
import type { Actions, PageServerLoad } from './$types';

const words = signInMessages.invitation;

export const load: PageServerLoad = async (event) => {
  const invitation = await readInvitation(door(), event.params.token);
  if (!invitation || invitation.over) {
    const over: keyof typeof words.over = invitation?.over ?? 'unknown';
    return { over, invitation: null, foreign: null };
  }
  const { name, email, office, expiresAt, again } = invitation;
  const present = await personOf(event);
  return {
    over: null,
    invitation: { name, email, office, expiresAt, again },
    foreign: present && present.id !== invitation.personId ? present.name : null,
  };
};

export const actions: Actions = {
  default: async (event) => {
    const invitation = await readInvitation(door(), event.params.token);
    if (!invitation || invitation.over) {
      return fail(410, { message: words.over[invitation?.over ?? 'unknown'].text });
    }
    const { personId, name, email } = invitation;
    const present = await personOf(event);
    if (present && present.id !== personId) {
      return fail(409, { message: words.foreign(present.name, name) });
    }
    const sent = await event.request.formData();
    const text = (field: string) => String(sent.get(field) ?? '');
    const next = text('next');
    const problem = passwordProblem({ next, repeat: text('repeat'), email, name });
    if (problem) return fail(400, { message: problem });
    const accepted = await acceptInvitation(door(), invitation, next, arrivalOf(event));
    switch (accepted.outcome) {
      case 'former':
        return fail(400, { message: messages.password.former });
      case 'over':
        return fail(410, { message: words.over.used.text });
      case 'disabled':
        return fail(410, { message: words.over.disabled.text });
      case 'not-here':
        return fail(403, { message: words.notHere });
      case 'in':
        await goOnAs(event, accepted.token);
        redirect(303, '/');
    }
  },
};
