import { asNotGot, NotGot, type ReasonCode } from '../errors.ts';
import { decodeBody } from './encoding.ts';
import type { HostDesk } from './hosts.ts';
import type { StopGate } from './stops.ts';
import { readRobots, ROBOTS_BYTES, type RobotsRules } from './robots-file.ts';

type RobotsAnswer = {
  status: number;
  bytes: Uint8Array;
  contentType: string | null;
  location: string | null;
};

/** What a site's robots.txt says of an address. */
export type RobotsVerdict = {
  /** `none`: there is no robots.txt, and everything is allowed. `unreachable`: it could not be read, and nothing is. */
  state: 'allowed' | 'disallowed' | 'unreachable' | 'none';
  crawlDelaySeconds: number | null;
  sitemaps: readonly string[];
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How long rules are believed; RFC 9309, 2.4 asks for no more than a day. */
const BELIEVED_MS = 12 * HOUR;
/** In this process; then it looks whether another one has read newer ones. */
const KEEP_MS = HOUR;
const KEEP_FAILURE_MS = 60_000;
/** After so long RFC 9309, 2.3.1.4 lets what was never readable count as none. */
const GIVEN_UP_MS = 30 * DAY;
/** RFC 9309, 2.3.1.2 */
const MAX_REDIRECTS = 5;
const MOST = 5_000;

const NOT_ASKED: ReadonlySet<ReasonCode> = new Set<ReasonCode>(['stopped', 'host-busy', 'internal']);

type Known = RobotsRules | 'none' | NotGot;

/**
 * Knows each site's robots.txt (RFC 9309): a missing one (4xx) allows everything; one that cannot be reached (5xx, no
 * answer) forbids everything, unless it could be read before: then that still counts.
 */
export class RobotsKeeper {
  readonly #name: string;
  readonly #desk: HostDesk;
  readonly #get: (url: URL, gate: StopGate) => Promise<RobotsAnswer>;
  readonly #learnt: (origin: URL, crawlDelaySeconds: number | null) => void;
  readonly #known = new Map<string, { until: number; rules: Promise<Known> }>();

  /**
   * @param name as groups of rules name us
   * @param get asks a host once, at its pace
   * @param learnt is told the delay that a site asks for
   */
  constructor(
    name: string,
    desk: HostDesk,
    get: (url: URL, gate: StopGate) => Promise<RobotsAnswer>,
    learnt: (origin: URL, crawlDelaySeconds: number | null) => void,
  ) {
    this.#name = name;
    this.#desk = desk;
    this.#get = get;
    this.#learnt = learnt;
  }

  /** @throws NotGot `robots-disallow`, `robots-unreachable`, or why the site does not answer */
  async check(url: URL, gate: StopGate): Promise<void> {
    const rules = await this.#rulesOf(url.origin, gate);
    if (rules instanceof NotGot) throw rules;
    if (!allows(rules, url)) throw new NotGot('robots-disallow');
  }

  async verdict(url: URL, gate: StopGate): Promise<RobotsVerdict> {
    const rules = await this.#rulesOf(url.origin, gate);
    if (rules instanceof NotGot) return { state: 'unreachable', crawlDelaySeconds: null, sitemaps: [] };
    if (rules === 'none') return { state: 'none', crawlDelaySeconds: null, sitemaps: [] };
    const { crawlDelaySeconds, sitemaps } = rules;
    return { state: allows(rules, url) ? 'allowed' : 'disallowed', crawlDelaySeconds, sitemaps };
  }

  #rulesOf(origin: string, gate: StopGate): Promise<Known> {
    const kept = this.#known.get(origin);
    if (kept && kept.until > performance.now()) return kept.rules;
    if (this.#known.size >= MOST) this.#known.clear();
    const entry = { until: performance.now() + KEEP_MS, rules: this.#rules(origin, gate) };
    this.#known.set(origin, entry);
    void entry.rules.then((rules) => {
      // A stop is one office's affair, and over when it is over.
      if (rules instanceof NotGot && rules.code === 'stopped') entry.until = 0;
      else if (rules instanceof NotGot) entry.until = performance.now() + KEEP_FAILURE_MS;
      else this.#learnt(new URL(origin), rules === 'none' ? null : rules.crawlDelaySeconds);
    });
    return entry.rules;
  }

  /** Never rejects: a reason is an answer. */
  async #rules(origin: string, gate: StopGate): Promise<Known> {
    try {
      const kept = await this.#desk.robotsFile(origin);
      if (kept && kept.ageMs !== null && kept.ageMs < BELIEVED_MS) return this.#parsed(origin, kept.content);
      if (kept?.unreachableMs != null && kept.triedMs < KEEP_FAILURE_MS) {
        return this.#fallBack(origin, kept, new NotGot('robots-unreachable'));
      }
      const found = await this.#read(origin, gate);
      if (!(found instanceof NotGot)) {
        await this.#desk.keepRobotsFile(origin, found);
        return this.#parsed(origin, found);
      }
      // What was not asked says nothing about the site.
      if (!found.passing || NOT_ASKED.has(found.code)) return found;
      await this.#desk.keepRobotsFile(origin, undefined);
      return this.#fallBack(origin, kept, found);
    } catch (error) {
      return asNotGot(error);
    }
  }

  #fallBack(
    origin: string,
    kept: { content: string | null; ageMs: number | null; unreachableMs: number | null } | null,
    reason: NotGot,
  ): Known {
    if (kept && kept.ageMs !== null && kept.ageMs < GIVEN_UP_MS) return this.#parsed(origin, kept.content);
    if (kept?.unreachableMs != null && kept.unreachableMs > GIVEN_UP_MS) return 'none';
    return reason;
  }

  #parsed(origin: string, content: string | null): Known {
    return content === null ? 'none' : readRobots(content, this.#name, origin);
  }

  /** The file's text, null where there is none, or why it could not be read. */
  async #read(origin: string, gate: StopGate): Promise<string | null | NotGot> {
    let url = new URL('/robots.txt', origin);
    try {
      for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
        const { status, location, bytes, contentType } = await this.#get(url, gate);
        if (status >= 500 || status === 429) return new NotGot('robots-unreachable');
        if (location !== null) {
          const next = URL.parse(location, url.href);
          if (!next || !/^https?:$/.test(next.protocol)) return null;
          url = next;
          continue;
        }
        if (status !== 200) return null;
        const { text } = decodeBody(bytes.subarray(0, ROBOTS_BYTES), contentType);
        // The last line of a file that is cut off may lack its end.
        return bytes.length > ROBOTS_BYTES ? text.slice(0, lastLine(text)) : text;
      }
      return null;
    } catch (error) {
      // The site does not answer at all: that, not its robots.txt, is what a person has to know.
      const reason = asNotGot(error);
      return reason.code === 'too-large' ? new NotGot('robots-unreachable') : reason;
    }
  }
}

function allows(rules: RobotsRules | 'none', url: URL): boolean {
  return rules === 'none' || rules.allows(url.pathname + url.search);
}

const lastLine = (text: string) => Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'), 0);
