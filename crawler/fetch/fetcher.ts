import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { Agent, request, type Dispatcher } from 'undici';
import { NotGot, type ReasonCode } from '../errors.ts';
import { AddressGuard } from './address-guard.ts';
import { decodeBody } from './encoding.ts';
import { PaceKeeper } from './pace.ts';
import { RobotsKeeper } from './robots.ts';

export type FetchSettings = {
  /** Names the office and how to reach it: goes into the User-Agent. */
  contact: string;
  officeName: string;
  requestTimeoutSeconds: number;
  maxPageMegabytes: number;
  paceSeconds: number;
  allowPrivateHosts: readonly string[];
};

export type Page = {
  /** Where the page was found after redirects. */
  url: string;
  status: number;
  contentType: string | null;
  etag: string | null;
  lastModified: string | null;
  bytes: Uint8Array;
};

/** What makes a request conditional: the answer's validators of the last complete visit. */
export type Conditional = { etag: string | null; lastModified: string | null };

/** What is asked of an interface rather than of a page. */
export type Question = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** `agreed`: an interface whose terms the office has accepted; robots.txt does not speak of those. Default `obey`. */
  robots?: 'obey' | 'agreed';
  /** Query parameters that belong to the request alone: they join the address on its way out and appear nowhere else. */
  secretParams?: Readonly<Record<string, string>>;
};

export type Reply = { status: number; contentType: string | null; bytes: Uint8Array; text: string };

const MAX_REDIRECTS = 5;

/** The name by which robots.txt speaks of us. */
const BOT = 'JianshengBot';

/** For a longer pause than this nobody waits: until it is over, requests to the host fail as the first one did. */
const LONGEST_WAIT_SECONDS = 60;

/**
 * Gets pages over HTTP within the bounds of manners and safety: robots.txt, one request per host at a time, public
 * addresses only, a time limit and a size limit before and after decompression.
 */
export class Fetcher {
  readonly #settings: FetchSettings;
  readonly #guard: AddressGuard;
  readonly #pace: PaceKeeper;
  readonly #robots: RobotsKeeper;
  readonly #agents = new Map<string, Agent>();
  readonly #pauses = new Map<string, { until: number; code: ReasonCode }>();
  readonly userAgent: string;

  constructor(settings: FetchSettings) {
    this.#settings = settings;
    this.#guard = new AddressGuard(settings.allowPrivateHosts);
    this.#pace = new PaceKeeper(settings.paceSeconds);
    // A header is Latin-1: Chinese names travel percent-encoded.
    const about = encodeURI(`${settings.officeName}; ${settings.contact}`);
    this.userAgent = `Mozilla/5.0 (compatible; ${BOT}/0.1; +${about})`;
    this.#robots = new RobotsKeeper(BOT, (url) => this.#paced(new URL(url), {}));
  }

