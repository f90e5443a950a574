import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PlatformClock } from './clock.ts';
import { answerControl, type Controls } from './control.ts';
import { Troubles, type Fault, type FaultPlan, type Trouble } from './faults.ts';
import type { Published } from './truth.ts';

/** What was asked of a platform. */
export type Asked = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
  bytes: Buffer;
  /** Address of the caller. */
  from: string;
};

/** `drop`: the connection ends without an answer. Text is HTML, bytes are sent as they are, everything else is JSON. */
export type Answered = { status?: number; headers?: Record<string, string>; body: unknown } | 'drop';

/** One area of an interface: `GET /2/comments/show.json` → what it answers. */
export type Area = Record<string, (asked: Asked) => Answered>;

export type Platform = {
  origin: string;
  clock: PlatformClock;
  /** The latest calls in the order of arrival. */
  asked: Asked[];
  /** How often a path was asked. */
  count(path: string): number;
  /** Path → how often it was asked. */
  counts(): Record<string, number>;
  faults: Fault[];
  troubles: Troubles;
  /** What goes wrong at random; null: nothing. */
  plan: FaultPlan | null;
  /** Kind of fault → how often it has happened. */
  readonly happened: Readonly<Record<string, number>>;
  /** New connections are refused until `listen` is called, or for so many ms. */
  refuse(ms?: number): Promise<void>;
  listen(): Promise<void>;
  /** What the platform really shows, by what was wanted: whether something was published twice is judged by this alone. */
  truth(): Published[];
  close(): Promise<void>;
};

/** What makes a platform this one. */
export type PlatformRules = {
  clock: PlatformClock;
  /** The interface. */
  answer(asked: Asked): Answered;
  /** Pages for people; null: it is a call of the interface. */
  page(asked: Asked): Answered | null;
  /** How this platform says that it is busy. */
  busy(asked: Asked): Answered;
  truth(): Published[];
  /** What can be looked at and changed over `/_/`, beside what every platform has. */
  controls: Controls;
  /** Written `\/` in JSON, as one of the platforms does. */
  slashesEscaped?: boolean;
  port?: number;
  /** Calls that are kept to be looked at; a platform that runs for days must not grow. */
  remembered?: number;
};

const REMEMBERED = 5_000;
/** Pictures and the like are not kept with the call that brought them. */
const KEPT_BYTES = 64 * 1024;
/** A longer body is refused before it is held in memory. */
const LONGEST = 24 * 1024 * 1024;

export const BAD_GATEWAY = {
  status: 502,
  body: '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
} as const;

