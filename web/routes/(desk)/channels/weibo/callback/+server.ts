import { redirect } from '@sveltejs/kit';
import { acting } from '../../../../../lib/server/desk.ts';
import { finishWeibo, placeAfter } from '../../../../../lib/server/weibo-oauth.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, url }) =>
  redirect(303, placeAfter(await finishWeibo(acting(locals), url.searchParams)));
