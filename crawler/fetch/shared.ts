import { NotGot } from '../errors.ts';
import { AddressGuard } from './address-guard.ts';
import { LONGEST_WAIT_SECONDS } from './host-line.ts';
import type { HostDesk } from './hosts.ts';
import { PaceKeeper } from './pace.ts';
import { isTrouble, refusalOf } from './refusals.ts';
import { RobotsKeeper } from './robots.ts';
import type { StopGate } from './stops.ts';
import { Transport, type Answer, type Sent } from './transport.ts';

export type FetchSettings = {
  /** Names the office and how to reach it: goes into the User-Agent. */
  contact: string;
  officeName: string;
  requestTimeoutSeconds: number;
  maxPageMegabytes: number;
  paceSeconds: number;
  allowPrivateHosts: readonly string[];
  /** Hosts (name or name:port) whose owner agreed to a pace of their own; robots.txt does not slow them down. */
  hosts?: readonly { host: string; paceSeconds: number; parallel: number }[];
  /** First pause of a host in trouble, doubled with every further one; default 1, 0: none. */
  backOffSeconds?: number;
};

/** The name by which robots.txt speaks of us. */
const BOT = 'JianshengBot';

/** robots.txt slows us down to this; a site that asks for more would hold a visit up for days. */
const LONGEST_CRAWL_DELAY_SECONDS = LONGEST_WAIT_SECONDS;
/** Names have 253 characters at most; behind them stands a port. */
const LONGEST_HOST = 260;
const MOST_DELAYS = 5_000;

/** What all views of one fetcher have in common. */
export type Shared = {
  settings: FetchSettings;
  desk: HostDesk;
  guard: AddressGuard;
  transport: Transport;
  pace: PaceKeeper;
  robots: RobotsKeeper;
  userAgent: string;
};

/** Puts together what a fetcher needs, once for all its views. */
export function share(settings: FetchSettings, desk: HostDesk): Shared {
  const guard = new AddressGuard(settings.allowPrivateHosts);
  const agreed = new Map(settings.hosts?.map((each) => [each.host.toLowerCase(), each]));
  const agreedFor = (host: string) => agreed.get(host) ?? agreed.get(host.replace(/:\d+$/, ''));
  const delays = new Map<string, number>();
  const pace = new PaceKeeper({
    desk,
    longestRequestMs: settings.requestTimeoutSeconds * 1000,
    backOffMs: (settings.backOffSeconds ?? 1) * 1000,
    ruleOf(host) {
      const { paceSeconds, parallel } = agreedFor(host) ?? { paceSeconds: settings.paceSeconds, parallel: 1 };
      return { paceMs: Math.max(paceSeconds, delays.get(host) ?? 0) * 1000, parallel };
    },
  });
  const parallel = Math.max(1, ...[...agreed.values()].map((each) => each.parallel));
  const transport = new Transport({ ...settings, parallel }, guard);
  desk.onLost = () => {
    // Others may ask, by now, what this process was about to: what is under way ends.
    void transport.cut();
    pace.forget();
  };
  const robots: RobotsKeeper = new RobotsKeeper(
    BOT,
    desk,
    (url, gate) => paced(shared, gate, url, { method: 'GET', headers: {}, body: null }),
    ({ host }, seconds) => {
      if (delays.size >= MOST_DELAYS) delays.clear();
      if (seconds === null || agreedFor(host)) delays.delete(host);
      else delays.set(host, Math.min(seconds, LONGEST_CRAWL_DELAY_SECONDS));
    },
  );
  // A header is Latin-1: Chinese names travel percent-encoded.
  const about = encodeURI(`${settings.officeName}; ${settings.contact}`);
  const userAgent = `Mozilla/5.0 (compatible; ${BOT}/0.1; +${about})`;
  const shared: Shared = { settings, desk, guard, transport, pace, robots, userAgent };
  return shared;
}

/** An answer, and why it is no page, where it is none. */
export type Judged = Answer & { refusal: NotGot | null };

/** One request in its host's turn. What it says about the host's state is told before the turn ends. */
export async function paced(shared: Shared, gate: StopGate, url: URL, sent: Sent): Promise<Judged> {
  const { pace, transport, guard, userAgent } = shared;
  guard.checkUrl(url);
  const { host } = url;
  if (host.length > LONGEST_HOST) throw new NotGot('host-unknown');
  const headers = { ...HEADERS, ...sent.headers, 'user-agent': userAgent };
  const once = async () => {
    try {
      const answer = await transport.send(url, { ...sent, headers });
      const refusal = refusalOf(answer);
      const asked = refusal?.retryAfterSeconds ?? null;
      if (refusal !== null && (asked !== null || isTrouble(refusal.code))) {
        await pace.trouble(host, refusal.code, asked === null ? null : asked * 1000);
      } else await pace.calm(host);
      return { ...answer, refusal };
    } catch (error) {
      if (error instanceof NotGot && isTrouble(error.code)) await pace.trouble(host, error.code, null);
      throw error;
    }
  };
  return pace.turn(host, once, () => gate.check(host));
}

const HEADERS = {
  accept: 'text/html,application/xhtml+xml,application/xml,application/json;q=0.9,*/*;q=0.5',
  'accept-language': 'zh-CN,zh;q=0.9',
  'accept-encoding': 'gzip, deflate, br, zstd',
};
