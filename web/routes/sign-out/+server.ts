import { redirect } from '@sveltejs/kit';
import { acting } from '../../lib/server/desk.ts';
import { door, dropCookie } from '../../lib/server/identity/here.ts';
import { signOut } from '../../lib/server/identity/sessions.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async (event) => {
  const { person, actor } = acting(event.locals);
  await signOut(door(), actor, person.session.id);
  await dropCookie(event);
  redirect(303, '/sign-in?out');
};
