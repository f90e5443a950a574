import { fail } from '@sveltejs/kit';
import { APIError } from 'better-auth/api';
import { appendAudit } from '../../../../../store/audit.ts';
import { clearMustChangePassword } from '../../../../../store/passwords.ts';
import { transaction } from '../../../../../store/pool.ts';
import { messages } from '../../../../lib/messages.ts';
import { passwordProblem } from '../../../../lib/password-rule.ts';
import { hub } from '../../../../lib/server/hub.ts';
import { acting } from '../../../../lib/server/desk.ts';
import { setAuthCookies } from '../../../../lib/server/session.ts';
import type { Actions } from './$types';

export const actions: Actions = {
  default: async ({ locals, request, cookies }) => {
    const { person, actor } = acting(locals);
    const sent = await request.formData();
    const text = (name: string) => String(sent.get(name) ?? '');
    const passwords = { current: text('current'), next: text('next'), repeat: text('repeat') };
    const problem = passwordProblem(passwords);
    if (problem) return fail(400, { message: problem });
    const { auth, identity } = hub();
    try {
      const { headers } = await auth.api.changePassword({
        body: {
          currentPassword: passwords.current,
          newPassword: passwords.next,
          revokeOtherSessions: true,
        },
        headers: request.headers,
        returnHeaders: true,
      });
      setAuthCookies(cookies, headers);
    } catch (error) {
      if (!(error instanceof APIError) || error.statusCode >= 500) throw error;
      return fail(400, { message: messages.password.wrongCurrent });
    }
    await transaction(identity, async (client) => {
      await clearMustChangePassword(client, person.id);
      await appendAudit(client, {
        ...actor,
        action: 'password-change',
        subject: `person:${person.id}`,
      });
    });
    return { changed: true };
  },
};
