import { redirect } from '@sveltejs/kit';
import { acting } from '../../../../../lib/server/desk.ts';
import { beginWeibo, placeAfter } from '../../../../../lib/server/weibo-oauth.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, url }) => {
  const desk = acting(locals);
  const text = url.searchParams.get('account') ?? '';
  const begun = await beginWeibo(desk, /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0);
  if ('url' in begun) redirect(303, begun.url, { external: [begun.url.origin] });
  redirect(303, placeAfter(begun));
};
