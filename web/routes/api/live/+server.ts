import { subscribeLive } from '../../../lib/server/live.ts';
import { acting } from '../../../lib/server/desk.ts';
import type { RequestHandler } from './$types';

/** Under the idle limit of common proxies. */
const HEARTBEAT_MS = 20_000;
/** The browser then comes back with its cookie, so that a session that was ended does not listen on. */
const LIFETIME_MS = 10 * 60_000;

export const GET: RequestHandler = ({ locals, request }) => {
  const { scope, person } = acting(locals);
  const encoder = new TextEncoder();
  let end = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const close = () => {
        end();
        controller.close();
      };
      const unsubscribe = subscribeLive(scope, (event) => {
        // The browser comes back by itself, and gets what it may see then.
        if (event?.kind === 'access') {
          if (event.personId === undefined || event.personId === person.id) close();
        } else send(`event: ${event?.kind ?? 'refresh'}\ndata: ${JSON.stringify(event)}\n\n`);
      });
      const heartbeat = setInterval(() => send(': here\n\n'), HEARTBEAT_MS);
      const lifetime = setTimeout(close, LIFETIME_MS);
      end = () => {
        clearInterval(heartbeat);
        clearTimeout(lifetime);
        unsubscribe();
      };
      request.signal.addEventListener('abort', () => end());
      send(': here\n\n');
    },
    cancel: () => end(),
  });
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
  });
};
