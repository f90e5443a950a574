import { openCipher } from '../../config/cipher.ts';
import { Refused } from '../../config/errors.ts';
import { hubActor } from '../../store/actor.ts';
import { openAuditLog } from '../../store/audit.ts';
import type { Pool, Queryable } from '../../store/pool.ts';
import { resumeCrawling, resumeSource, stopCrawling, stopsStanding, stopSource } from '../../store/stops.ts';
import { messages } from '../messages.ts';
import { configOption, configPath, parseOptions } from '../options.ts';
import { mustReach, withPool } from './engines.ts';

const words = messages.stops;

const options = {
  ...configOption,
  host: { type: 'string' },
  source: { type: 'string' },
  reason: { type: 'string' },
} as const;

/** `jiansheng stop-crawling [--host H | --source KEY] --reason …`: a host, a source, or everything, for every office. */
export async function stop(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, options);
  const { host = null, source, reason } = values;
  if (positionals.length > 0 || reason === undefined || (host !== null && source !== undefined)) {
    console.error(words.usage);
    return 2;
  }
  return withStore(values, 'stop-crawling', async (pool) => {
    if (source !== undefined) {
      for (const { id, officeId } of await sourcesCalled(pool, source)) {
        await stopSource(pool, hubActor('command:stop-crawling', officeId), id, reason);
      }
    } else {
      for (const officeId of await topOffices(pool)) {
        await stopCrawling(pool, hubActor('command:stop-crawling', officeId), { host, reason });
      }
    }
    console.log(words.stopped(source ?? host ?? words.all));
    return 0;
  });
}

/** `jiansheng resume-crawling [--host H | --source KEY]`: ends the stops of that kind, whoever set them. */
export async function resume(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, options);
  const { host = null, source } = values;
  if (positionals.length > 0 || values.reason !== undefined || (host !== null && source !== undefined)) {
    console.error(words.usage);
    return 2;
  }
  return withStore(values, 'resume-crawling', async (pool) => {
    const what = source ?? host ?? words.all;
    let resumed = 0;
    if (source !== undefined) {
      for (const { id, officeId, stopped } of await sourcesCalled(pool, source)) {
        await resumeSource(pool, hubActor('command:resume-crawling', officeId), id);
        resumed += stopped ? 1 : 0;
      }
    } else {
      const wanted = host?.trim().toLowerCase() ?? null;
      for (const { id, officeId } of (await stopsStanding(pool, null)).filter(
        (each) => each.host === wanted,
      )) {
        await resumeCrawling(pool, hubActor('command:resume-crawling', officeId), id);
        resumed += 1;
      }
    }
    console.log(resumed > 0 ? words.resumed(what) : words.notStopped(what));
    const left = await stopsStanding(pool, null);
    if (left.length > 0) console.log(words.standing(left.length));
    for (const { officeName, host: of, reason } of left) console.log(words.one(officeName, of, reason));
    return 0;
  });
}

function withStore(
  values: { config?: string | undefined },
  command: string,
  work: (pool: Pool) => Promise<number>,
): Promise<number> {
  const reached = mustReach(configPath(values), command);
  openAuditLog(openCipher(reached.keys));
  return withPool(reached.databaseUrl, command, work);
}

/** Offices that stand under none: what is stopped there is stopped everywhere. */
async function topOffices(db: Queryable): Promise<number[]> {
  const found = await db.query<{ id: number }>('select id from offices where parent_id is null order by id');
  return found.rows.map(({ id }) => id);
}

/** Offices may have sources of the same key. @throws Refused `no-source` */
async function sourcesCalled(
  db: Queryable,
  key: string,
): Promise<{ id: number; officeId: number; stopped: boolean }[]> {
  const found = await db.query<{ id: number; officeId: number; stopped: boolean }>(
    `select id, office_id as "officeId", stopped_at is not null as stopped from sources where key = $1 order by id`,
    [key],
  );
  if (found.rows.length === 0) throw new Refused('no-source', words.noSource(key));
  return found.rows;
}
