import { readBytes } from '../../../../lib/server/body.ts';
import { LARGEST_PUSH, receivePush, type PushAnswer } from '../../../../lib/server/wechat-callback.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, url, getClientAddress }) =>
  respond(await receivePush(params.source, url.searchParams, null, getClientAddress()));

export const POST: RequestHandler = async ({ params, url, request, getClientAddress }) => {
  const body = await readBytes(request, LARGEST_PUSH);
  if (body === null) return respond({ status: 413, text: 'too large' });
  const text = Buffer.from(body).toString('utf8');
  return respond(await receivePush(params.source, url.searchParams, text, getClientAddress()));
};

function respond({ status, text }: PushAnswer): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
