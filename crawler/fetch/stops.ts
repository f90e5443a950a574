import { asNotGot, NotGot } from '../errors.ts';

/** What people have stopped, as far as it concerns one source. */
export type Stops = {
  /** The source itself, or every host. */
  all: boolean;
  /** Names (or name:port) of hosts; one stands for its subdomains too. */
  hosts: readonly string[];
};

/** So old may what is known of the stops be, when a request goes out. */
const FRESH_MS = 1_000;

/** Lets requests through unless somebody has stopped them. */
export class StopGate {
  /** Where nobody can stop anything: a trial at a terminal. */
  static readonly open = new StopGate(null);

  readonly #standing: (() => Promise<Stops>) | null;
  #known: Stops | null = null;
  #asked = -Infinity;
  #asking: Promise<void> | null = null;

  /** @param standing looks up what is stopped now */
  constructor(standing: (() => Promise<Stops>) | null) {
    this.#standing = standing;
  }

  /** @throws NotGot `stopped`, at once or by the promise; `internal` when nobody can tell */
  check(host: string): Promise<void> | undefined {
    if (this.#standing === null) return undefined;
    if (performance.now() - this.#asked < FRESH_MS) return this.#judge(host);
    this.#asking ??= this.#ask(this.#standing);
    return this.#asking.then(() => this.#judge(host));
  }

  async #ask(standing: () => Promise<Stops>): Promise<void> {
    const asked = performance.now();
    try {
      this.#known = await standing();
      this.#asked = asked;
    } catch (error) {
      throw asNotGot(error);
    } finally {
      this.#asking = null;
    }
  }

  #judge(host: string): undefined {
    const { all, hosts } = this.#known ?? { all: false, hosts: [] };
    if (all || hosts.some((stopped) => covers(stopped, host))) throw new NotGot('stopped');
  }
}

/** Whether a stopped host is this one or stands above it. */
function covers(stopped: string, host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return stopped === host || stopped === name || name.endsWith(`.${stopped}`);
}
