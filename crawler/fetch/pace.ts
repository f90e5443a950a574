import type { ReasonCode } from '../errors.ts';
import { HostLine, type LineOptions } from './host-line.ts';

const AT_ONCE = () => undefined;

/**
 * One request at a time to each host, and never closer together than its pace, among all processes that share a desk.
 * Waiting turns of a host are served in order; different hosts do not wait for each other.
 */
export class PaceKeeper {
  readonly #options: LineOptions;
  readonly #lines = new Map<string, HostLine>();

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /**
   * Runs `request` when it is the host's turn.
   * @param ready asked just before the request; what it throws is the outcome
   * @throws NotGot when the host has a pause that nobody waits for
   */
  turn<T>(
    host: string,
    request: () => Promise<T>,
    ready: () => Promise<void> | undefined = AT_ONCE,
  ): Promise<T> {
    return this.#line(host).turn(ready, request);
  }

  /**
   * The host, whose turn is running, asked for a pause or did not answer as it should.
   * @param askedMs what it asked for; null: it said nothing, and gets a pause that doubles with every time in a row
   */
  trouble(host: string, reason: ReasonCode, askedMs: number | null): Promise<void> {
    return this.#line(host).trouble(reason, askedMs);
  }

  /** The host, whose turn is running, answered as it should. */
  calm(host: string): Promise<void> | undefined {
    return this.#line(host).calm();
  }

  /** How many requests the host takes at a time. */
  parallel(host: string): number {
    return this.#options.ruleOf(host).parallel;
  }

  /** Nothing is held any longer: the desk has lost sight of this process. */
  forget(): void {
    for (const line of this.#lines.values()) line.forget();
  }

  /** Gives all hosts back, once their requests have ended. */
  async close(): Promise<void> {
    await Promise.all([...this.#lines.values()].map((line) => line.close()));
  }

  #line(host: string): HostLine {
    const known = this.#lines.get(host);
    if (known) return known;
    const line = new HostLine(host, this.#options, () => {
      if (this.#lines.get(host) === line) this.#lines.delete(host);
    });
    this.#lines.set(host, line);
    return line;
  }
}
