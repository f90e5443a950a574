import { createHmac } from 'node:crypto';
import { fitBytes } from '../fit.ts';
import { judgeStatus, type Robot } from './contract.ts';

/** Bytes of the text; with it the whole document is below 64 KB. */
const LONGEST_TEXT = 20_000;

/**
 * Another system that takes a JSON document, as docs/notices.md describes it to whoever builds one. Every answer of 200 to 299 says that
 * it was taken.
 */
export const webhook: Robot = {
  kind: 'webhook',
  hosts: [],
  perMinute: 60,

  call(message, { address, secret }, now, id) {
    const { level, purpose, heading, text, facts, link } = message;
    const body = JSON.stringify({
      ...{ id, level, purpose, title: heading, text: fitBytes(text, LONGEST_TEXT), facts, link },
      sentAt: now.toISOString(),
    });
    const timestamp = String(Math.floor(now.getTime() / 1000));
    return {
      url: new URL(address),
      headers: {
        'x-jiansheng-delivery': id,
        'x-jiansheng-timestamp': timestamp,
        ...(secret !== null && { 'x-jiansheng-signature': `v1=${signatureOf(secret, timestamp, body)}` }),
      },
      body,
    };
  },

  judge: (answer) => judgeStatus(answer) ?? { kind: 'sent' },
};

/** HMAC-SHA256 of time, a dot and the body, in hex: a document that was overheard cannot be sent again later. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
}
