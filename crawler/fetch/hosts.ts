import type { ReasonCode } from '../errors.ts';

/** What came of asking for a host. Times are milliseconds from now, told by one clock for all processes. */
export type Taken = {
  /** The host is this process's for the time that it asked for, which begins when `restMs` is over. */
  got: boolean;
  /** Until the host's pace allows the next request. */
  restMs: number;
  /** Until the pause is over that the host asked for, or was given, because of `reason`. */
  pausedMs: number;
  reason: ReasonCode | null;
  /** How many times in a row the host was in trouble. */
  trouble: number;
};

/** robots.txt as it was read last. Ages in milliseconds. */
export type RobotsFile = {
  /** Null: the site has none. */
  content: string | null;
  /** Since it was read; null: it never was. */
  ageMs: number | null;
  /** For how long it could not be read; null: the last try went well. */
  unreachableMs: number | null;
  /** Since the last try. */
  triedMs: number;
};

/**
 * Where the processes of the crawler agree on hosts. A process takes a host for a short while, asks it as often as the pace
 * allows, and gives it back; while it has it, no other process sends it anything. Those that wait get it in their order.
 */
export interface HostDesk {
  /** Called when the desk has lost sight of this process: what it had taken may be another's by now. */
  onLost: () => void;
  /**
   * Takes the host, or takes a place in its line.
   * @param leaseMs for how long; afterwards others may have it, whatever became of this process
   * @param paceMs what the host rests when it is taken from a process that ended without a word
   * @param nearMs a host that rests or pauses for longer is not given
   */
  take(host: string, leaseMs: number, paceMs: number, nearMs: number): Promise<Taken>;
  /** Gives the host back, or leaves its line. For so long nobody asks it. */
  give(host: string, restMs: number): Promise<void>;
  /** Nobody asks the host for so long, because of trouble number so many in a row. */
  pause(host: string, ms: number, reason: ReasonCode, trouble: number): Promise<void>;
  /** The host has answered as it should: its troubles are over. */
  calm(host: string): Promise<void>;
  robotsFile(origin: string): Promise<RobotsFile | null>;
  /** @param content null: the site has none; undefined: it could not be read, and what was read before stays */
  keepRobotsFile(origin: string, content: string | null | undefined): Promise<void>;
}

type Row = {
  restUntil: number;
  pausedUntil: number;
  reason: ReasonCode | null;
  trouble: number;
};
type File = { content: string | null; readAt: number | null; since: number | null; triedAt: number };

/** For one process by itself: trials, probes and tests. It shares hosts with nobody, and so always has them. */
export class MemoryHostDesk implements HostDesk {
  readonly #rows = new Map<string, Row>();
  readonly #files = new Map<string, File>();
  onLost: () => void = () => {};

  async take(host: string, _leaseMs: number, _paceMs: number, nearMs: number): Promise<Taken> {
    const row = this.#rows.get(host);
    const now = performance.now();
    const restMs = Math.max(0, (row?.restUntil ?? 0) - now);
    const pausedMs = Math.max(0, (row?.pausedUntil ?? 0) - now);
    const got = restMs <= nearMs && pausedMs <= nearMs;
    return { got, restMs, pausedMs, reason: row?.reason ?? null, trouble: row?.trouble ?? 0 };
  }

  async give(host: string, restMs: number): Promise<void> {
    const row = this.#row(host);
    row.restUntil = Math.max(row.restUntil, performance.now() + restMs);
    if (restMs === 0 && row.trouble === 0 && row.pausedUntil < performance.now()) this.#rows.delete(host);
  }

  async pause(host: string, ms: number, reason: ReasonCode, trouble: number): Promise<void> {
    const row = this.#row(host);
    const until = performance.now() + ms;
    if (until > row.pausedUntil) Object.assign(row, { pausedUntil: until, reason });
    row.trouble = trouble;
  }

  async calm(host: string): Promise<void> {
    this.#row(host).trouble = 0;
  }

  async robotsFile(origin: string): Promise<RobotsFile | null> {
    const file = this.#files.get(origin);
    if (!file) return null;
    const now = performance.now();
    const age = (since: number | null) => (since === null ? null : now - since);
    return {
      content: file.content,
      ageMs: age(file.readAt),
      unreachableMs: age(file.since),
      triedMs: now - file.triedAt,
    };
  }

  async keepRobotsFile(origin: string, content: string | null | undefined): Promise<void> {
    if (this.#files.size >= MOST) this.#files.clear();
    const triedAt = performance.now();
    const before = this.#files.get(origin) ?? { content: null, readAt: null, since: null, triedAt };
    this.#files.set(
      origin,
      content === undefined
        ? { ...before, since: before.since ?? triedAt, triedAt }
        : { content, readAt: triedAt, since: null, triedAt },
    );
  }

  #row(host: string): Row {
    const row = this.#rows.get(host) ?? { restUntil: 0, pausedUntil: 0, reason: null, trouble: 0 };
    this.#rows.set(host, row);
    return row;
  }
}

/** Redirects can lead through any number of hosts. */
const MOST = 5_000;
