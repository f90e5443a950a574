import { NotGot } from '../errors.ts';
import type { PageReader } from '../sources/contract.ts';
import { startChromium, type ChromiumProgram, type RunningChromium } from './chromium.ts';
import type { Doorkeeper } from './guard-proxy.ts';
import type { Manners } from './answer-requests.ts';
import { RenderedReader, type RenderSettings } from './rendered-reader.ts';
import { within } from './within.ts';

/** A browser costs some 200 MB: it is let go when nothing has been rendered for so long. */
const IDLE_MS = 60_000;

/** Pages open at the same time, in all visits together. */
const MOST_PAGES = 2;

/** A page that has not appeared by then is given up. */
const PAGE_MS = 30_000;

const CONTEXT_MS = 10_000;

export type BrowserSettings = {
  /** Finds a Chromium; throws when there is none. */
  find: () => Promise<ChromiumProgram>;
  guard: Doorkeeper;
  userAgent: string;
  maxPageMegabytes: number;
  idleMs?: number;
  /** How long a page may take to appear. */
  pageMs?: number;
  /** Is told the process id of every browser that was started. */
  started?: (pid: number | null) => void;
};

/**
 * The one browser of this process: started when a page is first to be rendered, closed when idle. Every visit has a
 * context of its own, which keeps neither cookies nor storage.
 */
export class BrowserKeeper {
  readonly #settings: BrowserSettings;
  readonly #pages = new Turns(MOST_PAGES);
  #running: Promise<RunningChromium> | null = null;
  #visits = 0;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(settings: BrowserSettings) {
    this.#settings = settings;
  }

  /** Whether a browser runs now. */
  get isRunning(): boolean {
    return this.#running !== null;
  }

  /**
   * Runs one visit with pages rendered; what it opened is closed when it ends, however it ends.
   * @param manners whom to ask before anything else is asked of a host
   * @param documents gets the documents themselves: robots, pace, stops and limits are its own
   * @throws NotGot `browser-absent`, `browser-failed`, or what `visit` throws
   */
  async visit<T>(
    manners: Manners,
    documents: PageReader,
    visit: (rendering: (how: RenderSettings) => PageReader) => Promise<T>,
  ): Promise<T> {
    this.#visits += 1;
    clearTimeout(this.#idle);
    try {
      const running = await this.#browser();
      const { userAgent, maxPageMegabytes } = this.#settings;
      const opening = running.browser.newContext({
        userAgent,
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        viewport: { width: 1280, height: 1600 },
        acceptDownloads: false,
        serviceWorkers: 'block',
      });
      const context = await within(opening, CONTEXT_MS).catch((cause: unknown) => {
        void this.#giveUp(running);
        throw new NotGot('browser-failed', { cause });
      });
      const limits = {
        pageMs: this.#settings.pageMs ?? PAGE_MS,
        mostCharacters: maxPageMegabytes * 1_000_000,
        turn: <P>(work: () => Promise<P>) => this.#pages.take(work),
      };
      try {
        return await visit(
          (how) =>
            new RenderedReader(
              context,
              { credential: running.credential, manners, documents },
              { ...how, ...limits },
            ),
        );
      } finally {
        // A context that does not close holds a hung page: the browser goes with it.
        await within(context.close(), CONTEXT_MS).catch(() => this.#giveUp(running));
      }
    } finally {
      this.#visits -= 1;
      if (this.#visits === 0)
        this.#idle = setTimeout(() => void this.#rest(), this.#settings.idleMs ?? IDLE_MS).unref();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#rest();
  }

  async #rest(): Promise<void> {
    clearTimeout(this.#idle);
    const running = this.#running;
    this.#running = null;
    await (await running?.catch(() => null))?.close();
  }

  /** Forgets this browser, so that the next visit starts another one. */
  async #giveUp(running: RunningChromium): Promise<void> {
    if ((await this.#running?.catch(() => null)) === running) this.#running = null;
    await running.close();
  }

  async #start(): Promise<RunningChromium> {
    const running = await startChromium(this.#settings.find, this.#settings.guard);
    this.#settings.started?.(running.pid);
    return running;
  }

  async #browser(): Promise<RunningChromium> {
    if (this.#closed) throw new NotGot('browser-failed');
    const starting = (this.#running ??= this.#start());
    try {
      const running = await starting;
      if (running.browser.isConnected()) return running;
      await this.#giveUp(running);
      return await (this.#running ??= this.#start());
    } catch (error) {
      if (this.#running === starting) this.#running = null;
      throw error;
    }
  }
}

/** Lets so many through at a time, in the order in which they came. */
class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(free: number) {
    this.#free = free;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
