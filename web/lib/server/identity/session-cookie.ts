import { createAuthEndpoint } from 'better-auth/api';
import { deleteSessionCookie, setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';

/**
 * The session's cookie: signed, for this site's own requests, out of reach of scripts. Which session it names, and whether
 * that one still goes on, is the database's to say. Can be called from this very process only.
 */
export function sessionCookie() {
  return {
    id: 'session-cookie',
    endpoints: {
      /** Hands a session that stands in the database to the browser. */
      handOutSession: createAuthEndpoint.serverOnly(
        { method: 'POST', body: z.object({ token: z.string() }) },
        async (ctx) => {
          const found = await ctx.context.internalAdapter.findSession(ctx.body.token);
          if (!found) throw ctx.error('UNAUTHORIZED');
          await setSessionCookie(ctx, found, false);
          return ctx.json({ done: true });
        },
      ),
      /** The token of a cookie that this hub has signed. */
      readToken: createAuthEndpoint.serverOnly({ method: 'GET', requireHeaders: true }, async (ctx) => {
        const { sessionToken } = ctx.context.authCookies;
        return (await ctx.getSignedCookie(sessionToken.name, ctx.context.secret)) || null;
      }),
      /** Takes the cookie from the browser. */
      dropCookie: createAuthEndpoint.serverOnly({ method: 'POST', requireHeaders: true }, async (ctx) => {
        deleteSessionCookie(ctx);
        return ctx.json({ done: true });
      }),
    },
  };
}
