import { redirect } from '@sveltejs/kit';
import { appendAudit } from '../../../store/audit.ts';
import { transaction } from '../../../store/pool.ts';
import { hub } from '../../lib/server/hub.ts';
import { acting } from '../../lib/server/desk.ts';
import { setAuthCookies } from '../../lib/server/session.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals, request, cookies }) => {
  const { person, db, actor } = acting(locals);
  const { auth } = hub();
  const { headers } = await auth.api.signOut({ headers: request.headers, returnHeaders: true });
  setAuthCookies(cookies, headers);
  await transaction(db, (client) =>
    appendAudit(client, {
      ...actor,
      action: 'sign-out',
      subject: `person:${person.id}`,
    }),
  );
  redirect(303, '/sign-in?out');
};
