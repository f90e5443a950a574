import { readBytes } from './body.ts';
import { LARGEST_PUSH, receivePush, type PushAnswer, type PushDoor } from './wechat-callback.ts';

type Asked = { url: URL; getClientAddress: () => string };

/** The platform wants to know whether the address is ours. */
export async function answerProbe(door: PushDoor, { url, getClientAddress }: Asked): Promise<Response> {
  return respond(await receivePush(door, url.searchParams, null, getClientAddress()));
}

/** The platform has something to say. */
export async function answerPush(
  door: PushDoor,
  { url, request, getClientAddress }: Asked & { request: Request },
): Promise<Response> {
  const body = await readBytes(request, LARGEST_PUSH);
  if (body === null) return respond({ status: 413, text: 'too large' });
  const text = Buffer.from(body).toString('utf8');
  return respond(await receivePush(door, url.searchParams, text, getClientAddress()));
}

function respond({ status, text }: PushAnswer): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