/** A platform on loopback. @throws what listening throws when the port is taken */
export async function startPlatform(rules: PlatformRules): Promise<Platform> {
  const troubles = new Troubles();
  const counts = new Map<string, number>();
  let port = rules.port ?? 0;
  let refusing: NodeJS.Timeout | null = null;
  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  const listening = () =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listening();
  port = (server.address() as AddressInfo).port;

  const platform: Platform = {
    origin: `http://127.0.0.1:${port}`,
    clock: rules.clock,
    asked: [],
    count: (path) => counts.get(path) ?? 0,
    counts: () => Object.fromEntries(counts),
    faults: troubles.ordered,
    troubles,
    get plan() {
      return troubles.plan;
    },
    set plan(plan) {
      troubles.plan = plan;
    },
    happened: troubles.happened,
    async refuse(ms) {
      if (refusing) clearTimeout(refusing);
      refusing = ms === undefined ? null : setTimeout(listenAgain, ms);
      if (!server.listening) return;
      server.close();
      server.closeIdleConnections();
    },
    async listen() {
      if (refusing) clearTimeout(refusing);
      refusing = null;
      if (!server.listening) await listening();
    },
    truth: () => rules.truth(),
    async close() {
      if (refusing) clearTimeout(refusing);
      rules.clock.stop();
      await rules.clock.settled();
      if (!server.listening) {
        server.closeAllConnections();
        return;
      }
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };

  /** Somebody else may have taken the port meanwhile, for a moment. */
  function listenAgain(): void {
    platform.listen().catch(() => {
      refusing = setTimeout(listenAgain, 20);
    });
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = URL.parse(request.url ?? '/', 'http://platform');
    if (!url) return send(response, { status: 400, body: 'bad address' });
    // Browsers ask for it by themselves.
    if (url.pathname === '/favicon.ico') return send(response, { status: 204, body: '' });
    const isOurs = url.pathname.startsWith('/_/');
    const head = { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams };
    const bare = { ...head, headers: request.headers, from: request.socket.remoteAddress ?? '' };
    const page =
      isOurs || bare.method !== 'GET' ? null : rules.page({ ...bare, body: '', bytes: Buffer.of() });
    if (page) return send(response, page);
    const trouble = isOurs ? null : troubles.atCall(url.pathname);
    if (trouble && 'kind' in trouble && trouble.kind === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const bytes = await read(request);
    if (!bytes) return send(response, { status: 413, body: 'too long' });
    const isForm = bare.headers['content-type']?.startsWith('multipart/');
    const asked: Asked = { ...bare, body: isForm ? '' : bytes.toString('utf8'), bytes };
    if (isOurs) return send(response, answerControl(asked, platform, rules.controls));
    remember(asked);
    if (trouble) await misbehave(response, asked, trouble);
    else send(response, rules.answer(asked));
  }

  async function misbehave(response: ServerResponse, asked: Asked, trouble: Trouble): Promise<void> {
    if ('answer' in trouble) {
      if (trouble.carriedOut) rules.answer(asked);
      return send(response, trouble.answer);
    }
    const { kind, ms } = trouble;
    const later = (run: () => void) => setTimeout(run, ms).unref();
    if (kind === 'executed-late') {
      later(() => rules.answer(asked));
      return send(response, 'drop');
    }
    const given = kind.endsWith('-before') ? null : rules.answer(asked);
    switch (kind) {
      case 'drop-before':
      case 'drop-after':
      case 'reset':
        return send(response, 'drop');
      case 'busy-before':
      case 'busy-after':
        return send(response, rules.busy(asked));
      case 'gateway-before':
      case 'gateway-after':
        return send(response, BAD_GATEWAY);
      case 'hang-before':
      case 'hang-after':
        later(() => response.destroy());
        return;
      case 'late':
        later(() => send(response, given ?? 'drop'));
        return;
      case 'truncated':
        return send(response, given ?? 'drop', true);
      case 'refuse':
        response.setHeader('connection', 'close');
        send(response, given ?? 'drop');
        return platform.refuse(ms);
    }
  }

  function remember(asked: Asked): void {
    counts.set(asked.path, (counts.get(asked.path) ?? 0) + 1);
    const most = rules.remembered ?? REMEMBERED;
    platform.asked.push(asked.bytes.length > KEPT_BYTES ? { ...asked, bytes: Buffer.of() } : asked);
    if (platform.asked.length > most) platform.asked.splice(0, Math.ceil(most / 2));
  }

  function send(response: ServerResponse, answered: Answered, isCut = false): void {
    if (answered === 'drop') {
      response.destroy();
      return;
    }
    const { status = 200, headers = {}, body } = answered;
    const isPlain = typeof body === 'string' || Buffer.isBuffer(body);
    const content = isPlain ? body : asJson(body, rules.slashesEscaped === true);
    const type = isPlain ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
    const sent = isCut ? content.slice(0, Math.floor(content.length / 2)) : content;
    response.writeHead(status, { 'content-type': type, ...headers }).end(sent);
  }

  return platform;
}

async function read(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length <= LONGEST) chunks.push(chunk as Buffer);
  }
  return length <= LONGEST ? Buffer.concat(chunks) : null;
}

/** JSON whose big integers are numbers, as platforms write them, whatever becomes of them in JavaScript. */
function asJson(body: unknown, slashesEscaped: boolean): string {
  const text = JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'bigint' ? `big:${value}` : value,
  ).replaceAll(/"big:(\d+)"/g, '$1');
  // A slash stands in strings only.
  return slashesEscaped ? text.replaceAll('/', '\\/') : text;
}
