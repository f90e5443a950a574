/**
 * What became of one try to send, named by what follows from it. Only what certainly was not taken is tried again: a message
 * that may have arrived is `unknown` for good, and people see that.
 */
export type Outcome =
  | { kind: 'sent' }
  /** Certainly not taken, and it may pass. */
  | { kind: 'again'; reason: Reason; detail?: string }
  /** Certainly not taken: the other side wants a pause. */
  | { kind: 'wait'; reason: Reason; seconds: number; detail?: string }
  /** It may have been taken. */
  | { kind: 'unknown'; reason: Reason; detail?: string }
  /** Certainly not taken, and trying again without a change would end alike. */
  | { kind: 'refused'; reason: Reason; detail?: string };

/** Stable codes; their sentences are in web/lib/messages/notices.ts. */
export const outcomeReasons = [
  'not-reached',
  'address-blocked',
  'server-error',
  'rate-limited',
  'timed-out',
  'cut-off',
  'busy',
  'not-understood',
  'bad-address',
  'bad-signature',
  'bad-keyword',
  'bad-ip',
  'bad-content',
  'redirected',
  'mailbox',
  'mail-sign-in',
  'interrupted',
  'secret-unreadable',
  'gone',
  'no-mail',
] as const;
export type Reason = (typeof outcomeReasons)[number];

/** As much of an answer as is worth keeping. */
const LONGEST_DETAIL = 300;

/** What the other side said, as it may be kept: without line breaks, and cut. Never an address: that is never in an answer that we quote. */
export function detailOf(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().toWellFormed().replaceAll('\0', '').slice(0, LONGEST_DETAIL);
}
