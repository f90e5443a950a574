import { randomBytes } from 'node:crypto';
import { shanghaiDay } from '../../../config/shanghai.ts';
import { admitSender, contactContext } from '../../../store/objection-receipts.ts';
import { sendObjection } from '../../../store/objections.ts';
import { hubDb } from './desk.ts';
import { hub } from './hub.ts';

/** Within which staff decide about an outlet's article. */
const DAYS_TO_DECIDE = 15;
/** Forms from one place in a day: a whole village may share one address. */
const FORMS_A_DAY = 30;

/** Letters and digits that nobody mistakes for others when they are read out (Crockford). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RECEIPT = /^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/;

/** Eighty random bits in four groups of four: cannot be guessed, can be written down. */
export function drawReceipt(): string {
  const characters = [...randomBytes(16)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return (characters.match(/.{4}/g) ?? []).join('-');
}

/** A receipt as it was typed, in the form in which it was given; null when it cannot be one. */
export function readReceipt(typed: string): string | null {
  const bare = typed
    .slice(0, 100)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  const receipt = (bare.match(/.{1,4}/g) ?? []).join('-');
  return RECEIPT.test(receipt) ? receipt : null;
}

/**
 * Takes an objection in.
 * @param place address that the form came from; kept for the day as a keyed hash
 * @returns the receipt, or null when too many came from there today
 */
export async function takeObjection(
  filled: { addresses: readonly string[]; reason: string | null; contact: string | null },
  place: string,
  now: Date,
): Promise<string | null> {
  const { cipher, runtime } = hub();
  const day = shanghaiDay(now);
  const sender = cipher.mac(`${day} ${place}`, 'objection-sender');
  if (!(await admitSender(hubDb(), sender, day, FORMS_A_DAY))) return null;
  const receipt = drawReceipt();
  await sendObjection(hubDb(), runtime.officeId, {
    receipt,
    addresses: filled.addresses,
    reason: filled.reason,
    contact: filled.contact === null ? null : cipher.seal(filled.contact, contactContext(receipt)),
    dueAt: new Date(now.getTime() + DAYS_TO_DECIDE * 86_400_000),
  });
  return receipt;
}
