import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Pool, Store } from '../../store/pool.ts';
import { EVERY_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { dueWatches } from '../../store/watch-backlog.ts';
import { askStored } from './stored.ts';

/** Looks so often whether there is something to ask. */
const IDLE_MS = 2_000;
/** After a fault, doubled with each further one. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Asks stored posts about the watches that are new or were changed, one at a time, each within its office, for as long as
 * `signal` lets it: what comes in goes before what is stored. What is left to do is kept in the database, page by page;
 * several processes at it wait for one another and go on from where the other one has come to.
 */
export async function runBacklog(pool: Pool, log: Logger, signal: AbortSignal): Promise<void> {
  const every = scoped(pool, EVERY_OFFICE);
  let wait = 0;
  while (!signal.aborted) {
    await sleep(wait, undefined, { signal }).catch(() => {});
    const faults = await runDue(pool, every, log, signal);
    wait = faults === 0 ? IDLE_MS : Math.min(Math.max(wait, IDLE_MS) * 2, LONGEST_WAIT_MS);
  }
}

/** One watch that cannot be asked keeps no other one waiting. @returns how many could not */
async function runDue(pool: Pool, every: Store, log: Logger, signal: AbortSignal): Promise<number> {
  let faults = 0;
  const due = await dueWatches(every).catch((err: unknown) => {
    faults += 1;
    if (!signal.aborted) log.warn({ err }, 'which watches are to be asked is not known now');
    return [];
  });
  for (const { officeId, watchId, version } of due) {
    if (signal.aborted) return faults;
    try {
      const asked = await askStored(
        scoped(pool, oneOffice(officeId)),
        { officeId, watchId, version },
        signal,
      );
      log.info({ officeId, watchId, version, asked }, 'stored posts asked about a watch');
    } catch (err) {
      faults += 1;
      log.error({ err, officeId, watchId, version }, 'stored posts could not be asked about a watch');
    }
  }
  return faults;
}
