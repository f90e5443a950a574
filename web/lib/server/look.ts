import { json } from '@sveltejs/kit';
import { Refused } from '../../../config/errors.ts';
import { noteProbe } from '../../../store/probe-limit.ts';
import { sourceMessages } from '../messages/sources.ts';
import type { Line } from '../recognising.ts';
import type { Desk } from './desk.ts';
import { hasContact } from './fetching.ts';
import { recogniseFor, type Question } from './recognising.ts';

/**
 * Answers line by line (`Line`) what comes of a question, as it comes; whoever hangs up ends it. Refused in words when the
 * person has asked too often, or the hub does not say who it is.
 */
export async function lookResponse(desk: Desk, question: Question): Promise<Response> {
  if (!hasContact()) return json({ message: sourceMessages.new.noContact }, { status: 409 });
  try {
    await noteProbe(desk.db, desk.actor, question.address);
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    return json({ message: thrown.message }, { status: 429 });
  }
  const gone = new AbortController();
  const encoder = new TextEncoder();
  const lines = new ReadableStream<Uint8Array>({
    async start(controller) {
      const say = (line: Line) => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
      };
      await recogniseFor(desk, question, gone.signal, say);
      say({ say: 'end' });
      if (!gone.signal.aborted) controller.close();
    },
    cancel: () => gone.abort(),
  });
  return new Response(lines, {
    headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' },
  });
}