  /**
   * Gets one page.
   * @returns the page, or null when the server says that it has not changed
   * @throws NotGot with the reason
   */
  async get(address: string, conditional?: Conditional): Promise<Page | null> {
    let url = new URL(address);
    const headers: Record<string, string> = {};
    if (conditional?.etag) headers['if-none-match'] = conditional.etag;
    if (conditional?.lastModified) headers['if-modified-since'] = conditional.lastModified;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      await this.#robots.check(url);
      const answer = await this.#paced(url, headers);
      if (answer.status === 304) return null;
      if (answer.location === null) {
        const refusal = refusalOf(answer);
        if (refusal === null) return answer;
        this.#pause(url.host, refusal);
        throw refusal;
      }
      url = nextHop(url, answer.location);
    }
    throw new NotGot('redirect-loop');
  }

  /** Gets one page as text, whatever its encoding. */
  async getText(address: string, conditional?: Conditional): Promise<(Page & { text: string }) | null> {
    const page = await this.get(address, conditional);
    if (page === null) return null;
    if (isBinary(page.contentType)) throw new NotGot('not-text');
    return { ...page, text: decodeBody(page.bytes, page.contentType).text };
  }

  /**
   * Asks an interface, with the same manners and bounds as pages. A redirect is an answer like any other: what was asked,
   * and the secrets in it, go to nobody else.
   * @returns the answer, whatever its status below 500 but 429: the platform's own errors are the caller's to read
   * @throws NotGot for 429, 5xx, and when there is no answer
   */
  async ask(address: string, question: Question = {}): Promise<Reply> {
    const url = new URL(address);
    if (question.robots !== 'agreed') await this.#robots.check(url);
    for (const [name, value] of Object.entries(question.secretParams ?? {}))
      url.searchParams.set(name, value);
    const { method = 'GET', headers = {}, body = null } = question;
    const answer = await this.#paced(url, headers, { method, body });
    if (answer.status === 429 || answer.status >= 500) {
      const refusal = refusalOf(answer) as NotGot;
      this.#pause(url.host, refusal);
      throw refusal;
    }
    const { status, contentType, bytes } = answer;
    return { status, contentType, bytes, text: decodeBody(bytes, contentType).text };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#agents.values()].map((agent) => agent.destroy()));
    this.#agents.clear();
  }

  /** Gives the host the pause that it asked for. */
  #pause(host: string, { code, retryAfterSeconds }: NotGot): void {
    if (retryAfterSeconds === null) return;
    const ms = retryAfterSeconds * 1000;
    if (retryAfterSeconds <= LONGEST_WAIT_SECONDS) this.#pace.slowDown(host, ms);
    else this.#pauses.set(host, { until: Date.now() + ms, code });
  }

  #checkPause(host: string): void {
    const pause = this.#pauses.get(host);
    if (!pause) return;
    const seconds = (pause.until - Date.now()) / 1000;
    if (seconds > 0) throw new NotGot(pause.code, { retryAfterSeconds: seconds });
    this.#pauses.delete(host);
  }

  #paced(url: URL, headers: Readonly<Record<string, string>>, sent: Sent = A_GET): Promise<Answer> {
    return this.#pace.turn(url.host, () => this.#once(url, headers, sent));
  }

  async #once(url: URL, headers: Readonly<Record<string, string>>, sent: Sent): Promise<Answer> {
    this.#checkPause(url.host);
    this.#guard.checkUrl(url);
    const limit = this.#settings.maxPageMegabytes * 1_000_000;
    const signal = AbortSignal.timeout(this.#settings.requestTimeoutSeconds * 1000);
    try {
      const answer = await request(url, {
        ...sent,
        dispatcher: this.#agentFor(url),
        signal,
        headers: {
          accept: 'text/html,application/xhtml+xml,application/xml,application/json;q=0.9,*/*;q=0.5',
          'accept-language': 'zh-CN,zh;q=0.9',
          'accept-encoding': 'gzip, deflate, br, zstd',
          ...headers,
          'user-agent': this.userAgent,
        },
      });
      const declared = Number(one(answer.headers['content-length']) ?? 0);
      if (declared > limit) {
        // The rest of the body is not wanted: the connection is given up instead of being read to its end.
        answer.body.on('error', () => {}).destroy();
        throw new NotGot('too-large');
      }
      const raw = await readBounded(answer, limit);
      const bytes = await decompress(raw, one(answer.headers['content-encoding']), limit);
      return {
        url: url.href,
        status: answer.statusCode,
        contentType: one(answer.headers['content-type']),
        etag: one(answer.headers['etag']),
        lastModified: one(answer.headers['last-modified']),
        location: isRedirect(answer.statusCode) ? one(answer.headers['location']) : null,
        retryAfter: one(answer.headers['retry-after']),
        bytes,
      };
    } catch (error) {
      throw reasonOf(error);
    }
  }

  /** One agent per origin: its resolver answers for that host only. */
  #agentFor(url: URL): Agent {
    const known = this.#agents.get(url.origin);
    if (known) return known;
    if (this.#agents.size >= 500) {
      const [oldest, agent] = [...this.#agents][0] as [string, Agent];
      this.#agents.delete(oldest);
      void agent.close().catch(() => {});
    }
    const timeoutMs = this.#settings.requestTimeoutSeconds * 1000;
    const agent = new Agent({
      connections: 2,
      keepAliveTimeout: 10_000,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: Math.min(timeoutMs, 10_000), lookup: this.#guard.lookupFor(url) },
    });
    this.#agents.set(url.origin, agent);
    return agent;
  }
}

