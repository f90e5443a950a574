import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { NotGot } from '../errors.ts';
import type { Sent } from './transport.ts';

/** An answer as it came, read to its end. */
export type Exchanged = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/**
 * One request and its answer, without a stream in between: what comes is kept as it comes, up to a limit.
 * @throws NotGot `too-large` or `timeout`, the connection being given up; whatever undici says of one that fails
 */
export function exchange(
  dispatcher: Dispatcher,
  url: URL,
  sent: Sent,
  { bytes: most, ms }: { bytes: number; ms: number },
): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let answer: Omit<Exchanged, 'body'> | null = null;
    let given: NotGot | null = null;
    let request: Dispatcher.DispatchController | null = null;
    const giveUp = (reason: NotGot) => {
      given = reason;
      clearTimeout(timer);
      reject(reason);
      request?.abort(reason);
    };
    const timer = setTimeout(() => giveUp(new NotGot('timeout')), ms);
    const { method, headers, body } = sent;
    const target = { origin: url.origin, path: url.pathname + url.search };
    dispatcher.dispatch(
      { ...target, method, headers, body },
      {
        onRequestStart(controller) {
          request = controller;
          if (given) controller.abort(given);
        },
        onResponseStart(_controller, status, received) {
          // "Continue" and its like go before the answer.
          if (status < 200) return;
          answer = { status, headers: received };
          if (Number(received['content-length'] ?? 0) > most) giveUp(new NotGot('too-large'));
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size <= most) chunks.push(chunk);
          else if (!given) giveUp(new NotGot('too-large'));
        },
        onResponseEnd() {
          clearTimeout(timer);
          if (answer)
            resolve({ ...answer, body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) });
          else reject(new NotGot('connection-lost'));
        },
        onResponseError(_controller, error) {
          clearTimeout(timer);
          reject(error);
        },
      },
    );
  });
}
