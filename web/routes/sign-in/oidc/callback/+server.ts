import { redirect } from '@sveltejs/kit';
import { hub } from '../../../../lib/server/hub.ts';
import { goOnAs, ground, markOf, OIDC_MARK } from '../../../../lib/server/identity/here.ts';
import { finishOidc } from '../../../../lib/server/identity/oidc.ts';
import { visitOf } from '../../../../lib/server/identity/visit.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
  const { oidc, log } = hub();
  if (!oidc) redirect(303, '/sign-in');
  const browser = markOf(event.cookies, OIDC_MARK);
  event.cookies.delete(OIDC_MARK, { path: '/sign-in/oidc' });
  const back = await finishOidc(ground(), oidc, browser, event.url.searchParams, visitOf(event));
  if (back.outcome === 'refused') {
    if (back.cause) log.warn({ err: back.cause, why: back.why }, 'a sign-on was refused');
    redirect(303, `/sign-in?oidc=${back.why}`);
  }
  await goOnAs(event, back.token);
  redirect(303, back.to);
};
