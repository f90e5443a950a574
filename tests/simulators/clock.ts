type Task = { at: number; run: () => void | Promise<void> };

/**
 * The time of a simulated platform, in Unix ms: it runs as the machine's does (perhaps apart from it), or stands until it is
 * moved. What is to happen later happens when this time has come.
 */
export class PlatformClock {
  #standing: number | null;
  #offset = 0;
  #tasks: Task[] = [];
  #timer: NodeJS.Timeout | null = null;
  readonly #running = new Set<Promise<void>>();

  /** @param standing null: runs */
  constructor(standing: number | null = null) {
    this.#standing = standing;
  }

  get now(): number {
    return this.#standing ?? Date.now() + this.#offset;
  }

  /** Moves the clock; what was due until then has begun when this returns. */
  set now(value: number) {
    if (this.#standing === null) this.#offset = value - Date.now();
    else this.#standing = value;
    this.#begin();
  }

  get stands(): boolean {
    return this.#standing !== null;
  }

  /** From now on it runs by itself, or stands. */
  set stands(value: boolean) {
    const { now } = this;
    this.#standing = value ? now : null;
    this.#offset = now - Date.now();
    this.#begin();
  }

  at(at: number, run: Task['run']): void {
    this.#tasks.push({ at, run });
    this.#begin();
  }

  /** Until everything that has begun has ended. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  stop(): void {
    this.#tasks = [];
    if (this.#timer) clearTimeout(this.#timer);
  }

  #begin(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    for (let task = this.#takeDue(); task; task = this.#takeDue()) {
      const done = task.run();
      if (!done) continue;
      const ended = done.finally(() => this.#running.delete(ended));
      this.#running.add(ended);
    }
    const next = Math.min(...this.#tasks.map(({ at }) => at));
    if (this.stands || next === Infinity) return;
    // A timer of Node holds no more than 2^31 ms; a longer wait is taken up again.
    this.#timer = setTimeout(() => this.#begin(), Math.min(Math.max(next - this.now, 0), 2 ** 31 - 1));
    this.#timer.unref();
  }

  #takeDue(): Task | undefined {
    const [first] = this.#tasks.filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at);
    this.#tasks = this.#tasks.filter((task) => task !== first);
    return first;
  }
}
