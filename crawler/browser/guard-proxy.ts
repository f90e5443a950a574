import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type LookupFunction, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What the proxy asks before every connection: the address guard of the crawler. */
export type Doorkeeper = {
  /** @throws Error when the address in the URL itself is not open */
  checkUrl(url: URL): void;
  /** A resolver that answers open addresses only. */
  lookupFor(url: URL): LookupFunction;
};

/** How long a server may be silent, and the most connections at a time: a page asks for dozens of files, not thousands. */
const SILENCE_MS = 20_000;
const MOST_CONNECTIONS = 64;

/** More than this of one file is no script: the connection is cut. */
const MOST_BYTES = 16_000_000;

/** The first byte of a TLS handshake. What else would be tunnelled (WebSocket without TLS, mail …) is no page. */
const TLS_HANDSHAKE = 0x16;

/** Headers between two neighbours (RFC 9110, 7.6.1), and what concerns the proxy alone. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The only way out of the browser: a proxy on loopback that connects where the address guard allows, judged by the
 * address that the connection is about to use. Whoever does not know the credential of this run gets nothing, so that it
 * is of no use to anybody else on the machine.
 */
export class GuardProxy {
  readonly user = 'browser';
  readonly password = randomBytes(24).toString('base64url');
  readonly #guard: Doorkeeper;
  readonly #expected: Buffer;
  readonly #server = createServer({ keepAliveTimeout: 5_000 });
  readonly #sockets = new Set<Duplex>();
  #port = 0;

  constructor(guard: Doorkeeper) {
    this.#guard = guard;
    this.#expected = Buffer.from(
      `Basic ${Buffer.from(`${this.user}:${this.password}`).toString('base64')}`,
      'latin1',
    );
    this.#server.maxConnections = MOST_CONNECTIONS * 2;
    this.#server.on('connection', (socket) => this.#keep(socket));
    this.#server.on('request', (request, response) => this.#forward(request, response));
    this.#server.on('connect', (request, socket, head) => this.#tunnel(request, socket, head));
    this.#server.on('upgrade', (_request, socket) => socket.destroy());
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** As Chromium's `--proxy-server` takes it. */
  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #isOurs(request: IncomingMessage): boolean {
    const given = Buffer.from(request.headers['proxy-authorization'] ?? '', 'latin1');
    return given.length === this.#expected.length && timingSafeEqual(given, this.#expected);
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#isOurs(request)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="browser"' }).end();
      return;
    }
    const url = URL.parse(request.url ?? '');
    if (url?.protocol !== 'http:' || !this.#isOpen(url)) return void request.socket.destroy();
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.has(name)),
    );
    const onward = ask(url, {
      method: request.method,
      headers: { ...headers, host: url.host },
      agent: false,
      lookup: this.#guard.lookupFor(url),
      timeout: SILENCE_MS,
    });
    const fail = () => {
      onward.destroy();
      // No answer of ours: a page would take it for one of the server's.
      response.destroy();
    };
    onward.on('timeout', fail).on('error', fail);
    onward.on('socket', (socket) => this.#keep(socket));
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, onwardHeaders(answer));
      limited(answer, fail).pipe(response);
    });
    response.on('close', () => onward.destroy());
    request.on('error', fail).pipe(onward);
  }

  #tunnel(request: IncomingMessage, client: Duplex, head: Buffer): void {
    if (!this.#isOurs(request)) {
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="browser"\r\n\r\n',
      );
      return;
    }
    const url = URL.parse(`https://${request.url ?? ''}`);
    if (!url || !this.#isOpen(url)) return void client.destroy();
    const server = connect({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || 443),
      lookup: this.#guard.lookupFor(url),
      timeout: SILENCE_MS,
    });
    this.#keep(server);
    server.on('timeout', () => server.destroy());
    server.on('close', () => client.destroy());
    client.on('close', () => server.destroy());
    server.once('connect', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      if (head.length > 0) client.unshift(head);
      client.once('data', (first: Buffer) => pipeTls(first, client, server));
    });
  }

  #isOpen(url: URL): boolean {
    if (this.#sockets.size >= MOST_CONNECTIONS * 2) return false;
    try {
      this.#guard.checkUrl(url);
      return true;
    } catch {
      return false;
    }
  }
}

function pipeTls(first: Buffer, client: Duplex, server: Socket): void {
  if (first[0] !== TLS_HANDSHAKE) {
    client.destroy();
    server.destroy();
    return;
  }
  server.write(first);
  client.pipe(server);
  limited(server, () => server.destroy()).pipe(client);
}

/** The same stream; `cut` is called when more comes than any file of a page has. */
function limited<T extends NodeJS.ReadableStream>(stream: T, cut: () => void): T {
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MOST_BYTES) cut();
  });
  return stream;
}

function onwardHeaders(answer: IncomingMessage): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(answer.headers).flatMap(([name, value]) =>
      value === undefined || HOP_BY_HOP.has(name) ? [] : [[name, value]],
    ),
  );
}
