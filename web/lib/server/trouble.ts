/** Codes with which Node and PostgreSQL say "the server is not there": refused, reset, no such host, shutting down. */
const GONE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

/** Whether an error, or one that caused it, says that the database cannot be reached. */
export function isDatabaseDown(error: unknown): boolean {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 5; inner = inner.cause, depth++) {
    if ('code' in inner && typeof inner.code === 'string' && GONE.has(inner.code)) return true;
    // The pool's own words, which carry no code, for a connection that broke under it.
    if (inner.message === 'Connection terminated unexpectedly') return true;
  }
  return false;
}
