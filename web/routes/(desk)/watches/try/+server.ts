import { json } from '@sveltejs/kit';
import { watchMessages } from '../../../../lib/messages/watches.ts';
import { acting } from '../../../../lib/server/desk.ts';
import { field } from '../../../../lib/server/form.ts';
import { hub } from '../../../../lib/server/hub.ts';
import { faultOf, tryQuery } from '../../../../lib/server/watch-trial.ts';
import type { TrialLine } from '../../../../lib/watch-line.ts';
import type { RequestHandler } from './$types';

/** Trials that one process runs at the same time: each of them keeps the database and a processor busy for a second or two. */
const AT_ONCE = 2;
let running = 0;

/** Says whether a query can be read; with an office, also what it finds there. Answers line by line (`TrialLine`). */
export const POST: RequestHandler = async ({ locals, request }) => {
  const desk = acting(locals);
  const sent = await request.formData();
  const query = field(sent, 'query').trim();
  const office = /^[1-9]\d{0,8}$/.test(field(sent, 'office')) ? Number(field(sent, 'office')) : null;
  const headers = { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' };
  if (office === null) {
    const line: TrialLine = { say: 'checked', fault: await faultOf(query) };
    return new Response(`${JSON.stringify(line)}\n`, { headers });
  }
  if (running >= AT_ONCE) return json({ message: watchMessages.trial.busy }, { status: 429 });
  const gone = new AbortController();
  const encoder = new TextEncoder();
  const lines = new ReadableStream<Uint8Array>({
    async start(controller) {
      running += 1;
      try {
        await tryQuery(desk, office, query, gone.signal, (line) => {
          if (!gone.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
        });
        if (!gone.signal.aborted) controller.close();
      } catch (err) {
        hub().log.error({ err }, 'trial of a query');
        if (!gone.signal.aborted) controller.close();
      } finally {
        running -= 1;
      }
    },
    cancel: () => gone.abort(),
  });
  return new Response(lines, { headers });
};
