import type { Logger } from 'pino';
import type { BrowserKeeper } from '../../crawler/browser/keeper.ts';
import type { ReadingThread } from '../../crawler/reading/apart.ts';
import type { Fetcher } from '../../crawler/fetch/fetcher.ts';
import { judgeHealth } from '../../crawler/health.ts';
import { reasons } from '../../crawler/messages.ts';
import { nextVisit } from '../../crawler/revisit.ts';
import { visitSource, type VisitReport } from '../../crawler/visit.ts';
import { ingest } from '../../indexer/ingest.ts';
import type { Knowledge } from '../../indexer/knowledge.ts';
import { tellLive } from '../../store/live.ts';
import type { SharedLocks } from '../../store/locks.ts';
import type { Store } from '../../store/pool.ts';
import { knownIdentities } from '../../store/posts.ts';
import { holdNextVisit, setConditional, sourceById, type SourceRow } from '../../store/sources.ts';
import type { Judgement, Standing } from '../../store/source-states.ts';
import { standingFor } from '../../store/stops.ts';
import { beginVisit, endAbandoned, finishVisit, isWanted, leftUnsettled } from '../../store/visits.ts';
import type { Jobs } from '../queues.ts';
import { accountTools } from './account.ts';
import { Counting } from './counting.ts';
import { earlierVisits } from './page-memory.ts';
import { learnQuiet } from './quiet.ts';

/** What every visit of this process is made with. */
export type Visiting = {
  fetcher: Fetcher;
  browser: BrowserKeeper;
  thread: ReadingThread;
  locks: SharedLocks;
  log: Logger;
  /** What the steps know, as it stands now. */
  knowledge: () => Promise<Knowledge>;
  /** A visit asks for no further page after so long. */
  longestVisitMs: number;
};

/** The visit that a job asks for; nothing when it was made already, or the source is switched off or stopped. */
export async function visit(store: Store, visiting: Visiting, job: Jobs['crawl']): Promise<void> {
  const source = await sourceById(store, job.sourceId);
  if (!source) return;
  // A visit that outlasts its interval is not joined by the next one of the same source.
  await visiting.locks.exclusively(source.id, async () => {
    if (!(await isWanted(store, source.id, job.slot))) return;
    const id = await beginVisit(store, { officeId: source.officeId, sourceId: source.id, slot: job.slot });
    if (id === null) return;
    await endAbandoned(store, source.id, job.slot, reasons.abandoned);
    await visitOnce(store, visiting, source, id);
  });
}

async function visitOnce(
  store: Store,
  { fetcher, browser, thread, log, knowledge, longestVisitMs }: Visiting,
  source: SourceRow,
  id: number,
): Promise<void> {
  await holdNextVisit(store, source.id);
  const now = Date.now();
  const counting = new Counting();
  const report = await visitSource(source, {
    fetcher: fetcher.heeding(() => standingFor(store, source)),
    browser,
    thread,
    ...(await accountTools(store, source, log)),
    now,
    until: now + longestVisitMs,
    ...(await earlierVisits(store, source, now)),
    deep: await leftUnsettled(store, source.id, id),
    async unknown(items) {
      const identities = counting.identitiesOf(items);
      const known = await knownIdentities(store, source.id, [...identities.values()]);
      return counting.asked(identities, known);
    },
    async emit(drafts) {
      const result = await ingest(store, source, drafts, Date.now(), await knowledge());
      counting.stored(drafts, result);
      for (const { why } of result.refused) log.warn({ err: why, source: source.key }, 'a draft was refused');
      return result.refused.map(({ url }) => url);
    },
  });
  if (report.cause)
    log.warn({ err: report.cause, source: source.key, reason: report.reason }, 'not everything was got');
  const { counts } = counting;
  await learnQuiet(store, source.id);
  const judged = await finishVisit(store, id, { ...report, ...counts }, (before) =>
    judge(before, report, counts.fresh, new Date()),
  );
  if (report.conditional) await setConditional(store, source.id, report.conditional);
  await tellLive(store, { kind: 'visit', officeId: source.officeId, sourceId: source.id });
  const { outcome, reason, expected, got } = report;
  log.info(
    { source: source.key, outcome, reason, expected, got, ...counts, health: judged?.health },
    'visited',
  );
}

/** What a visit makes of its source: how it is doing, and when it is visited next. */
export function judge(before: Standing, report: VisitReport, fresh: number, at: Date): Judgement {
  const seen = { ...report, fresh, at };
  const health = judgeHealth(before, seen);
  return { ...health, ...nextVisit(before, health, seen) };
}
