import { Agent } from 'undici';
import type { AddressGuard } from './address-guard.ts';
import { decompress } from './body.ts';
import { exchange } from './exchange.ts';
import { reasonOf } from './refusals.ts';

/** One answer of a host, read to its end and unpacked. */
export type Answer = {
  url: string;
  status: number;
  contentType: string | null;
  etag: string | null;
  lastModified: string | null;
  location: string | null;
  retryAfter: string | null;
  date: string | null;
  /** Cloudflare's word for what it sent instead of the page. */
  mitigated: string | null;
  bytes: Uint8Array;
};

export type Sent = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array | null;
};

export type TransportSettings = {
  requestTimeoutSeconds: number;
  maxPageMegabytes: number;
  /** The most requests to one host at a time. */
  parallel: number;
};

const MOST_AGENTS = 500;

/** Sends single requests, each within the limits of time and size, to addresses that the guard lets through. */
export class Transport {
  readonly #settings: TransportSettings;
  readonly #guard: AddressGuard;
  readonly #agents = new Map<string, Agent>();

  constructor(settings: TransportSettings, guard: AddressGuard) {
    this.#settings = settings;
    this.#guard = guard;
  }

  /** @throws NotGot when there is no whole answer; any status is one */
  async send(url: URL, sent: Sent): Promise<Answer> {
    this.#guard.checkUrl(url);
    const { maxPageMegabytes, requestTimeoutSeconds } = this.#settings;
    const limit = maxPageMegabytes * 1_000_000;
    try {
      const limits = { bytes: limit, ms: requestTimeoutSeconds * 1000 };
      const { status, headers, body } = await exchange(this.#agentFor(url), url, sent, limits);
      const header = (name: string) => one(headers[name]);
      return {
        url: url.href,
        status,
        contentType: header('content-type'),
        etag: header('etag'),
        lastModified: header('last-modified'),
        location: isRedirect(status) ? header('location') : null,
        retryAfter: header('retry-after'),
        date: header('date'),
        mitigated: header('cf-mitigated'),
        bytes: await decompress(body, header('content-encoding'), limit),
      };
    } catch (error) {
      throw reasonOf(error);
    }
  }

  /** Breaks off what is under way. Further requests open connections of their own. */
  async cut(): Promise<void> {
    const agents = [...this.#agents.values()];
    this.#agents.clear();
    await Promise.all(agents.map((agent) => agent.destroy()));
  }

  /** One agent per origin: its resolver answers for that host only. */
  #agentFor(url: URL): Agent {
    const known = this.#agents.get(url.origin);
    if (known) return known;
    if (this.#agents.size >= MOST_AGENTS) {
      const [oldest, agent] = [...this.#agents][0] as [string, Agent];
      this.#agents.delete(oldest);
      void agent.close().catch(() => {});
    }
    const timeoutMs = this.#settings.requestTimeoutSeconds * 1000;
    const agent = new Agent({
      connections: Math.max(2, this.#settings.parallel),
      keepAliveTimeout: 10_000,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: Math.min(timeoutMs, 10_000), lookup: this.#guard.lookupFor(url) },
    });
    this.#agents.set(url.origin, agent);
    return agent;
  }
}

const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status);

function one(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}
