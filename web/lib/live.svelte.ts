import { invalidate } from '$app/navigation';

type State = 'connecting' | 'connected' | 'disconnected';

/** What a page's load names with `depends`, by the kind of event that changes it. */
const KEYS: Record<string, string[]> = {
  posts: ['live:posts'],
  visit: ['live:sources'],
  delivery: ['live:releases'],
  release: ['live:releases'],
  editors: ['live:editors'],
  'hand-over': ['live:hand-overs'],
  concerns: ['live:concerns'],
  warning: ['live:warnings'],
  judging: ['live:warnings'],
  notice: ['live:notices'],
  refresh: [
    'live:posts',
    'live:sources',
    'live:releases',
    'live:editors',
    'live:hand-overs',
    'live:concerns',
    'live:warnings',
    'live:notices',
  ],
};

/** Posts come in bursts: a page is loaded again at most this often. */
const SETTLE_MS = 2_000;
/** Nobody is at a page that was not touched for this long: it is not loaded by itself, which would be using the session. */
const ATTENDED_MS = 5 * 60_000;
/** Who writes for long asks for nothing: that they are there is told this often, so that their session does not end. */
const PRESENT_MS = 5 * 60_000;
/** What somebody at the page does. */
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;
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
  #touched = Date.now();
  #told = Date.now();
  readonly #onSign = () => this.#touch();
  /** Whether the line was up before: then something may have been missed meanwhile. */
  #again = false;

  get state(): State {
    return this.#state;
  }

  /** @returns what ends it */
  start(): () => void {
    this.#connect();
    for (const sign of SIGNS) addEventListener(sign, this.#onSign, { passive: true });
    return () => {
      for (const sign of SIGNS) removeEventListener(sign, this.#onSign);
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
    const fresh = (KEYS[kind] ?? []).filter((key) => !this.#changed.includes(key));
    this.#changed.push(...fresh);
    this.#settle ??= setTimeout(() => {
      this.#settle = undefined;
      if (Date.now() - this.#touched < ATTENDED_MS) this.#load();
    }, SETTLE_MS);
  }

  #load(): void {
    const keys = this.#changed;
    this.#changed = [];
    void invalidate((url) => keys.includes(url.href));
  }

  /** Somebody is there; and if they were away, what has changed meanwhile is loaded now. */
  #touch(): void {
    const away = Date.now() - this.#touched >= ATTENDED_MS;
    this.#touched = Date.now();
    if (this.#touched - this.#told >= PRESENT_MS) {
      this.#told = this.#touched;
      // Whether it arrives shows with the next page that is asked for.
      void fetch('/api/present', { method: 'POST' }).catch(() => {});
    }
    if (away && this.#changed.length > 0) this.#load();
  }
}
