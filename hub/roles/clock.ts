import cron from 'node-cron';
import { shanghaiDay, shanghaiHour } from '../../config/shanghai.ts';
import { openStore } from '../../store/pool.ts';
import { isRetained } from '../../store/retention.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { dueSources } from '../../store/sources.ts';
import { tellStandstills, type Standing } from '../../store/standstills.ts';
import { tellLateReviews } from '../../store/review-clocks.ts';
import { tellOverdue } from '../../store/warning-clocks.ts';
import { reviewSources } from '../crawling/review.ts';
import { jobIds, Queues } from '../queues.ts';
import type { Role } from './contract.ts';

/** What a visit may outlast its time by: requests that are under way, and a killed worker's visit that is taken up again. */
const STALLED_SECONDS = 300;
/** A job that waits in the queue is not added with every tick, only this often, should it have been lost. */
const ADD_AGAIN_MS = 60_000;
/** So often it is looked whether somebody has stopped a source or set it going again, and whether those that send are silent. */
const REVIEW_MS = 10_000;

/** So often it is looked whether answers and orders about warnings are overdue. */
const OVERDUE_MS = 10_000;
/** So often it is looked whether judging or grouping has stopped anywhere, or goes on again. */
const STANDSTILL_MS = 20_000;
/** So often it is looked whether saved searches have found something new. */
const SEARCHES_MS = 300_000;

/** From this hour of the day in Asia/Shanghai on: when nobody is at the desk. A machine that is off then does it later. */
const RETAIN_HOUR = 3;
/** Learning comes after: it needs the processor for a while. */
const LEARN_HOUR = 4;

/**
 * Turns time into jobs. A tick only adds jobs whose ids name their slot: any number of clocks may run, and one that
 * was away makes up for it with its next tick.
 */
export const clock: Role = async (runtime, log) => {
  const pool = openStore(runtime.databaseUrl, 'clock', { max: 2 });
  const store = scoped(pool, EVERY_OFFICE);
  const queues = new Queues(runtime, log);
  const crawl = queues.queue('crawl');
  const retain = queues.queue('retain');
  const learn = queues.queue('learn');
  const searches = queues.queue('searches');
  let searched = 0;
  let toldOverdue = 0;
  let lookedAtStandstills = 0;
  let still: Standing = new Map();
  let retained = '';
  let learnt = '';
  let reviewed = 0;
  const added = new Map<string, number>();
  const longestVisitSeconds = runtime.hub.crawler.longestVisitMinutes * 60 + STALLED_SECONDS;

  async function tick(): Promise<void> {
    const now = new Date();
    await tickReview(now);
    await tickVisits(now.getTime());
    await tickOverdue(now);
    await tickStandstills(now);
    await tickRetention(now);
    await tickLearning(now);
    await tickSearches(now);
  }

  async function tickVisits(now: number): Promise<void> {
    for (const [id, at] of added) if (at + ADD_AGAIN_MS < now) added.delete(id);
    for (const source of await dueSources(store, longestVisitSeconds)) {
      const { id: sourceId, officeId, slot, crowded } = source;
      const id = jobIds.crawl(sourceId, slot);
      if (added.has(id)) continue;
      // What waits for its host has the longest way before it; it never takes more than its host's share.
      await crawl.add(id, { officeId, sourceId, slot }, { first: crowded });
      added.set(id, now);
    }
  }

  async function tickReview(now: Date): Promise<void> {
    if (now.getTime() - reviewed < REVIEW_MS) return;
    await reviewSources(store, now);
    reviewed = now.getTime();
  }

  async function tickOverdue(now: Date): Promise<void> {
    if (now.getTime() - toldOverdue < OVERDUE_MS) return;
    await tellOverdue(store, now);
    await tellLateReviews(store, now);
    toldOverdue = now.getTime();
  }

  async function tickStandstills(now: Date): Promise<void> {
    if (now.getTime() - lookedAtStandstills < STANDSTILL_MS) return;
    const found = await tellStandstills(store, still, now);
    for (const [officeId, what] of found) {
      if (still.get(officeId) !== what) log.warn({ officeId, stopped: what }, 'an office stands still');
    }
    still = found;
    lookedAtStandstills = now.getTime();
  }

  async function tickSearches(now: Date): Promise<void> {
    const slot = Math.floor(now.getTime() / SEARCHES_MS);
    if (slot === searched) return;
    await searches.add(jobIds.searches(slot), { slot });
    searched = slot;
  }

  /** Asks once more after every start: the finished job of this day may be known no longer. */
  async function tickRetention(now: Date): Promise<void> {
    const day = shanghaiDay(now);
    if (retained === day || shanghaiHour(now) < RETAIN_HOUR) return;
    if (!(await isRetained(store, runtime.officeId, day))) await retain.add(jobIds.retain(day), { day });
    retained = day;
  }

  /** Once a day, and after a start: who finds nothing new to learn from does nothing. */
  async function tickLearning(now: Date): Promise<void> {
    const day = shanghaiDay(now);
    if (learnt === day || shanghaiHour(now) < LEARN_HOUR) return;
    await learn.add(jobIds.learn(day), { day });
    learnt = day;
  }

  let running: Promise<void> | null = null;
  const task = cron.schedule('*/2 * * * * *', () => {
    // A tick that is still at work (a slow database) is not overtaken by the next.
    running ??= tick()
      .catch((err: unknown) => log.error({ err }, 'tick failed'))
      .finally(() => (running = null));
  });
  return async () => {
    await task.stop();
    await running;
    await queues.close();
    await pool.end();
  };
};
