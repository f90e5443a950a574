import { json } from '@sveltejs/kit';
import { sourceMessages } from '../../../../../lib/messages/sources.ts';
import { acting } from '../../../../../lib/server/desk.ts';
import { field } from '../../../../../lib/server/form.ts';
import { lookResponse } from '../../../../../lib/server/look.ts';
import type { Question } from '../../../../../lib/server/recognising.ts';
import { checkTyped, readKind, readSource } from '../../../../../lib/server/source-form.ts';
import type { RequestHandler } from './$types';

const words = sourceMessages;

/** Looks at an address, or, with a kind, tries a source as its form stands. */
export const POST: RequestHandler = async ({ locals, request }) => {
  const desk = acting(locals);
  const sent = await request.formData();
  const address = URL.parse(field(sent, 'url').trim());
  if (!address || !/^https?:$/.test(address.protocol) || address.href.length > 2_000) {
    return json({ message: words.new.badAddress }, { status: 400 });
  }
  const question = questionOf(sent, address.href);
  if (typeof question === 'string') return json({ message: question }, { status: 400 });
  return lookResponse(desk, question);
};

/** Or what is wrong with the form. */
function questionOf(sent: FormData, address: string): Question | string {
  const named = field(sent, 'kind');
  if (named === '') return { address, source: null };
  const kind = readKind(named);
  if (!kind) return words.form.noKind;
  const { typed } = readSource(sent, kind);
  // A name is not needed to try a source.
  const { details, wrong } = checkTyped(kind, { ...typed, name: typed['name'] || new URL(address).hostname });
  if (details) {
    const { settings, name, outlet } = details;
    return { address, source: { kind, settings, name, outlet, secrets: {} } };
  }
  const [[line, why] = ['', '']] = Object.entries(wrong);
  return words.import.wrong.field(words.fields[line]?.label ?? line, why);
}
