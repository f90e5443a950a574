import { redirect } from '@sveltejs/kit';
import { safeReturn } from '../../../lib/server/gate.ts';
import { hub } from '../../../lib/server/hub.ts';
import { ground, markBrowser, OIDC_MARK } from '../../../lib/server/identity/here.ts';
import { beginOidc } from '../../../lib/server/identity/oidc.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ cookies, url }) => {
  const { oidc, log } = hub();
  if (!oidc) redirect(303, '/sign-in');
  // Lax: the provider is another site, and the browser comes back from there.
  const browser = markBrowser(cookies, OIDC_MARK, '/sign-in/oidc', 'lax');
  const to = safeReturn(url.searchParams.get('to'), url.origin);
  const begun = await beginOidc(ground(), oidc, browser, to);
  if ('url' in begun) redirect(303, begun.url, { external: [begun.url.origin] });
  log.warn({ err: begun.cause }, 'the provider cannot be reached');
  redirect(303, `/sign-in?oidc=${begun.failure}`);
};
