import type { Queryable } from './pool.ts';

/**
 * First half of the advisory lock that a process of the crawler holds as long as it lives, its number being the second:
 * what it had taken is free when it has ended. See also locks.ts.
 */
export const OWNER_SPACE = 7;

/** Who waits asks again more often than this. */
const SEEN_SECONDS = 10;
/** A pause of more than this is not waited for. */
const LONGEST_WAIT_SECONDS = 60;

/** What came of asking for a host. Times in milliseconds from now, by the database's clock. */
export type TakenHost = {
  got: boolean;
  restMs: number;
  pausedMs: number;
  reason: string | null;
  trouble: number;
};

const ms = (until: string) => `greatest(0, extract(epoch from ${until} - clock_timestamp()) * 1000)::float8`;
const later = (parameter: string) => `clock_timestamp() + ${parameter}::float8 * interval '1 millisecond'`;

/**
 * Gives a host to a process, unless another one has it, or came before, or the host rests or pauses for longer than `nearMs`;
 * then the process gets a place in the line. Only the database's clock counts.
 * @param leaseMs for how long, from the end of its rest
 * @param paceMs the rest of a host whose owner has ended without giving it back: when its last request ended is not known
 */
export async function takeHost(
  db: Queryable,
  owner: number,
  host: string,
  { leaseMs, paceMs, nearMs }: { leaseMs: number; paceMs: number; nearMs: number },
): Promise<TakenHost> {
  const ask = () => db.query<TakenHost>(TAKE, [host, owner, leaseMs, paceMs, nearMs]);
  let found = await ask();
  if (found.rowCount === 0) {
    await db.query('insert into hosts (host) values ($1) on conflict do nothing', [host]);
    found = await ask();
  }
  const taken = found.rows[0];
  if (!taken) throw new Error('the host has gone while it was asked for');
  return taken;
}

const TAKE = `
  with found as materialized (select * from hosts where host = $1 for update),
  known as materialized (
    select *, case when lease_owner is null or lease_owner = $2 or lease_until <= clock_timestamp() then false
      else pg_try_advisory_xact_lock(${OWNER_SPACE}, lease_owner) end as orphan
    from found
  ),
  judged as materialized (
    select host, orphan, pause_reason, trouble, ${ms('paused_until')} as paused_ms,
      greatest(${ms('rest_until')}, case when orphan then $4::float8 else 0 end) as rest_ms,
      (lease_owner is null or lease_owner = $2 or lease_until <= clock_timestamp() or orphan) and not exists (
        select from host_waits w where w.host = $1 and w.owner <> $2
          and w.seen_at > clock_timestamp() - interval '${SEEN_SECONDS} seconds'
          and w.since < coalesce((select since from host_waits where host = $1 and owner = $2), 'infinity')
          and not pg_try_advisory_xact_lock(${OWNER_SPACE}, w.owner)
      ) as free
    from known
  ),
  decided as materialized (select *, free and greatest(rest_ms, paused_ms) <= $5::float8 as got from judged),
  changed as (
    update hosts h set
      lease_owner = case when d.got then $2::int end,
      lease_until = case when d.got then ${later('(greatest(d.rest_ms, d.paused_ms) + $3)')} end,
      rest_until = case when d.orphan then greatest(h.rest_until, ${later('$4')}) else h.rest_until end
    from decided d where h.host = d.host and (d.got or d.orphan)
  ),
  arrived as (
    insert into host_waits (host, owner)
    select host, $2 from decided where not got and paused_ms <= ${LONGEST_WAIT_SECONDS * 1000}
    on conflict (host, owner) do update set seen_at = clock_timestamp()
  ),
  served as (delete from host_waits w using decided d where d.got and w.host = d.host and w.owner = $2)
  select got, rest_ms as "restMs", paused_ms as "pausedMs", pause_reason as reason, trouble from decided`;

/** Ends the owner's lease, and its waiting. The host is asked by nobody for so long. */
export async function giveHost(db: Queryable, owner: number, host: string, restMs: number): Promise<void> {
  await db.query(
    `with left_line as (delete from host_waits where host = $1 and owner = $2)
     update hosts set lease_owner = null, lease_until = null, rest_until = greatest(rest_until, ${later('$3')})
     where host = $1 and lease_owner = $2`,
    [host, owner, restMs],
  );
}

/** Nobody asks the host for so long. A pause that ends later stays. */
export async function pauseHost(
  db: Queryable,
  host: string,
  pause: { ms: number; reason: string; trouble: number },
): Promise<void> {
  await db.query(
    `update hosts set trouble = $4, paused_until = greatest(paused_until, ${later('$2')}),
       pause_reason = case when paused_until < ${later('$2')} then $3 else pause_reason end
     where host = $1`,
    [host, pause.ms, pause.reason, pause.trouble],
  );
}

export async function calmHost(db: Queryable, host: string): Promise<void> {
  await db.query('update hosts set trouble = 0 where host = $1', [host]);
}

export type KeptRobotsFile = {
  content: string | null;
  ageMs: number | null;
  unreachableMs: number | null;
  triedMs: number;
};

const age = (since: string) => `(extract(epoch from now() - ${since}) * 1000)::float8`;

export async function robotsFileOf(db: Queryable, origin: string): Promise<KeptRobotsFile | null> {
  const found = await db.query<KeptRobotsFile>(
    `select content, ${age('read_at')} as "ageMs", ${age('unreachable_since')} as "unreachableMs",
       ${age('tried_at')} as "triedMs"
     from robots_files where origin = $1`,
    [origin],
  );
  return found.rows[0] ?? null;
}

/** @param content null: the site has none; undefined: it could not be read, and what was read before stays */
export async function keepRobotsFile(
  db: Queryable,
  origin: string,
  content: string | null | undefined,
): Promise<void> {
  if (content === undefined) {
    await db.query(
      `insert into robots_files (origin, unreachable_since) values ($1, now())
       on conflict (origin) do update set tried_at = now(), unreachable_since = coalesce(robots_files.unreachable_since, now())`,
      [origin],
    );
    return;
  }
  await db.query(
    `insert into robots_files (origin, content, read_at) values ($1, $2, now())
     on conflict (origin) do update set content = excluded.content, read_at = now(), tried_at = now(),
       unreachable_since = null`,
    [origin, content],
  );
}

/** Forgets hosts that nobody has asked for two months: redirects lead through any number of them. */
export async function clearHosts(db: Queryable): Promise<void> {
  const old = `now() - interval '60 days'`;
  await db.query(
    `delete from hosts where lease_owner is null and greatest(rest_until, paused_until) < ${old}`,
  );
  await db.query(`delete from host_waits where seen_at < now() - interval '1 hour'`);
  await db.query(`delete from robots_files where tried_at < ${old}`);
}
