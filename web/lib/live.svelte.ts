import { invalidate } from '$app/navigation';

type State = 'connecting' | 'connected' | 'disconnected';

/** What a page's load names with `depends`, by the kind of event that changes it. */
const KEYS: Record<string, string[]> = {
  posts: ['live:posts'],
  visit: ['live:sources'],
  delivery: ['live:releases'],
  refresh: ['live:posts', 'live:sources', 'live:releases'],
};

/** Posts come in bursts: a page is loaded again at most this often. */
const SETTLE_MS = 2_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/** The page's line to the server: says when something changed, and the page loads it anew. */
export class Live {
  #state = $state<State>('connecting');
  #source: EventSource | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #settle: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_RETRY_MS;
  #changed: string[] = [];
  /** Whether the line was up before: then something may have been missed meanwhile. */
  #again = false;

  get state(): State {
    return this.#state;
  }

  /** @returns what ends it */
  start(): () => void {
    this.#connect();
    return () => {
      clearTimeout(this.#retry);
      clearTimeout(this.#settle);
      this.#source?.close();
    };
  }

  #connect(): void {
    // The browser's own reconnecting has no growing pause and gives up at an error status.
    const source = new EventSource('/api/live');
    this.#source = source;
    source.addEventListener('open', () => {
      this.#state = 'connected';
      this.#wait = FIRST_RETRY_MS;
      if (this.#again) this.#note('refresh');
      this.#again = true;
    });
    for (const kind of Object.keys(KEYS)) source.addEventListener(kind, () => this.#note(kind));
    source.addEventListener('error', () => {
      source.close();
      this.#state = 'disconnected';
      // Spread, so that all pages do not come back in the same instant.
      this.#retry = setTimeout(() => this.#connect(), this.#wait * (0.75 + Math.random() / 2));
      this.#wait = Math.min(this.#wait * 2, LAST_RETRY_MS);
    });
  }

  #note(kind: string): void {
    this.#changed.push(...(KEYS[kind] ?? []));
    this.#settle ??= setTimeout(() => {
      const keys = this.#changed;
      this.#changed = [];
      this.#settle = undefined;
      void invalidate((url) => keys.includes(url.href));
    }, SETTLE_MS);
  }
}
