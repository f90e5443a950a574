/**
 * Programs that say who they are: search engines, previews of links, monitors, feed readers, HTTP libraries, browsers that
 * nobody looks at. By what their kinds have in common, and by name where a name says nothing of it. One make of telephones is
 * called Cubot.
 */
const PROGRAM = new RegExp(
  [
    ...[
      /(?<!cu)bot/,
      /spider/,
      /crawl/,
      /slurp/,
      /scrap/,
      /monitor/,
      /uptime/,
      /preview/,
      /feed/,
      /validator/,
    ],
    ...[/headless/, /lighthouse/, /phantomjs/, /facebookexternalhit/, /mediapartners-google/, /google-/],
    ...[/^curl\//, /^wget\//, /libwww/, /python/, /httpclient/, /okhttp/, /^java\//, /^go-/, /^php/, /^ruby/],
    ...[/axios/, /undici/, /^node/, /^dart/, /^apache/],
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

/**
 * Whether a person opens a page with this request, as far as it tells by itself: not a program, not a question about the
 * page's head, not a browser that fetches ahead what may never be looked at (`Sec-Purpose`, and the names it had before).
 */
export function isReading({ method, headers }: Pick<Request, 'method' | 'headers'>): boolean {
  if (method !== 'GET') return false;
  const purpose = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map((name) => headers.get(name) ?? '');
  if (purpose.some((said) => /prefetch|prerender|preview/i.test(said))) return false;
  const agent = headers.get('user-agent') ?? '';
  return agent !== '' && !PROGRAM.test(agent);
}

/** What is counted is written after this. */
const REST_MS = 3_000;

/**
 * Counts how often pages were opened: a number for each page, and nothing about who opened it. Held in memory and written every
 * three seconds while there is something, so that reading costs no write; a process that is killed loses what was counted in those
 * seconds, one that is stopped writes it first. What cannot be written is kept and tried again; where it was written and the
 * answer was lost, it counts twice.
 */
export class ViewCounter {
  readonly #write: (views: ReadonlyMap<number, number>) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  #views = new Map<number, number>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    write: (views: ReadonlyMap<number, number>) => Promise<void>,
    failed: (error: unknown) => void,
  ) {
    this.#write = write;
    this.#failed = failed;
  }

  /** @param page any number that stands for it */
  count(page: number): void {
    this.#add(page, 1);
    this.#timer ??= setTimeout(() => void this.flush(), REST_MS).unref();
  }

  /** Writes what was counted until now, after what is being written. Never throws. */
  flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    return (this.#writing = this.#writing.then(() => this.#writeAll()));
  }

  async #writeAll(): Promise<void> {
    if (this.#views.size === 0) return;
    const views = this.#views;
    this.#views = new Map();
    try {
      await this.#write(views);
    } catch (error) {
      for (const [page, count] of views) this.#add(page, count);
      this.#timer ??= setTimeout(() => void this.flush(), REST_MS).unref();
      this.#failed(error);
    }
  }

  #add(page: number, count: number): void {
    this.#views.set(page, (this.#views.get(page) ?? 0) + count);
  }
}
