import type { Offices } from './scope.ts';
import type { Queryable } from './pool.ts';

export type TryKind = 'password' | 'code';

/** What tries are counted by; '' stands for "whatever". */
export type CounterKey = { account: string; place: string };
export type Counter = CounterKey & { locked: boolean; seconds: number };

/**
 * The counters of a try, made where there are none and begun anew where they have run out. They are held until the end of
 * the transaction: of two tries at once, the second sees what the first has counted.
 * @param minutes how long a counter lasts
 */
export async function holdCounters(
  client: Queryable,
  kind: TryKind,
  keys: readonly CounterKey[],
  minutes: number,
): Promise<Counter[]> {
  // Ordered, so that two tries never wait for each other; by the clock and not by the transaction's beginning, which may
  // lie before what it has waited for.
  const held = await client.query<Counter>(
    `insert into sign_in_tries as t (kind, account, place, tries, expires_at)
     select $1, key.account, key.place, 0, clock_timestamp() + $4 * interval '1 minute'
     from unnest($2::text[], $3::text[]) as key (account, place) order by key.account, key.place
     on conflict (account, place, kind) do update set
       tries = case when t.expires_at > clock_timestamp() then t.tries else 0 end,
       locked_at = case when t.expires_at > clock_timestamp() then t.locked_at end,
       expires_at = case when t.expires_at > clock_timestamp() then t.expires_at else excluded.expires_at end
     returning account, place, locked_at is not null as locked,
       ceil(extract(epoch from expires_at - clock_timestamp()))::int as seconds`,
    [kind, keys.map(({ account }) => account), keys.map(({ place }) => place), minutes],
  );
  return held.rows;
}

/** Counts a try; the last one that is allowed locks. @returns whether one of the counters is locked by it */
export async function countTry(
  client: Queryable,
  kind: TryKind,
  keys: readonly (CounterKey & { most: number })[],
  minutes: number,
): Promise<boolean> {
  const counted = await client.query<{ locked: boolean }>(
    `update sign_in_tries t set
       tries = t.tries + 1,
       locked_at = case when t.tries + 1 >= key.most then clock_timestamp() end,
       expires_at = case when t.tries + 1 >= key.most then clock_timestamp() + $5 * interval '1 minute' else t.expires_at end
     from unnest($2::text[], $3::text[], $4::int[]) as key (account, place, most)
     where t.kind = $1 and t.account = key.account and t.place = key.place
     returning t.locked_at is not null as locked`,
    [
      kind,
      keys.map(({ account }) => account),
      keys.map(({ place }) => place),
      keys.map(({ most }) => most),
      minutes,
    ],
  );
  return counted.rows.some(({ locked }) => locked);
}

/** What was right after all counts for nothing: not for the account, and for the place one try less. */
export async function forgiveTry(
  client: Queryable,
  kind: TryKind,
  account: string,
  place: string,
): Promise<void> {
  await client.query(
    `with forgotten as (
       delete from sign_in_tries where kind = $1 and account = $2 and place in ('', $3)
     )
     update sign_in_tries set tries = greatest(tries - 1, 0), locked_at = null
     where kind = $1 and account = '' and place = $3`,
    [kind, account, place],
  );
}

/** Takes some counters away that have run out, so that they do not pile up under an attack. */
export async function pruneCounters(db: Queryable): Promise<void> {
  await db.query(
    `delete from sign_in_tries where (account, place, kind) in (
       select account, place, kind from sign_in_tries where expires_at < now() order by expires_at limit 20
       for update skip locked)`,
  );
}

/** A person who cannot sign in for a while. */
export type Lock = {
  personId: string;
  name: string;
  email: string;
  office: string;
  kind: TryKind;
  /** Where; '' for everywhere. */
  place: string;
  lockedAt: Date;
  until: Date;
};

const MOST_LOCKS = 200;

/** Locked accounts of people of these offices, the newest first. @param personId of this one alone; null: of all */
export async function locksOf(
  db: Queryable,
  offices: Offices,
  personId: string | null = null,
): Promise<Lock[]> {
  const found = await db.query<Lock>(
    `select p.id as "personId", p.name, p.email, o.name as office, t.kind, t.place,
       t.locked_at as "lockedAt", t.expires_at as until
     from sign_in_tries t
     join people p on account_hash(p.email) = t.account
     join offices o on o.id = p.office_id
     where t.locked_at is not null and t.expires_at > now() and ($1::int[] is null or p.office_id = any ($1))
       and ($2::text is null or p.id = $2)
     order by t.locked_at desc limit $3`,
    [offices, personId, MOST_LOCKS],
  );
  return found.rows;
}

/** Forgets all tries of a person's account. @returns whether any of them had locked it */
export async function releaseLocks(client: Queryable, personId: string): Promise<boolean> {
  const gone = await client.query<{ locked: boolean }>(
    `delete from sign_in_tries t using people p
     where p.id = $1 and t.account = account_hash(p.email)
     returning t.locked_at is not null and t.expires_at > now() as locked`,
    [personId],
  );
  return gone.rows.some(({ locked }) => locked);
}
