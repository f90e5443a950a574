import { NotGot, type ReasonCode } from '../errors.ts';
import { barrierOf } from './barriers.ts';
import type { Answer } from './transport.ts';

/** A longer pause than this is not believed. */
const LONGEST_PAUSE_SECONDS = 7 * 86_400;

/** Why the answer is no page, with the pause that the site asks for; null when it is one. */
export function refusalOf(answer: Answer): NotGot | null {
  const barrier = barrierOf(answer);
  if (barrier === null && answer.status < 400) return null;
  return new NotGot(barrier ?? statusCode(answer.status), {
    retryAfterSeconds: pauseOf(answer),
    status: answer.status,
  });
}

/** What a status of 400 and above says. */
function statusCode(status: number): ReasonCode {
  if (status === 429) return 'status-429';
  return status >= 500 ? 'status-5xx' : 'status-4xx';
}

/**
 * Seconds that the site asks us to wait (`Retry-After`): given as such, or as an HTTP date (RFC 9110, 10.2.3), which begins
 * with the day of the week and counts by the site's own clock.
 */
export function pauseOf({ retryAfter, date }: Pick<Answer, 'retryAfter' | 'date'>): number | null {
  const said = retryAfter?.trim() ?? '';
  const seconds = /^\d{1,9}$/.test(said)
    ? Number(said)
    : /^[a-z]{3}/i.test(said)
      ? (Date.parse(said) - theirNow(date)) / 1000
      : Number.NaN;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), LONGEST_PAUSE_SECONDS) : null;
}

/** A clock that is off by more than a day is broken, and theirs rather than ours. */
function theirNow(date: string | null): number {
  const [ours, theirs] = [Date.now(), Date.parse(date ?? '')];
  return Math.abs(theirs - ours) < 86_400_000 ? theirs : ours;
}

/** Whether a failure says that the host is in trouble, so that it is left alone for a while. */
export const isTrouble = (code: ReasonCode): boolean =>
  ['timeout', 'connection-refused', 'connection-lost', 'status-429', 'status-5xx', 'captcha'].includes(code);

const BY_SYSTEM_CODE: Record<string, ReasonCode> = {
  ENOTFOUND: 'host-unknown',
  EAI_AGAIN: 'host-unknown',
  ECONNREFUSED: 'connection-refused',
  EHOSTUNREACH: 'connection-refused',
  ENETUNREACH: 'connection-refused',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_ABORTED: 'timeout',
  // A header that cannot be sent, for one.
  UND_ERR_INVALID_ARG: 'internal',
  CERT_HAS_EXPIRED: 'certificate-invalid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-invalid',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-invalid',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-invalid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-invalid',
};

/** What the network, or the parser of HTTP, threw, as a recorded reason. */
export function reasonOf(error: unknown): NotGot {
  for (
    let cause: unknown = error, depth = 0;
    cause instanceof Error && depth < 5;
    cause = cause.cause, depth += 1
  ) {
    if (cause instanceof NotGot) return cause;
    if (cause.name === 'TimeoutError' || cause.name === 'AbortError')
      return new NotGot('timeout', { cause: error });
    const code = BY_SYSTEM_CODE[(cause as NodeJS.ErrnoException).code ?? ''];
    if (code) return new NotGot(code, { cause: error });
  }
  // Whatever else a socket or an HTTP parser reports: the answer did not arrive whole.
  return new NotGot('connection-lost', { cause: error });
}
