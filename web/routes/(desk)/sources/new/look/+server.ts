import { error, json } from '@sveltejs/kit';
import { Refused } from '../../../../../../config/errors.ts';
import { noteProbe } from '../../../../../../store/probe-limit.ts';
import { sourceMessages } from '../../../../../lib/messages/sources.ts';
import type { Line } from '../../../../../lib/recognising.ts';
import { acting } from '../../../../../lib/server/desk.ts';
import { hasContact } from '../../../../../lib/server/fetching.ts';
import { field } from '../../../../../lib/server/form.ts';
import { recogniseFor, type Question } from '../../../../../lib/server/recognising.ts';
import { checkTyped, readKind, readSource } from '../../../../../lib/server/source-form.ts';
import type { RequestHandler } from './$types';

const words = sourceMessages.new;

/**
 * Looks at an address, or tries a source as its form stands. Answers line by line (`Line`), as it goes; whoever hangs up
 * ends it.
 */
export const POST: RequestHandler = async ({ locals, request }) => {
  const desk = acting(locals);
  const sent = await request.formData();
  const address = URL.parse(field(sent, 'url').trim());
  if (!address || !/^https?:$/.test(address.protocol) || address.href.length > 2_000) {
    return json({ message: words.badAddress }, { status: 400 });
  }
  if (!hasContact()) return json({ message: words.noContact }, { status: 409 });
  const question = questionOf(sent, address.href);
  try {
    await noteProbe(desk.db, desk.actor, address.href);
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
};

function questionOf(sent: FormData, address: string): Question {
  const named = field(sent, 'kind');
  if (named === '') return { address, source: null };
  const kind = readKind(named);
  if (!kind) error(400, sourceMessages.form.noKind);
  const { typed, details } = readSource(sent, kind);
  // A name is not needed to try a source.
  const tried = details ?? checkTyped(kind, { ...typed, name: typed['name'] || kind }).details;
  if (!tried) error(400, words.badAddress);
  return { address, source: { kind, settings: tried.settings } };
}
