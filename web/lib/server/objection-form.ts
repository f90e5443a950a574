import { z } from 'zod';
import { canonicalUrl } from '../../../crawler/extract/canonical.ts';
import { tidy } from '../../../indexer/cleaning/characters.ts';
import { personalData } from '../../../indexer/redaction/find.ts';
import { applyMasks } from '../../../indexer/redaction/types.ts';
import { objectionMessages } from '../messages/objections.ts';
import { readForm } from './body.ts';

const words = objectionMessages.form.problems;

export const MOST_ADDRESSES = 10;
export const LONGEST_REASON = 500;
const LONGEST_ADDRESS = 2_000;
/** Ten long addresses and a reason, every character in its longest encoding. */
const LARGEST_BODY = 200_000;

/** As typed: it comes back when something is wrong. */
export type TypedObjection = { addresses: string; reason: string; contact: string };
export type ObjectionForm = { typed: TypedObjection } & (
  { problem: string } | { addresses: string[]; reason: string | null; contact: string | null }
);

/**
 * The fields of the form.
 * @returns a sentence and a status instead when they cannot be had
 */
export async function receiveObjection(
  request: Request,
): Promise<{ sent: FormData } | { status: 400 | 413; problem: string }> {
  const sent = await readForm(request, LARGEST_BODY);
  if (sent === 'too-large') return { status: 413, problem: words.tooLarge };
  return sent === 'no-form' ? { status: 400, problem: words.unreadable } : { sent };
}

/** Reads what was filled in. */
export function readObjection(sent: FormData): ObjectionForm {
  const field = (name: string) => {
    const value = sent.get(name);
    return typeof value === 'string' ? value.slice(0, LARGEST_BODY) : '';
  };
  const typed = { addresses: field('addresses'), reason: field('reason'), contact: field('contact').trim() };
  // A field that people do not see: whatever fills it in is a program.
  if (field('homepage') !== '') return { typed, problem: words.trap };
  const addresses = readAddresses(typed.addresses);
  if ('problem' in addresses) return { typed, problem: addresses.problem };
  const reason = tidy(typed.reason, LARGEST_BODY);
  if ([...reason].length > LONGEST_REASON) return { typed, problem: words.reason(LONGEST_REASON) };
  const contact = typed.contact === '' ? null : z.email().max(254).safeParse(typed.contact);
  if (contact?.success === false) return { typed, problem: words.contact };
  return {
    typed,
    addresses: addresses.found,
    reason: reason === '' ? null : applyMasks(reason, personalData(reason)),
    contact: contact?.data ?? null,
  };
}

function readAddresses(text: string): { found: string[] } | { problem: string } {
  const lines = text.split(/\r\n?|\n/u).map((line) => line.trim());
  const found = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    if (line.length > LONGEST_ADDRESS) return { problem: words.long(index + 1, LONGEST_ADDRESS) };
    const address = addressIn(line);
    if (address === null) return { problem: words.malformed(index + 1) };
    found.add(address);
  }
  if (found.size === 0) return { problem: words.none };
  if (found.size > MOST_ADDRESSES) return { problem: words.many(MOST_ADDRESSES, found.size) };
  return { found: [...found] };
}

/** The address in a line: apps put words around it when something is shared, and people leave `https://` out. */
function addressIn(line: string): string | null {
  const [stated] = /https?:\/\/[^\s\u3000-\u303f\uff00-\uffef]+/iu.exec(line) ?? [];
  if (stated !== undefined) return publicAddress(stated);
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\/\S*$/iu.test(line) ? publicAddress(`https://${line}`) : null;
}

function publicAddress(address: string): string | null {
  const canonical = canonicalUrl(address.toWellFormed().replaceAll('\0', ''));
  return canonical !== null && new URL(canonical).hostname.includes('.') ? canonical : null;
}
