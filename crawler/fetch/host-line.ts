import { setTimeout as sleep } from 'node:timers/promises';
import { NotGot, type ReasonCode } from '../errors.ts';
import type { HostDesk } from './hosts.ts';

/** How a host may be asked. */
export type HostRule = {
  /** From the end of one request to the start of the next; with several at a time, also from start to start. */
  paceMs: number;
  /** Requests at a time. */
  parallel: number;
};

export type LineOptions = {
  desk: HostDesk;
  ruleOf: (host: string) => HostRule;
  /** No request lasts longer. */
  longestRequestMs: number;
  /** The first pause of a host in trouble; its pace, where that is longer. */
  backOffMs: number;
};

/** For a longer pause than this nobody waits: until it is over, requests to the host fail with its reason. */
export const LONGEST_WAIT_SECONDS = 60;
const LONGEST_WAIT_MS = LONGEST_WAIT_SECONDS * 1000;

/** A host is held for so long, then handed to the next process that waits for it. */
const SLICE_MS = 2_000;
/** A host that nobody asks is held for so long: most lines are empty only between two pages. */
const LINGER_MS = 100;
/** How often a process looks whether a host has become free. */
const POLL_MS = 200;
/** No longer between two looks: who is not seen for ten seconds has left the line. */
const LONGEST_SLEEP_MS = 4_000;
/** From the decision that a request may begin to its first byte. */
const MARGIN_MS = 1_000;
const LONGEST_BACK_OFF_MS = 15 * 60_000;

type Waiting = {
  ready: () => Promise<void> | undefined;
  run: () => Promise<void>;
  fail: (error: unknown) => void;
};

/** The requests of this process to one host. */
export class HostLine {
  readonly #host: string;
  readonly #options: LineOptions;
  readonly #waiting: Waiting[] = [];
  #serving = false;
  #running = 0;
  /** Who waits for a running request to end. */
  readonly #awaiting: (() => void)[] = [];
  #held = false;
  /** The host on its way back: it is not taken again before it is there. */
  #giving: Promise<void> | null = null;
  /** While the host is held, requests begin before that; by the clock of this process, which only measures how long. */
  #startBy = 0;
  #notBefore = 0;
  #trouble = 0;
  #linger: NodeJS.Timeout | null = null;
  #closed = false;
  /** Called when the line is empty and the host given back. */
  readonly #done: () => void;

  constructor(host: string, options: LineOptions, done: () => void) {
    this.#host = host;
    this.#options = options;
    this.#done = done;
  }

