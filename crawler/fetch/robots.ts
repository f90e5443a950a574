import robotsParser, { type Robot } from 'robots-parser';
import { asNotGot, NotGot } from '../errors.ts';
import { decodeBody } from './encoding.ts';

type RobotsAnswer = { status: number; bytes: Uint8Array; contentType: string | null };

/** How long rules are believed; RFC 9309, 2.4 asks for no more than a day. */
const KEEP_MS = 3_600_000;
const KEEP_FAILURE_MS = 60_000;

/**
 * Knows each site's robots.txt (RFC 9309): a missing one (4xx) allows everything, one that cannot be reached (5xx, no
 * answer) forbids everything for the time being.
 */
export class RobotsKeeper {
  readonly #name: string;
  readonly #get: (url: string) => Promise<RobotsAnswer>;
  readonly #rules = new Map<string, { until: number; rules: Promise<Robot | NotGot> }>();

  /** @param name as groups of rules name us: the parser takes what stands before the first slash, a header's is "Mozilla" */
  constructor(name: string, get: (url: string) => Promise<RobotsAnswer>) {
    this.#name = name;
    this.#get = get;
  }

  /** @throws NotGot `robots-disallow`, `robots-unreachable`, or why the site does not answer */
  async check(url: URL): Promise<void> {
    const rules = await this.#rulesOf(url.origin);
    if (rules instanceof NotGot) throw rules;
    if (rules.isAllowed(url.href, this.#name) === false) throw new NotGot('robots-disallow');
  }

  #rulesOf(origin: string): Promise<Robot | NotGot> {
    const kept = this.#rules.get(origin);
    if (kept && kept.until > Date.now()) return kept.rules;
    if (this.#rules.size >= 5_000) this.#rules.clear();
    const entry = { until: Date.now() + KEEP_MS, rules: this.#read(origin) };
    this.#rules.set(origin, entry);
    void entry.rules.then((rules) => {
      if (rules instanceof NotGot) entry.until = Date.now() + KEEP_FAILURE_MS;
    });
    return entry.rules;
  }

  async #read(origin: string): Promise<Robot | NotGot> {
    const address = `${origin}/robots.txt`;
    try {
      const answer = await this.#get(address);
      if (answer.status >= 500) return new NotGot('robots-unreachable');
      // A redirect is not followed and counts as "none": few sites do it, and the target may be a login page.
      const text =
        answer.status === 200 ? decodeBody(answer.bytes.subarray(0, 500_000), answer.contentType).text : '';
      return parse(address, text);
    } catch (error) {
      // The site does not answer at all: that, not its robots.txt, is what a person has to know.
      return asNotGot(error);
    }
  }
}

// The package is CommonJS: its callable sits where the type says and, at run time, under the same name.
const parse = robotsParser as unknown as (url: string, text: string) => Robot;
