import type { Logger } from 'pino';

/** One line for each stretch of this length. */
const EVERY_MS = 10_000;

/**
 * Logs faults that may come many times a second: the first one at once, and what comes within the next ten seconds in one
 * line, with how often each code came (`kinds`) and the latest of them.
 */
export class RepeatedFaults {
  readonly #log: Logger;
  readonly #what: string;
  #timer: NodeJS.Timeout | null = null;
  #kinds: Record<string, number> = {};
  #latest: Error | null = null;

  /** @param what the message of each line */
  constructor(log: Logger, what: string) {
    this.#log = log;
    this.#what = what;
  }

  tell(err: Error): void {
    if (this.#timer === null) {
      this.#log.warn({ err }, this.#what);
      this.#wait();
      return;
    }
    const kind = 'code' in err && typeof err.code === 'string' ? err.code : err.name;
    this.#kinds[kind] = (this.#kinds[kind] ?? 0) + 1;
    this.#latest = err;
  }

  /** Logs what has not been logged yet. */
  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#flush();
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#flush()) this.#wait();
    }, EVERY_MS).unref();
  }

  #flush(): boolean {
    const err = this.#latest;
    if (!err) return false;
    this.#log.warn({ err, kinds: this.#kinds }, this.#what);
    this.#latest = null;
    this.#kinds = {};
    return true;
  }
}
