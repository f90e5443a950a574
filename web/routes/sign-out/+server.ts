import { redirect } from '@sveltejs/kit';
import { appendAudit } from '../../../store/audit.ts';
import { tellLive } from '../../../store/live.ts';
import { transaction } from '../../../store/pool.ts';
import { endSession } from '../../../store/sessions.ts';
import { acting } from '../../lib/server/desk.ts';
import { hub } from '../../lib/server/hub.ts';
import { setAuthCookies } from '../../lib/server/session.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals, request, cookies }) => {
  const { person, actor } = acting(locals);
  const { auth, identity } = hub();
  await transaction(identity, async (client) => {
    await endSession(client, person.id, person.session.id);
    await appendAudit(client, { ...actor, action: 'sign-out', subject: `person:${person.id}` });
    await tellLive(client, { kind: 'access' });
  });
  const { headers } = await auth.api.dropCookie({ headers: request.headers, returnHeaders: true });
  setAuthCookies(cookies, headers);
  redirect(303, '/sign-in?out');
};