  /**
   * Runs `request` when it is its turn.
   * @param ready asked just before; a request that it refuses by throwing was never made, and costs the others no wait
   */
  turn<T>(ready: () => Promise<void> | undefined, request: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ ready, run: () => request().then(resolve, reject), fail: reject });
      if (!this.#serving) void this.#serve();
    });
  }

  /** Called within a turn: the host asked for a pause, or did not answer as it should. */
  async trouble(reason: ReasonCode, askedMs: number | null): Promise<void> {
    this.#trouble += 1;
    const ms = Math.max(askedMs ?? 0, this.#backOffMs(reason));
    await this.#options.desk.pause(this.#host, ms, reason, this.#trouble);
    // The next request asks the desk first, and learns of the pause there.
    if (ms > 0) this.#startBy = 0;
  }

  /** Called within a turn: the host has answered. */
  calm(): Promise<void> | undefined {
    if (this.#trouble === 0) return undefined;
    this.#trouble = 0;
    return this.#options.desk.calm(this.#host);
  }

  /** What this process held may be somebody else's by now. */
  forget(): void {
    this.#held = false;
    this.#startBy = 0;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#giveBack();
  }

  async #serve(): Promise<void> {
    this.#serving = true;
    if (this.#linger) clearTimeout(this.#linger);
    try {
      while (this.#waiting.length > 0) {
        try {
          await this.#next();
        } catch (error) {
          for (const { fail } of this.#waiting.splice(0)) fail(error);
        }
      }
    } finally {
      this.#serving = false;
    }
    this.#linger = setTimeout(() => {
      if (this.#serving) return;
      void this.#giveBack().then(() => {
        if (!this.#serving && this.#waiting.length === 0) this.#done();
      });
    }, LINGER_MS).unref();
  }

  /** Gets one step further. @throws NotGot when nobody who waits can have a turn */
  async #next(): Promise<void> {
    if (this.#closed) throw new NotGot('not-visited');
    const { parallel } = this.#options.ruleOf(this.#host);
    const restMs = this.#notBefore - performance.now();
    // A rest is slept at the desk's door, not behind it: meanwhile another process may have its turn.
    if (performance.now() + Math.max(0, restMs) >= this.#startBy) {
      await this.#giveBack();
      return this.#take();
    }
    if (restMs > 0) return void (await sleep(restMs));
    if (this.#running >= parallel) return this.#anEnd();
    const next = this.#waiting[0] as Waiting;
    try {
      const ready = next.ready();
      if (ready) await ready;
    } catch (error) {
      this.#waiting.shift();
      return next.fail(error);
    }
    if (performance.now() >= this.#startBy) return;
    this.#waiting.shift();
    const done = this.#run(next);
    if (parallel === 1) await done;
  }

  async #run({ run }: Waiting): Promise<void> {
    this.#running += 1;
    const { paceMs, parallel } = this.#options.ruleOf(this.#host);
    if (parallel > 1) this.#rest(paceMs);
    await run();
    this.#running -= 1;
    // Asked again: the rules that it brought may have been those of robots.txt.
    this.#rest(this.#options.ruleOf(this.#host).paceMs);
    for (const wake of this.#awaiting.splice(0)) wake();
  }

  #rest(ms: number): void {
    if (ms > 0) this.#notBefore = Math.max(this.#notBefore, performance.now() + ms);
  }

  #anEnd(): Promise<void> {
    return new Promise((resolve) => this.#awaiting.push(resolve));
  }

  async #giveBack(): Promise<void> {
    while (this.#running > 0) await this.#anEnd();
    if (!this.#held) return;
    this.forget();
    const restMs = Math.max(0, this.#notBefore - performance.now());
    // Should the desk be out of reach: the lease ends by itself.
    this.#giving = this.#options.desk.give(this.#host, restMs).catch(() => {});
    await this.#giving;
  }

  /** Waits until the host is this process's. @throws NotGot when that takes too long */
  async #take(): Promise<void> {
    const { desk, longestRequestMs, ruleOf } = this.#options;
    const { paceMs } = ruleOf(this.#host);
    const leaseMs = SLICE_MS + longestRequestMs + paceMs + MARGIN_MS;
    const tired = performance.now() + LONGEST_WAIT_MS + 4 * paceMs;
    await this.#giving;
    for (;;) {
      if (this.#closed) throw new NotGot('not-visited');
      const asked = performance.now();
      const { got, restMs, pausedMs, reason, trouble } = await desk.take(
        this.#host,
        leaseMs,
        paceMs,
        SLICE_MS,
      );
      const waitMs = Math.max(restMs, pausedMs);
      if (got) {
        this.#held = true;
        this.#trouble = trouble;
        this.#notBefore = Math.max(this.#notBefore, performance.now() + waitMs);
        this.#startBy = asked + waitMs + SLICE_MS;
        return;
      }
      if (pausedMs > LONGEST_WAIT_MS) {
        throw new NotGot(reason ?? 'status-429', { retryAfterSeconds: pausedMs / 1000 });
      }
      if (performance.now() > tired) {
        await desk.give(this.#host, 0);
        throw new NotGot('host-busy', { retryAfterSeconds: LONGEST_WAIT_SECONDS });
      }
      // By chance a little apart, so that processes that came together do not always meet.
      const moment = POLL_MS * (0.5 + Math.random());
      await sleep(Math.min(Math.max(waitMs - SLICE_MS, moment), LONGEST_SLEEP_MS));
    }
  }

  /** Doubled with every trouble; one failure by itself is no sign that the host is in need, unless it says so. */
  #backOffMs(reason: ReasonCode): number {
    const doubled = this.#trouble - (reason === 'status-429' || reason === 'captcha' ? 1 : 2);
    if (doubled < 0) return 0;
    const first = Math.max(this.#options.backOffMs, this.#options.ruleOf(this.#host).paceMs);
    return this.#options.backOffMs === 0 ? 0 : Math.min(LONGEST_BACK_OFF_MS, first * 2 ** doubled);
  }
}
