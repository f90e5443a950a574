import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One request at a time to each host, and never closer together than its pace. Waiting turns of a host are served in
 * order; different hosts do not wait for each other.
 */
export class PaceKeeper {
  readonly #paceMs: number;
  readonly #lines = new Map<string, Promise<void>>();
  readonly #notBefore = new Map<string, number>();

  /** @param paceSeconds the least time from the end of one request to the start of the next on the same host */
  constructor(paceSeconds: number) {
    this.#paceMs = paceSeconds * 1000;
  }

  /** Runs `request` when it is the host's turn. */
  async turn<T>(host: string, request: () => Promise<T>): Promise<T> {
    const before = this.#lines.get(host);
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    this.#lines.set(host, done);
    await before;
    try {
      const wait = (this.#notBefore.get(host) ?? 0) - Date.now();
      if (wait > 0) await sleep(wait);
      return await request();
    } finally {
      this.slowDown(host, this.#paceMs);
      if (this.#lines.get(host) === done) this.#lines.delete(host);
      finish();
    }
  }

  /** No request to the host for so long, at least. */
  slowDown(host: string, ms: number): void {
    if (ms > 0) this.#notBefore.set(host, Math.max(this.#notBefore.get(host) ?? 0, Date.now() + ms));
  }
}
