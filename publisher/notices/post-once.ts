import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { AddressGuard } from '../../config/address-guard.ts';
import type { Outcome } from './outcome.ts';

/** An answer that arrived whole. */
export type Answer = { status: number; retryAfterSeconds: number | null; body: string };

class Blocked extends Error {}

/** @param allowPrivateHosts `notices.allowPrivateHosts` of hub.yaml */
export function openGuard(allowPrivateHosts: readonly string[]): AddressGuard {
  return new AddressGuard(allowPrivateHosts, () => new Blocked('address blocked'));
}

/** Of an answer no more is read: what counts stands at its beginning. */
const MOST_BYTES = 64 * 1024;
/** A pause that is asked for is kept up to this. */
const LONGEST_WAIT_SECONDS = 3_600;

type Call = { url: URL; headers?: Record<string, string>; body: string };

/**
 * Posts a document once, on a connection of its own: one that was kept open may be closed by the other side just then,
 * and nobody could tell whether it had read the document. Until the connection stands nothing of it has left; from
 * then on, without a whole answer, the outcome is unknown. Redirections are not followed.
 * @param timeoutMs from the call to the whole answer
 */
export function postOnce(
  { url, headers = {}, body }: Call,
  guard: AddressGuard,
  timeoutMs: number,
): Promise<Answer | Outcome> {
  try {
    guard.checkUrl(url);
  } catch {
    return Promise.resolve({ kind: 'refused', reason: 'address-blocked' });
  }
  return new Promise((resolve) => {
    let handed = false;
    let timedOut = false;
    const failed = (error: unknown): Outcome => {
      if (error instanceof Blocked) return { kind: 'refused', reason: 'address-blocked' };
      if (!handed) return { kind: 'again', reason: 'not-reached', detail: codeOf(error) };
      return { kind: 'unknown', reason: timedOut ? 'timed-out' : 'cut-off', detail: codeOf(error) };
    };
    const done = (result: Answer | Outcome) => {
      clearTimeout(timer);
      resolve(result);
    };
    const secure = url.protocol === 'https:';
    const open = secure ? requestSecure : requestPlain;
    const bytes = Buffer.from(body);
    const asked = open(url, {
      method: 'POST',
      agent: false,
      lookup: guard.lookupFor(url),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': bytes.length,
        'user-agent': 'jiansheng',
        ...headers,
      },
    });
    const timer = setTimeout(() => {
      timedOut = true;
      asked.destroy(new Error('timed out'));
    }, timeoutMs);
    asked.on('socket', (socket) => socket.once(secure ? 'secureConnect' : 'connect', () => (handed = true)));
    asked.on('error', (error) => done(failed(error)));
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        if (length < MOST_BYTES) chunks.push(chunk);
        length += chunk.length;
      });
      response.on('error', (error) => done(failed(error)));
      response.on('end', () => {
        done({
          status: response.statusCode ?? 0,
          retryAfterSeconds: retryAfter(response.headers['retry-after'], Date.now()),
          body: Buffer.concat(chunks).toString('utf8').slice(0, MOST_BYTES),
        });
      });
    });
    asked.end(bytes);
  });
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
export function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now) / 1000;
  if (Number.isNaN(seconds)) return null;
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Math.ceil(seconds)));
}

/** `ECONNREFUSED` and the like; a message could name the address, which is a secret. */
function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
