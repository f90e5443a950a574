import { json } from '@sveltejs/kit';
import { PUSH_LIMITS, readItems } from '../../../crawler/sources/push.ts';
import { push } from '../../../config/sources/push.ts';
import { messages } from '../messages.ts';
import { intakeMessages } from '../messages/intake.ts';
import { readBytes } from './body.ts';
import { hubKnowledge, type Intake } from './desk.ts';

const words = intakeMessages.push;

/** Content type → how the items stand in it. */
const FORMS = new Map([
  ['application/json', 'json'],
  ['application/x-ndjson', 'lines'],
  ['application/ndjson', 'lines'],
  ['application/jsonl', 'lines'],
  ['application/x-jsonlines', 'lines'],
] as const);

function refuse(status: number, message: string, headers: Record<string, string> = {}): Response {
  return json({ message }, { status, headers });
}

/** Takes a call of `POST /api/ingest` and answers it. */
export async function receive(intake: Intake | null, request: Request): Promise<Response> {
  if (!intake) return refuse(401, messages.errors.noToken);
  const { db, use } = intake;
  if (use.kind !== 'push') return refuse(403, words.notPush);
  if (use.off !== null) return refuse(403, words.off[use.off]);
  const { callsPerMinute } = push.shape.settings.parse(use.settings);
  if (use.calls > callsPerMinute) {
    return refuse(429, words.tooOften(callsPerMinute), {
      'retry-after': String(Math.max(1, use.secondsLeft)),
    });
  }
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const form = FORMS.get(type as 'application/json');
  if (!form || request.headers.has('content-encoding')) return refuse(415, words.wrongType);
  const body = await readBytes(request, PUSH_LIMITS.bytes);
  if (body === null) return refuse(413, words.tooLarge(PUSH_LIMITS.bytes / 2 ** 20));
  const text = asText(body);
  if (text === null) return refuse(422, words.notUtf8);
  const read = readItems(text, form);
  if ('problem' in read) return refuse(422, read.problem);
  if (read.items.length === 0) return refuse(422, words.noItems);
  if (read.items.length > PUSH_LIMITS.items) return refuse(413, words.tooMany(PUSH_LIMITS.items));
  // Most hubs are never sent anything: the steps are loaded with the first call.
  const { takePushed } = await import('../../../hub/intake/push.ts');
  const answer = await takePushed(db, use, read.items, read.ignored, await hubKnowledge());
  const status = answer.accepted === 0 ? 422 : 200;
  return json(status === 422 ? { message: words.noneTaken, ...answer } : answer, { status });
}

/** Programs agree on UTF-8; what is none would be stored as something that nobody wrote. */
function asText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
