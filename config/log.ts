import pino, { type Logger } from 'pino';
import { readEnv } from './env.ts';

/** Keys whose values never reach a log, at any depth that our own records have. */
const SECRET = [
  'password',
  'secret',
  'token',
  'key',
  'cookie',
  'authorization',
  'databaseUrl',
  'meiliKey',
  'redisUrl',
];

/** Text of the public and contact data of citizens is not logged either: records carry ids and counts. */
const CONTENT = ['text', 'title', 'body', 'draft', 'drafts', 'email', 'phone', 'content'];

/** One line of JSON for each record on standard output; the supervisor puts it into the log file. */
export function openLog(role: string): Logger {
  const keys = [...SECRET, ...CONTENT];
  return pino({
    level: readEnv().LOG_LEVEL,
    base: { role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: keys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[…]' },
    serializers: { err: errorRecord },
  });
}

/** An error without the row that caused it: PostgreSQL puts values of the statement into `detail` and `where`. */
function errorRecord(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const code = (error as { code?: unknown }).code;
  return { type: name, message, code, stack, cause: cause === undefined ? undefined : errorRecord(cause) };
}
