import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';

/**
 * Hands a session that stands in the database to the browser: one that goes on under another token after a second factor,
 * or was opened without a password. Can be called from this very process only.
 */
export function sessionCookie() {
  return {
    id: 'session-cookie',
    endpoints: {
      handOutSession: createAuthEndpoint.serverOnly(
        { method: 'POST', body: z.object({ token: z.string() }) },
        async (ctx) => {
          const found = await ctx.context.internalAdapter.findSession(ctx.body.token);
          if (!found) throw ctx.error('UNAUTHORIZED');
          await setSessionCookie(ctx, found, false);
          return ctx.json({ done: true });
        },
      ),
    },
  };
}
