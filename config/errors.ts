/**
 * Errors named by what the caller should do. Callers decide by class or `code`, never by the message; the message is
 * Chinese and is written for the person who reads it: what happened, why, what to do.
 */
export class HubError extends Error {
  /** Stable, in kebab-case. */
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The hub cannot start as it is set up; an operator has to change something. Exit code 1. */
export class StartRefused extends HubError {}

/** What was asked for is wrong in a way the person asking can mend. */
export class Refused extends HubError {}

/** A step outside this process failed in a way that may pass: try again later. */
export class RetryLater extends HubError {}

/** The text of any thrown value, for logs. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
