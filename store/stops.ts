import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';

const words = messages.stops;

/** The kill switches: of one source, of a host, of all crawling. Each holds for its office and everything below. */
export type Stop = {
  id: number;
  officeId: number;
  officeName: string;
  /** Null: every host. A name stands for its subdomains too. */
  host: string | null;
  reason: string;
  stoppedAt: Date;
  /** Null: from the command line, or somebody of an office that is out of reach. */
  stoppedBy: string | null;
};

export type Standing = { all: boolean; hosts: string[] };

/** What is stopped for one source; the crawler asks before every request. */
export async function standingFor(
  db: Queryable,
  source: { id: number; officeId: number },
): Promise<Standing> {
  const found = await db.query<Standing>(
    `select coalesce(bool_or(c.host is null), false)
         or exists (select from sources where id = $1 and (stopped_at is not null or not enabled)) as all,
       coalesce(array_agg(c.host) filter (where c.host is not null), '{}') as hosts
     from crawl_stops c join office_tree above on above.ancestor_id = c.office_id
     where above.office_id = $2 and c.ended_at is null`,
    [source.id, source.officeId],
  );
  return found.rows[0] ?? { all: false, hosts: [] };
}

/** An SQL condition: the stop's host is this one, or stands above it. Both are expressions, the stop's one not null. */
export const coversHost = (stopped: string, host: string): string =>
  `(${stopped} in (${host}, split_part(${host}, ':', 1))
    or right(split_part(${host}, ':', 1), length(${stopped}) + 1) = '.' || ${stopped})`;

/**
 * Stops requests to a host, or to all, for the actor's office and everything below it: also in visits that are under way,
 * within a second. Where it is stopped already, nothing changes.
 * @param host a name, or an address with one; null: all
 * @throws Refused `stop-host`, `stop-reason`
 */
export async function stopCrawling(
  store: Store,
  actor: Actor,
  wish: { host: string | null; reason: string },
): Promise<void> {
  const host = wish.host === null ? null : hostOf(wish.host);
  const reason = reasonIn(wish.reason);
  await transaction(store, async (client) => {
    const made = await client.query<{ id: number }>(
      `insert into crawl_stops (office_id, host, reason, stopped_by) values ($1, $2, $3, $4)
       on conflict (office_id, coalesce(host, '')) where ended_at is null do nothing returning id`,
      [actor.officeId, host, reason, personOf(actor)],
    );
    if (made.rowCount === 0) return;
    await appendAudit(client, {
      ...actor,
      action: 'crawl-stop',
      subject: `crawl-stop:${made.rows[0]?.id}`,
      after: { host, reason },
    });
  });
}

/** Ends a stop. Nothing happens when it has ended already. */
export async function resumeCrawling(store: Store, actor: Actor, id: number): Promise<void> {
  await transaction(store, async (client) => {
    const ended = await client.query<{ officeId: number; host: string | null }>(
      `update crawl_stops set ended_at = now(), ended_by = $2 where id = $1 and ended_at is null
       returning office_id as "officeId", host`,
      [id, personOf(actor)],
    );
    const stop = ended.rows[0];
    if (!stop) return;
    await appendAudit(client, {
      ...actor,
      officeId: stop.officeId,
      action: 'crawl-resume',
      subject: `crawl-stop:${id}`,
      before: { host: stop.host },
    });
  });
}

/** Stops of hosts and of all that stand now, for the offices and above them: both keep the offices' sources from running. */
export async function stopsStanding(db: Queryable, offices: Offices): Promise<Stop[]> {
  const found = await db.query<Stop>(
    `select c.id, c.office_id as "officeId", o.name as "officeName", c.host, c.reason, c.stopped_at as "stoppedAt",
       p.name as "stoppedBy"
     from crawl_stops c join offices o on o.id = c.office_id left join people p on p.id = c.stopped_by
     where c.ended_at is null and ($1::int[] is null or exists (
       select from office_tree above where above.ancestor_id = c.office_id and above.office_id = any ($1)))
     order by c.stopped_at desc, c.id desc limit 500`,
    [offices],
  );
  return found.rows;
}

/** Stops one source until somebody resumes it. @throws Refused `stop-reason` */
export async function stopSource(store: Store, actor: Actor, id: number, reason: string): Promise<void> {
  const why = reasonIn(reason);
  await turnSource(store, actor, why, (client) =>
    client.query<Turned>(
      `update sources set stopped_at = now(), stopped_by = $2, stop_reason = $3 where id = $1 and stopped_at is null
       returning id, office_id as "officeId"`,
      [id, personOf(actor), why],
    ),
  );
}

/** Lets a stopped source go on; other stops still hold. */
export async function resumeSource(store: Store, actor: Actor, id: number): Promise<void> {
  await turnSource(store, actor, null, (client) =>
    client.query<Turned>(
      `update sources set stopped_at = null, stopped_by = null, stop_reason = null
       where id = $1 and stopped_at is not null returning id, office_id as "officeId"`,
      [id],
    ),
  );
}

type Turned = { id: number; officeId: number };

/** @param reason why it is stopped; null: it goes on */
async function turnSource(
  store: Store,
  actor: Actor,
  reason: string | null,
  turn: (client: Queryable) => Promise<{ rows: Turned[] }>,
): Promise<void> {
  await transaction(store, async (client) => {
    const turned = (await turn(client)).rows[0];
    if (!turned) return;
    const { id, officeId } = turned;
    await tellLive(client, { kind: 'visit', officeId, sourceId: id });
    await appendAudit(client, {
      ...{ ...actor, officeId, subject: `source:${id}`, after: { reason } },
      action: reason === null ? 'source-resume' : 'source-stop',
    });
  });
}

/** The hub itself is nobody among the people. */
const personOf = (actor: Actor): string | null => (actor.role === 'hub' ? null : actor.id);

function reasonIn(text: string): string {
  const reason = text.trim();
  if (reason === '' || reason.length > 500) throw new Refused('stop-reason', words.reason);
  return reason;
}

/** The host of what people paste: a name or an address. @throws Refused `stop-host` */
function hostOf(text: string): string {
  const said = text.trim();
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(said) ? said : `http://${said}`);
  if (!url || url.host === '') throw new Refused('stop-host', words.host);
  return url.host.toLowerCase();
}
