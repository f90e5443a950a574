import { redirect } from '@sveltejs/kit';
import { appendAudit } from '../../../store/audit.ts';
import { transaction } from '../../../store/pool.ts';
import { hub } from '../../lib/server/hub.ts';
import { setAuthCookies, signedIn } from '../../lib/server/session.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals, request, cookies }) => {
  const person = signedIn(locals);
  const { auth, store } = hub();
  const { headers } = await auth.api.signOut({ headers: request.headers, returnHeaders: true });
  setAuthCookies(cookies, headers);
  await transaction(store, (client) =>
    appendAudit(client, {
      officeId: person.officeId,
      actor: person.id,
      action: 'sign-out',
      subject: `person:${person.id}`,
    }),
  );
  redirect(303, '/sign-in?out');
};
