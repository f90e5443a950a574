import { Worker } from 'node:worker_threads';
import { NotGot } from '../errors.ts';
import type { PageAnswer, PageQuestion } from '../extract/one-page.ts';

export type Asked = { id: number; html: string; question: PageQuestion };
type Answered = { id: number; answer: PageAnswer };
type Pending = Asked & { resolve: (answer: PageAnswer) => void; reject: (reason: NotGot) => void };

const IDLE_MS = 10_000;
/** No page takes a thousandth of it. */
const LONGEST_READING_MS = 60_000;
const LIMITS = { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 256 };

/**
 * Reads pages in a thread of its own, in the order in which they come: while it reads one, the next are fetched. It is
 * started with the first page and let go when there is none for a while. A page that it cannot cope with costs that page
 * alone: the thread is ended, and another one reads the rest.
 */
export class ReadingThread {
  readonly #pending = new Map<number, Pending>();
  readonly #idleMs: number;
  readonly #longestMs: number;
  #worker: Worker | null = null;
  #next = 0;
  #watch: NodeJS.Timeout | undefined;

  constructor(idleMs = IDLE_MS, longestMs = LONGEST_READING_MS) {
    this.#idleMs = idleMs;
    this.#longestMs = longestMs;
  }

  /** @throws NotGot `item-broken` when the page cannot be read in any reasonable time or memory */
  read(html: string, question: PageQuestion): Promise<PageAnswer> {
    return new Promise((resolve, reject) => {
      const asked = { id: this.#next++, html, question };
      this.#pending.set(asked.id, { ...asked, resolve, reject });
      this.#running().postMessage(asked);
      if (this.#pending.size === 1) this.#watchOver();
    });
  }

  /** Ends the thread; what it was to read is not read. */
  close(): void {
    clearTimeout(this.#watch);
    const worker = this.#worker;
    this.#worker = null;
    for (const { reject } of this.#pending.values()) reject(new NotGot('not-visited'));
    this.#pending.clear();
    void worker?.terminate();
  }

  /** Whether a thread runs now. */
  get isRunning(): boolean {
    return this.#worker !== null;
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { resourceLimits: LIMITS });
    worker.unref();
    worker.on('message', ({ id, answer }: Answered) => {
      this.#pending.get(id)?.resolve(answer);
      this.#pending.delete(id);
      this.#watchOver();
    });
    // Whatever ends it, the page at hand is to blame: it is the oldest.
    worker.on('error', (cause) => this.#giveUp(worker, cause));
    worker.on('exit', () => this.#giveUp(worker, null));
    this.#worker = worker;
    return worker;
  }

  /** Gives the oldest page its time, or the thread its rest. */
  #watchOver(): void {
    clearTimeout(this.#watch);
    const worker = this.#worker;
    if (worker === null) return;
    this.#watch =
      this.#pending.size > 0
        ? setTimeout(() => this.#giveUp(worker, new Error('it took too long')), this.#longestMs)
        : setTimeout(() => this.close(), this.#idleMs);
    this.#watch.unref();
  }

  #giveUp(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    void worker.terminate();
    const [culprit, ...others] = this.#pending.values();
    if (!culprit) return;
    this.#pending.delete(culprit.id);
    culprit.reject(new NotGot('item-broken', { cause }));
    for (const { id, html, question } of others) this.#running().postMessage({ id, html, question });
    this.#watchOver();
  }
}
