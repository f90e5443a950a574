import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import { AddressGuard } from '../../config/address-guard.ts';

/** Nothing of the call has left this machine. `detail`: `ECONNREFUSED` and the like. */
export class NotSent extends Error {
  readonly detail: string;
  constructor(detail: string) {
    super(`not sent: ${detail}`);
    this.detail = detail;
  }
}

/** The call has left, and no whole answer has come: whether it was carried out is not known. */
export class NoAnswer extends Error {
  readonly detail: string;
  constructor(detail: string) {
    super(`no answer: ${detail}`);
    this.detail = detail;
  }
}

export type PlatformRequest = {
  method: 'GET' | 'POST';
  url: URL | string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** From the call to the whole answer; default 15 s. */
  timeoutMs?: number;
};
export type PlatformAnswer = { status: number; headers: Record<string, string>; text: string };

/**
 * Asks a platform once, on a connection of its own: one that was kept open may be closed by the other side just then, and nobody
 * could tell whether it had read the call. No redirections.
 * @throws NotSent, NoAnswer
 */
export type PlatformFetch = (asked: PlatformRequest) => Promise<PlatformAnswer>;

const TIMEOUT_MS = 15_000;
/** No answer of a platform that is known is near this. */
const MOST_BYTES = 4 * 1024 * 1024;

class Blocked extends Error {}

/**
 * @param allowPrivateHosts hosts (name or name:port) that may be asked although their address is private
 * @param timeoutMs for calls that name no other
 */
export function openPlatformFetch(
  allowPrivateHosts: readonly string[],
  timeoutMs: number = TIMEOUT_MS,
): PlatformFetch {
  const guard = new AddressGuard(allowPrivateHosts, () => new Blocked('address blocked'));
  return (asked) => ask(guard, { timeoutMs, ...asked });
}

function ask(guard: AddressGuard, asked: PlatformRequest): Promise<PlatformAnswer> {
  const { method, headers = {}, body, timeoutMs = TIMEOUT_MS } = asked;
  return new Promise((resolve, reject) => {
    const url = new URL(asked.url);
    try {
      guard.checkUrl(url);
    } catch {
      reject(new NotSent('address-blocked'));
      return;
    }
    let handed = false;
    let timedOut = false;
    const bytes = body === undefined ? null : Buffer.from(body as string);
    const secure = url.protocol === 'https:';
    const open = secure ? requestSecure : requestPlain;
    const call = open(url, {
      method,
      agent: false,
      lookup: guard.lookupFor(url),
      headers: { 'user-agent': 'jiansheng', ...headers, ...(bytes && { 'content-length': bytes.length }) },
    });
    const timer = setTimeout(() => {
      timedOut = true;
      call.destroy(new Error('timed out'));
    }, timeoutMs);
    const failed = (error: unknown) => {
      clearTimeout(timer);
      const detail = error instanceof Blocked ? 'address-blocked' : timedOut ? 'timed-out' : codeOf(error);
      reject(handed ? new NoAnswer(detail) : new NotSent(detail));
    };
    call.on('socket', (socket) => socket.once(secure ? 'secureConnect' : 'connect', () => (handed = true)));
    call.on('error', failed);
    call.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > MOST_BYTES) call.destroy(new Error('too long'));
        else chunks.push(chunk);
      });
      response.on('error', failed);
      response.on('end', () => {
        // An answer that was cut off ends too.
        if (!response.complete) return failed(new Error('cut off'));
        clearTimeout(timer);
        resolve(answerOf(response, Buffer.concat(chunks)));
      });
    });
    call.end(bytes ?? undefined);
  });
}

function answerOf(response: IncomingMessage, body: Buffer): PlatformAnswer {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { status: response.statusCode ?? 0, headers, text: body.toString('utf8') };
}

/** A code alone; a message could carry the address, and with it a token. */
function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'cut-off';
}
