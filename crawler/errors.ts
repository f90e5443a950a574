import { HubError } from '../config/errors.ts';
import { reasons } from './messages.ts';

export type ReasonCode = keyof typeof reasons;

/** Reasons that may pass by themselves: the same request can succeed later, so that the item is tried again. */
const PASSING = new Set<ReasonCode>([
  'timeout',
  'host-unknown',
  'connection-refused',
  'connection-lost',
  'status-429',
  'status-5xx',
  'truncated-content',
  'robots-unreachable',
  'browser-failed',
  'host-busy',
  'stopped',
  'later',
  'internal',
  'quota-used',
  'rate-limited',
  'platform-busy',
]);

/** A page or an item could not be got. `code` is the recorded reason, the message its sentence for people. */
export class NotGot extends HubError {
  declare readonly code: ReasonCode;
  /** Trying again later may help. */
  readonly passing: boolean;
  /** Seconds that the site asked us to wait (`Retry-After`), else null. */
  readonly retryAfterSeconds: number | null;
  /** Status of the answer, where a refusal was one. */
  readonly status: number | null;

  constructor(
    code: ReasonCode,
    options?: { cause?: unknown; retryAfterSeconds?: number | null; status?: number | null },
  ) {
    super(code, reasons[code], options);
    this.passing = PASSING.has(code);
    this.retryAfterSeconds = options?.retryAfterSeconds ?? null;
    this.status = options?.status ?? null;
  }
}

/** Any thrown value as a recorded reason; what is not ours is `internal`. */
export function asNotGot(error: unknown): NotGot {
  return error instanceof NotGot ? error : new NotGot('internal', { cause: error });
}

/** A reason that was written down somewhere; null when no reason of this program is called so. */
export function asReason(code: string | null): ReasonCode | null {
  return code !== null && Object.hasOwn(reasons, code) ? (code as ReasonCode) : null;
}
