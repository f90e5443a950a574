import { Readable } from 'node:stream';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** Ways in which real sites fail. A test asks for one per path. */
export type Fault = 'timeout' | '500' | 'html-for-feed' | 'truncated-gzip' | 'redirect-loop' | 'huge';
export type FaultPlan = (path: string) => Fault | null;

const maintenance =
  '<!DOCTYPE html><html lang="zh-CN"><title>系统维护</title><h1>系统维护中，请稍后访问</h1></html>';
const HUGE_CHUNK = 64 * 1024;
const HUGE_CHUNKS = 1024;

/** Answers a request the wrong way on purpose. */
export function answerWithFault(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  switch (fault) {
    case 'timeout':
      // The socket stays open until the other side, or the closing server, gives up.
      return;
    case '500':
      response
        .writeHead(500, { 'content-type': 'text/html; charset=utf-8' })
        .end('<h1>500 Internal Server Error</h1>');
      return;
    case 'html-for-feed':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(maintenance);
      return;
    case 'truncated-gzip': {
      const whole = gzipSync(maintenance.repeat(50));
      const headers = { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip' };
      response.writeHead(200, headers).end(whole.subarray(0, Math.floor(whole.length / 2)));
      return;
    }
    case 'redirect-loop': {
      const address = new URL(request.url ?? '/', 'http://loop');
      const turn = Number(address.searchParams.get('turn') ?? 0) + 1;
      response.writeHead(302, { location: `${address.pathname}?turn=${turn}` }).end();
      return;
    }
    case 'huge':
      // 64 MB, made while it is sent, so that the sample itself stays small.
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      Readable.from(hugePage())
        .on('error', () => response.destroy())
        .pipe(response);
      return;
  }
}

function* hugePage(): Generator<Buffer> {
  const chunk = Buffer.alloc(HUGE_CHUNK, '<p>无尽的页面</p>');
  for (let index = 0; index < HUGE_CHUNKS; index++) yield chunk;
}
