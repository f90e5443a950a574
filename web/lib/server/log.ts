import { pino, type Logger } from 'pino';

/** One line of JSON for each record on standard output, as the hub's other parts write them. */
export function openLog(level: string): Logger {
  return pino({ level, base: { role: 'web', pid: process.pid }, serializers: { err: errorRecord } });
}

/** An error without the row that caused it: PostgreSQL puts values of the statement into `detail` and `where`. */
function errorRecord(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { type: name, message, code, stack, cause: cause === undefined ? undefined : errorRecord(cause) };
}
