import type { RobotKind } from '../../../config/notices.ts';
import type { Message } from '../message.ts';
import { detailOf, type Outcome } from '../outcome.ts';
import type { Answer } from '../post-once.ts';

/** Where a robot is and what it is signed with: never logged, never shown. */
export type Door = { address: string; secret: string | null };

export type RobotCall = { url: URL; headers?: Record<string, string>; body: string };

/**
 * A robot of one platform. It puts a message into the platform's form within the platform's limits, and reads the answer.
 * It does not send, does not wait and does not try again: send.ts does, alike for all.
 */
export type Robot = {
  kind: RobotKind;
  /** Hosts that the platform serves its robots from; empty: any. */
  hosts: readonly string[];
  /** Below what the platform allows in a minute, so that another sender in the group has room. */
  perMinute: number;
  /** @param id the same for every try of one delivery */
  call(message: Message, door: Door, now: Date, id: string): RobotCall;
  /** Judges an answer that arrived whole. */
  judge(answer: Answer): Outcome;
};

/** What an answer that is no success means by its status alone; null: the body says it. */
export function judgeStatus({ status, retryAfterSeconds, body }: Answer): Outcome | null {
  const detail = `HTTP ${status} ${detailOf(body)}`.trim();
  if (status >= 200 && status < 300) return null;
  if (status === 429) {
    return { kind: 'wait', reason: 'rate-limited', seconds: retryAfterSeconds ?? MINUTE, detail };
  }
  if (status === 503) {
    return retryAfterSeconds === null
      ? { kind: 'again', reason: 'server-error', detail }
      : { kind: 'wait', reason: 'busy', seconds: retryAfterSeconds, detail };
  }
  // A gateway that got no answer from behind it does not know either (RFC 9110, 15.6.3 and 15.6.5).
  if (status === 502 || status === 504 || status === 408)
    return { kind: 'unknown', reason: 'cut-off', detail };
  if (status >= 500) return { kind: 'again', reason: 'server-error', detail };
  if (status >= 300 && status < 400) return { kind: 'refused', reason: 'redirected', detail };
  return {
    kind: 'refused',
    reason: status === 401 || status === 403 ? 'bad-signature' : 'bad-address',
    detail,
  };
}

export const MINUTE = 60;

/** The code and the words of an answer in JSON; null when it is none. */
export function readAnswer(
  body: string,
  code: string,
  words: string,
): { code: number; detail: string } | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const found = (value as Record<string, unknown>)[code];
  if (typeof found !== 'number' && !(typeof found === 'string' && /^-?\d+$/.test(found))) return null;
  const said = (value as Record<string, unknown>)[words];
  return { code: Number(found), detail: detailOf(`${found} ${typeof said === 'string' ? said : ''}`) };
}