type Sent = { method: NonNullable<Question['method']>; body: string | Uint8Array | null };
const A_GET: Sent = { method: 'GET', body: null };

type Answer = Page & { location: string | null; retryAfter: string | null };

/** Why the answer is no page, with the pause that the site asks for; null when it is one. */
function refusalOf(answer: Answer): NotGot | null {
  if (answer.status < 400) return null;
  const code = answer.status === 429 ? 'status-429' : answer.status >= 500 ? 'status-5xx' : 'status-4xx';
  return new NotGot(code, {
    status: answer.status,
    retryAfterSeconds: answer.retryAfter === null ? null : secondsUntil(answer.retryAfter),
  });
}

/** Retry-After is either seconds or an HTTP date (RFC 9110, 10.2.3), which begins with the day of the week. */
function secondsUntil(retryAfter: string): number | null {
  const seconds = /^\d{1,9}$/.test(retryAfter.trim())
    ? Number(retryAfter)
    : /^[a-z]{3}/i.test(retryAfter.trim())
      ? (Date.parse(retryAfter) - Date.now()) / 1000
      : Number.NaN;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

function nextHop(from: URL, location: string): URL {
  const next = URL.parse(location, from.href);
  if (!next || !/^https?:$/.test(next.protocol)) throw new NotGot('redirect-loop');
  return next;
}

const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status);

function one(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

/** Types that hold no text. What a server leaves out or calls octet-stream may still be a page. */
function isBinary(contentType: string | null): boolean {
  return /^\s*(image|audio|video|font)\/|^\s*application\/(pdf|zip|x-rar|msword|vnd\.)/i.test(
    contentType ?? '',
  );
}

async function readBounded(answer: Dispatcher.ResponseData, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the stream and with it the connection.
    if (size > limit) throw new NotGot('too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const unpackers: Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
  // Servers send "deflate" with and without the zlib wrapper (RFC 9110, 8.4.1.2 note).
  deflate: (bytes, options) =>
    ((bytes[0] ?? 0) & 0x0f) === 8
      ? promisify(inflate)(bytes, options)
      : promisify(inflateRaw)(bytes, options),
};

async function decompress(bytes: Buffer, encoding: string | null, limit: number): Promise<Buffer> {
  let result = bytes;
  const names = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  // The last named encoding was applied last. More than two is an attack, not a page.
  for (const name of names
    .filter((each) => each !== '' && each !== 'identity')
    .slice(-2)
    .reverse()) {
    const unpack = unpackers[name];
    if (!unpack || result.length === 0) continue;
    try {
      result = await unpack(result, { maxOutputLength: limit });
    } catch (cause) {
      const tooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
      throw new NotGot(tooLarge ? 'too-large' : 'truncated-content', { cause });
    }
  }
  return result;
}

const BY_SYSTEM_CODE: Record<string, ReasonCode> = {
  ENOTFOUND: 'host-unknown',
  EAI_AGAIN: 'host-unknown',
  ECONNREFUSED: 'connection-refused',
  EHOSTUNREACH: 'connection-refused',
  ENETUNREACH: 'connection-refused',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_ABORTED: 'timeout',
  CERT_HAS_EXPIRED: 'certificate-invalid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-invalid',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-invalid',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-invalid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-invalid',
};

function reasonOf(error: unknown): NotGot {
  for (
    let cause: unknown = error, depth = 0;
    cause instanceof Error && depth < 5;
    cause = cause.cause, depth += 1
  ) {
    if (cause instanceof NotGot) return cause;
    if (cause.name === 'TimeoutError' || cause.name === 'AbortError')
      return new NotGot('timeout', { cause: error });
    const code = BY_SYSTEM_CODE[(cause as NodeJS.ErrnoException).code ?? ''];
    if (code) return new NotGot(code, { cause: error });
  }
  // Whatever else a socket or an HTTP parser reports: the answer did not arrive whole.
  return new NotGot('connection-lost', { cause: error });
}
