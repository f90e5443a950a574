import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { officesToGroup } from '../../store/grouping.ts';
import type { Pool, Store } from '../../store/pool.ts';
import { EVERY_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { KnowledgeKeeper } from '../knowledge-keeper.ts';
import type { Segmenter } from '../text/segmenter.ts';
import { Engines } from './engines-worker.ts';
import { heatDue } from './heat-worker.ts';
import { labelConcerns } from './label-worker.ts';
import { groupPortion, PORTION } from './portion-worker.ts';

/** Looks so often whether posts have come. */
const IDLE_MS = 300;
/** After a fault, doubled with each further one. */
const LONGEST_WAIT_MS = 60_000;
/** While much waits, searching and crawling have the processor for as long as each portion took, at most so long. */
const LONGEST_REST_MS = 1_000;
/** Names and heat of an office's concerns wait so long while more and more comes in. */
const DESCRIBED_MS = 3_000;
/** How often it is asked what is due by the clock. */
const CLOCK_MS = 20_000;

/**
 * Groups what is stored into concerns, office by office in turn, for as long as `signal` lets it. Several processes at it share
 * the offices; what is left to do is kept in the database.
 * @param onGrouped is called after each portion with its office; what it throws is a fault of that office
 * @param size posts that are grouped in one transaction
 */
export async function runGrouping(
  pool: Pool,
  log: Logger,
  signal: AbortSignal,
  onGrouped: (officeId: number) => Promise<void> = async () => {},
  size = PORTION,
): Promise<void> {
  const work = new Work(pool, log, signal, onGrouped, size);
  let wait = 0;
  let clock = 0;
  while (!signal.aborted) {
    let faults = 0;
    try {
      faults = await work.round();
      if (performance.now() >= clock) {
        faults += await work.byTheClock();
        clock = performance.now() + CLOCK_MS;
      }
    } catch (err) {
      faults += 1;
      if (!signal.aborted) log.warn({ err }, 'what is to be grouped is not known now');
    }
    wait = faults === 0 ? IDLE_MS : Math.min(Math.max(wait, IDLE_MS) * 2, LONGEST_WAIT_MS);
    await sleep(wait, undefined, { signal }).catch(() => {});
  }
}

class Work {
  readonly #pool: Pool;
  readonly #every: Store;
  readonly #log: Logger;
  readonly #signal: AbortSignal;
  readonly #size: number;
  readonly #onGrouped: (officeId: number) => Promise<void>;
  readonly #engines = new Engines();
  readonly #described = new Map<number, number>();
  readonly #keeper: KnowledgeKeeper;

  constructor(
    pool: Pool,
    log: Logger,
    signal: AbortSignal,
    onGrouped: (officeId: number) => Promise<void>,
    size: number,
  ) {
    [this.#pool, this.#log, this.#signal, this.#size] = [pool, log, signal, size];
    this.#onGrouped = onGrouped;
    this.#every = scoped(pool, EVERY_OFFICE);
    this.#keeper = new KnowledgeKeeper(this.#every, log);
  }

  /** A portion of every office with a backlog, again and again until none has one. @returns offices that could not be grouped */
  async round(): Promise<number> {
    const failed = new Set<number>();
    for (;;) {
      const offices = (await officesToGroup(this.#every)).filter((id) => !failed.has(id));
      if (offices.length === 0) return failed.size;
      let others = 0;
      for (const officeId of offices) {
        if (this.#signal.aborted) return failed.size;
        const began = performance.now();
        const left = await this.#group(officeId).catch((err: unknown) => {
          failed.add(officeId);
          if (!this.#signal.aborted) this.#log.error({ err, officeId }, 'posts could not be grouped');
          return false;
        });
        if (left === 'busy') others += 1;
        if (left === true) await this.#rest(performance.now() - began);
      }
      if (others === offices.length) return failed.size;
    }
  }

  /** What is due by itself: posts that are to be grouped anew, heat that fades, engines that nobody needs. */
  async byTheClock(): Promise<number> {
    let faults = 0;
    const now = new Date();
    for (const officeId of this.#engines.due(now.getTime())) {
      if (this.#signal.aborted) return faults;
      await this.#group(officeId).catch((err: unknown) => {
        faults += 1;
        this.#log.error({ err, officeId }, 'posts could not be grouped anew');
      });
    }
    this.#engines.tidy(now.getTime());
    await heatDue(this.#every, now, this.#signal);
    return faults;
  }

  /** @returns whether more waits */
  async #group(officeId: number): Promise<boolean | 'busy'> {
    const store = scoped(this.#pool, oneOffice(officeId));
    const { segmenter } = await this.#keeper.current();
    const now = new Date();
    const done = await groupPortion(store, officeId, this.#engines, segmenter, now, this.#size);
    if (done === 'busy') return done;
    // While much comes in, names and heat come second.
    const since = performance.now() - (this.#described.get(officeId) ?? -Infinity);
    if (!done.left || since > DESCRIBED_MS) {
      await this.#describe(store, officeId, segmenter, now);
      this.#described.set(officeId, performance.now());
    }
    await this.#onGrouped(officeId);
    this.#log.debug({ officeId, looked: done.looked }, 'posts grouped');
    return done.left;
  }

  async #describe(store: Store, officeId: number, segmenter: Segmenter, now: Date): Promise<void> {
    const concerns = this.#engines.peek(officeId);
    while (concerns && !this.#signal.aborted) {
      if (!(await labelConcerns(store, officeId, concerns, segmenter))) break;
    }
    await heatDue(store, now, this.#signal, officeId);
  }

  async #rest(took: number): Promise<void> {
    await sleep(Math.min(took, LONGEST_REST_MS), undefined, { signal: this.#signal }).catch(() => {});
  }
}
