import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What was asked of a platform. */
export type Asked = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
  /** Address of the caller. */
  from: string;
};

/** `drop`: the connection ends without an answer. */
export type Answered = { status?: number; headers?: Record<string, string>; body: unknown } | 'drop';

/** One area of an interface: `GET /2/comments/show.json` → what it answers. */
export type Area = Record<string, (asked: Asked) => Answered>;

/** Something that goes wrong at the next calls of a path. */
export type Fault = {
  path: string;
  answer: Answered;
  /** After so many calls that go well. */
  after?: number;
  /** How often; default once. */
  times?: number;
  /** The call is carried out, and its answer is lost. */
  carriedOut?: boolean;
};

export type Platform = {
  origin: string;
  /** Every call in the order of arrival. */
  asked: Asked[];
  /** How often each path was asked. */
  count(path: string): number;
  faults: Fault[];
  close(): Promise<void>;
};

/**
 * A platform on loopback, its areas put together.
 * @param admit answers by itself what gets no further: missing tokens, used-up quotas; null lets the call in
 * @param unknown answers what no area knows
 */
export async function startPlatform(
  areas: readonly Area[],
  admit: (asked: Asked) => Answered | null,
  unknown: (asked: Asked) => Answered,
): Promise<Platform> {
  const all = Object.assign({}, ...areas) as Area;
  const server = createServer((request, response) => {
    void read(request).then((asked) => send(response, answer(asked)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const platform: Platform = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    count: (path) => platform.asked.filter((asked) => asked.path === path).length,
    faults: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function answer(asked: Asked): Answered {
    platform.asked.push(asked);
    const fault = faultOf(asked);
    if (fault && !fault.carriedOut) return fault.answer;
    const known = all[`${asked.method} ${asked.path}`];
    const given = known ? (admit(asked) ?? known(asked)) : unknown(asked);
    return fault?.answer ?? given;
  }

  function faultOf(asked: Asked): Fault | undefined {
    const fault = platform.faults.find(({ path, times = 1 }) => path === asked.path && times > 0);
    if (fault?.after) {
      fault.after -= 1;
      return undefined;
    }
    if (fault) fault.times = (fault.times ?? 1) - 1;
    return fault;
  }

  return platform;
}

/** Closes it with the test. */
export function forThisTest<T extends Platform>(platform: T): T {
  onTestFinished(() => platform.close());
  return platform;
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://platform');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    from: request.socket.remoteAddress ?? '',
  };
}

function send(response: ServerResponse, answered: Answered): void {
  if (answered === 'drop') {
    response.destroy();
    return;
  }
  const { status = 200, headers = {}, body } = answered;
  const text = typeof body === 'string' ? body : asJson(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json; charset=utf-8';
  response.writeHead(status, { 'content-type': type, ...headers }).end(text);
}

/** JSON whose big integers are numbers, as platforms write them, whatever becomes of them in JavaScript. */
function asJson(body: unknown): string {
  const text = JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'bigint' ? `big:${value}` : value,
  );
  return text.replaceAll(/"big:(\d+)"/g, '$1');
}
