import { LARGEST_PUSH, receivePush, type PushAnswer } from '../../../../lib/server/wechat-callback.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, url, getClientAddress }) =>
  respond(await receivePush(params.source, url.searchParams, null, getClientAddress()));

export const POST: RequestHandler = async ({ params, url, request, getClientAddress }) => {
  const body = await boundedText(request);
  if (body === null) return respond({ status: 413, text: 'too large' });
  return respond(await receivePush(params.source, url.searchParams, body, getClientAddress()));
};

function respond({ status, text }: PushAnswer): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

/** Null when there is more than any message holds. */
async function boundedText(request: Request): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > LARGEST_PUSH) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Read to its end, which the server sees to: a body that is given up takes the connection with it, and the answer.
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size <= LARGEST_PUSH) chunks.push(chunk);
  }
  return size <= LARGEST_PUSH ? Buffer.concat(chunks).toString('utf8') : null;
}
