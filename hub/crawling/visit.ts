import type { Logger } from 'pino';
import type { Fetcher } from '../../crawler/fetch/fetcher.ts';
import { visitSource } from '../../crawler/visit.ts';
import { ingest } from '../../indexer/ingest.ts';
import { exclusively } from '../../store/locks.ts';
import { tellLive } from '../../store/live.ts';
import type { Store } from '../../store/pool.ts';
import { identityOf, knownIdentities } from '../../store/posts.ts';
import { setNextVisit, sourceById, type SourceRow } from '../../store/sources.ts';
import { beginVisit, finishVisit, leftUnsettled } from '../../store/visits.ts';
import type { Jobs } from '../queues.ts';

/** The visit that a job asks for; nothing when the slot was visited already, or the source is switched off. */
export async function visit(store: Store, fetcher: Fetcher, log: Logger, job: Jobs['crawl']): Promise<void> {
  const source = await sourceById(store, job.sourceId);
  if (!source?.enabled) return;
  // A visit that outlasts its interval is not joined by the next one of the same source.
  await exclusively(store, 'source', source.id, async () => {
    const id = await beginVisit(store, { officeId: source.officeId, sourceId: source.id, slot: job.slot });
    if (id !== null) await visitOnce(store, fetcher, log, source, id);
  });
}

async function visitOnce(
  store: Store,
  fetcher: Fetcher,
  log: Logger,
  source: SourceRow,
  id: number,
): Promise<void> {
  const intervalMs = source.intervalSeconds * 1000;
  await setNextVisit(store, source.id, new Date(Date.now() + intervalMs));
  const counts = { fresh: 0, copies: 0 };
  const report = await visitSource(source, {
    fetcher,
    now: Date.now(),
    deep: await leftUnsettled(store, source.id, id),
    async unknown(items) {
      const known = await knownIdentities(store, source.id, items.map(identityOf));
      return new Set(items.filter((item) => !known.has(identityOf(item).toString('hex'))));
    },
    async emit(drafts) {
      const result = await ingest(store, source, drafts, Date.now());
      counts.fresh += result.fresh;
      counts.copies += result.copies;
      for (const { why } of result.refused) log.warn({ err: why, source: source.key }, 'a draft was refused');
      return result.refused.map(({ url }) => url);
    },
  });
  if (report.cause)
    log.warn({ err: report.cause, source: source.key, reason: report.reason }, 'not everything was got');
  await finishVisit(store, id, { ...report, ...counts });
  const waitMs = Math.max(intervalMs, (report.retryAfterSeconds ?? 0) * 1000);
  await setNextVisit(store, source.id, new Date(Date.now() + waitMs), report.conditional ?? undefined);
  await tellLive(store, { kind: 'visit', officeId: source.officeId, sourceId: source.id });
  const { outcome, reason, expected, got } = report;
  log.info({ source: source.key, outcome, reason, expected, got, fresh: counts.fresh }, 'visited');
}
