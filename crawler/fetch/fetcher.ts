import { NotGot } from '../errors.ts';
import type { AddressGuard } from './address-guard.ts';
import { decodeBody } from './encoding.ts';
import { MemoryHostDesk, type HostDesk } from './hosts.ts';
import type { RobotsVerdict } from './robots.ts';
import { paced, share, type FetchSettings, type Judged, type Shared } from './shared.ts';
import { StopGate, type Stops } from './stops.ts';
import type { Sent } from './transport.ts';

export type { FetchSettings } from './shared.ts';

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
  method?: Sent['method'];
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** `agreed`: an interface whose terms the office has accepted; robots.txt does not speak of those. Default `obey`. */
  robots?: 'obey' | 'agreed';
  /** Query parameters that belong to the request alone: they join the address on its way out and appear nowhere else. */
  secretParams?: Readonly<Record<string, string>>;
};

export type Reply = { status: number; contentType: string | null; bytes: Uint8Array; text: string };

const MAX_REDIRECTS = 5;

/**
 * Gets pages over HTTP within the bounds of manners and safety: robots.txt, one request per host at a time, public
 * addresses only, a time limit and a size limit before and after decompression. Hosts are shared with every other process
 * that has the same desk.
 */
export class Fetcher {
  readonly #shared: Shared;
  readonly #gate: StopGate;

  constructor(settings: FetchSettings, desk: HostDesk = new MemoryHostDesk(), of?: View) {
    this.#shared = of?.shared ?? share(settings, desk);
    this.#gate = of?.gate ?? StopGate.open;
  }

  get userAgent(): string {
    return this.#shared.userAgent;
  }

  /** The rules by which connections are made, for whoever makes some besides. */
  get guard(): AddressGuard {
    return this.#shared.guard;
  }

  /**
   * The same fetcher for requests that people may stop at any time: what `standing` tells counts before each of them, and
   * is no more than a second old. It is closed with the one that it comes from.
   */
  heeding(standing: () => Promise<Stops>): Fetcher {
    const { settings, desk } = this.#shared;
    return new Fetcher(settings, desk, { shared: this.#shared, gate: new StopGate(standing) });
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
      await this.#allowed(url);
      const answer = await this.#paced(url, { method: 'GET', headers, body: null });
      if (answer.status === 304) return null;
      if (answer.refusal !== null) throw answer.refusal;
      if (answer.location === null) return answer;
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
    if (question.robots !== 'agreed') await this.#allowed(url);
    for (const [name, value] of Object.entries(question.secretParams ?? {}))
      url.searchParams.set(name, value);
    const { method = 'GET', body = null } = question;
    const headers = Object.fromEntries(
      Object.entries(question.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const answer = await this.#paced(url, { method, headers, body });
    if (answer.status === 429 || answer.status >= 500) throw answer.refusal ?? new NotGot('status-5xx');
    const { status, contentType, bytes } = answer;
    return { status, contentType, bytes, text: decodeBody(bytes, contentType).text };
  }

  /** What the site's robots.txt says of an address; asks the site at most once in half a day. */
  async robotsOf(address: string): Promise<RobotsVerdict> {
    const url = new URL(address);
    await this.#gate.check(url.host);
    return this.#shared.robots.verdict(url, this.#gate);
  }

  /**
   * Waits until the host may be asked again, for requests that a browser is about to make.
   * @throws NotGot when it may not be asked
   */
  async awaitTurn(address: string): Promise<void> {
    const { host } = new URL(address);
    await this.#shared.pace.turn(
      host,
      async () => {},
      () => this.#gate.check(host),
    );
  }

  /** Whether the owner of the host agreed to several requests at a time. */
  asksInParallel(address: string): boolean {
    return this.#shared.pace.parallel(new URL(address).host) > 1;
  }

  /** @throws NotGot `stopped` while nobody may ask the host */
  async checkStops(address: string): Promise<void> {
    await this.#gate.check(new URL(address).host);
  }

  async close(): Promise<void> {
    const { transport, pace } = this.#shared;
    await transport.cut();
    await pace.close();
  }

  async #allowed(url: URL): Promise<void> {
    await this.#gate.check(url.host);
    await this.#shared.robots.check(url, this.#gate);
  }

  #paced(url: URL, sent: Sent): Promise<Judged> {
    return paced(this.#shared, this.#gate, url, sent);
  }
}

type View = { shared: Shared; gate: StopGate };

function nextHop(from: URL, location: string): URL {
  const next = URL.parse(location, from.href);
  if (!next || !/^https?:$/.test(next.protocol)) throw new NotGot('redirect-loop');
  return next;
}

/** Types that hold no text. What a server leaves out or calls octet-stream may still be a page. */
function isBinary(contentType: string | null): boolean {
  return /^\s*(image|audio|video|font)\/|^\s*application\/(pdf|zip|x-rar|msword|vnd\.)/i.test(
    contentType ?? '',
  );
}
