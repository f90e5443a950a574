import type { Channel } from '../config/release-types.ts';
import type { Logger } from 'pino';
import type { Queryable, Store } from '../store/pool.ts';
import type { ChannelAdapter, OpenAccount, Tools } from './channels/contract.ts';
import type { PlatformFetch } from './channels/http.ts';
import type { Patience } from './deliver-rules.ts';

/** What the engine works with; hub/ puts it together, tests put something else in. */
export type Engine = Readonly<{
  /** Names this process among all that deliver. */
  worker: string;
  /** Of every office: each statement names the delivery that it is about. */
  store: Store;
  adapters: Readonly<Partial<Record<Channel, ChannelAdapter>>>;
  openAccount(db: Queryable, id: number): Promise<AccountNow>;
  /** What is kept for an account: its token, its calls, its marks; and the office's media. */
  keeper(store: Store, account: OpenAccount): Keeper;
  stopAccount(
    db: Queryable,
    id: number,
    why: 'reauthorise' | 'administrator',
    detail: string,
  ): Promise<boolean>;
  fetch: PlatformFetch;
  /** Address of the hub's public pages, without a trailing slash. */
  address: string;
  missedAfterMinutes: number;
  patience: Patience;
  now(): Date;
  log: Logger;
}>;

export type Keeper = Pick<Tools, 'token' | 'spend' | 'usedUp' | 'marks' | 'mark' | 'media'>;

/** An account, and why it cannot publish now; null: it can. */
export type AccountNow = {
  account: OpenAccount;
  unusable: { problem: 'reauthorise' | 'administrator' | 'account'; reason: string } | null;
};

/** The delivery is somebody else's by now: this worker was paused for too long, and nothing of it counts any more. */
export class Lost extends Error {
  constructor() {
    super('the delivery is somebody else’s');
  }
}

/** Which claims this process surely holds yet, by its own clock: a process that was paused finds out before it sends. */
export class Leases {
  readonly #until = new Map<number, number>();
  readonly #ms: number;

  constructor(leaseSeconds: number) {
    // A good part of the lease is left for the call that is about to begin, and for clocks that run unevenly.
    this.#ms = leaseSeconds * 1_000 * 0.6;
  }

  hold(id: number, since = performance.now()): void {
    this.#until.set(id, since + this.#ms);
  }

  drop(id: number): void {
    this.#until.delete(id);
  }

  isHeld(id: number): boolean {
    return this.#until.has(id);
  }

  held(): number[] {
    return [...this.#until.keys()];
  }

  /** @throws Lost */
  check(id: number): void {
    if ((this.#until.get(id) ?? 0) < performance.now()) throw new Lost();
  }
}
