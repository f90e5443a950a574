/**
 * Counts within a window that begins with the first. In memory: it keeps this process from work that leads nowhere, and
 * decides nothing that another process would have to know.
 */
export class Throttle {
  readonly #most: number;
  readonly #windowMs: number;
  readonly #counts = new Map<string, { count: number; until: number }>();

  constructor(most: number, windowMs: number) {
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** Whether there were too many of the key already. */
  isOver(key: string, now = Date.now()): boolean {
    const kept = this.#counts.get(key);
    return kept !== undefined && kept.until > now && kept.count >= this.#most;
  }

  count(key: string, now = Date.now()): void {
    const kept = this.#counts.get(key);
    if (kept && kept.until > now) kept.count += 1;
    else this.#counts.set(key, { count: 1, until: now + this.#windowMs });
    // The map keeps the order of insertion: what stands first is over first.
    for (const [old, { until }] of this.#counts) {
      if (until > now && this.#counts.size <= MOST_KEYS) break;
      this.#counts.delete(old);
    }
  }
}

const MOST_KEYS = 10_000;
