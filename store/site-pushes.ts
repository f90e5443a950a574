import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** An address on its way to a search engine. */
export type SitePush = { id: number; officeId: number; address: string; tries: number };

/**
 * Notes that Baidu is to be told of an address, where the office's website is known to it.
 * @param client of the transaction that changes the page
 */
export async function queuePush(
  client: Queryable,
  officeId: number,
  address: string,
  now: Date,
): Promise<void> {
  await client.query(
    `insert into site_pushes (office_id, address, target, next_at, made_at)
     select $1, $2, 'baidu', $3, $3 from channel_accounts
     where office_id = $1 and channel = 'website' and archived_at is null and settings->>'baiduSite' is not null
     limit 1 on conflict (office_id, address, target) where state = 'waiting' do nothing`,
    [officeId, address, now],
  );
}

/** Baidu takes so many addresses in one call. */
export const MOST_IN_A_PUSH = 2_000;
/** Whoever took some on and was killed leaves them to the next one. */
const LEASE = `interval '2 minutes'`;

/** Takes on what is due, of one office at a time. */
export async function claimPushes(db: Queryable, now: Date): Promise<SitePush[]> {
  const found = await db.query<SitePush>(
    `with first as (select office_id from site_pushes where next_at <= $1 order by next_at limit 1),
       due as (select p.id from site_pushes p join first f on f.office_id = p.office_id
         where p.next_at <= $1 order by p.id limit $2 for update of p skip locked)
     update site_pushes s set next_at = $1::timestamptz + ${LEASE}, tries = s.tries + 1 from due where s.id = due.id
     returning s.id, s.office_id as "officeId", s.address, s.tries`,
    [now, MOST_IN_A_PUSH],
  );
  return found.rows;
}

/** What became of some of them. `at`: when they are tried again; null: never. */
export async function settlePushes(
  db: Queryable,
  ids: readonly number[],
  { state, detail, at }: { state: 'waiting' | 'done' | 'refused'; detail: string | null; at: Date | null },
): Promise<void> {
  if (ids.length === 0) return;
  await db.query(`update site_pushes set state = $2, detail = $3, next_at = $4 where id = any ($1)`, [
    ids,
    state,
    detail,
    at,
  ]);
}

/** Puts some off without counting a try. */
export async function putOff(db: Queryable, ids: readonly number[], at: Date, detail: string): Promise<void> {
  await db.query(
    `update site_pushes set next_at = $2, detail = $3, tries = greatest(tries - 1, 0) where id = any ($1) and state = 'waiting'`,
    [ids, at, detail],
  );
}

/** The rest of what an office has waiting is not tried before then either. */
export async function holdPushes(
  db: Queryable,
  officeId: number,
  until: Date,
  detail: string,
): Promise<void> {
  await db.query(
    `update site_pushes set next_at = $2, detail = $3 where office_id = $1 and state = 'waiting' and next_at < $2`,
    [officeId, until, detail],
  );
}

/** When something is to be done next; null: nothing waits. */
export async function nextPush(db: Queryable): Promise<Date | null> {
  const found = await db.query<{ at: Date | null }>('select min(next_at) as at from site_pushes');
  return found.rows[0]?.at ?? null;
}

export type PushLine = {
  id: number;
  address: string;
  state: 'waiting' | 'done' | 'refused';
  nextAt: Date | null;
  tries: number;
  detail: string | null;
  madeAt: Date;
};

/** The latest of an office, what is not done first. */
export async function pushesOf(db: Queryable, officeId: number, limit = 30): Promise<PushLine[]> {
  const found = await db.query<PushLine>(
    `select id, address, state, next_at as "nextAt", tries, detail, made_at as "madeAt" from site_pushes
     where office_id = $1 order by state = 'done', id desc limit $2`,
    [officeId, Math.min(limit, 100)],
  );
  return found.rows;
}

/** Tries now what waits, after somebody has put right what was wrong. @returns how many */
export async function retryPushes(store: Store, actor: Actor, now: Date): Promise<number> {
  const { officeId } = actor;
  return transaction(store, async (client) => {
    const changed = await client.query(
      `update site_pushes set state = 'waiting', next_at = $2, tries = 0 where id in (
         select coalesce(max(id) filter (where state = 'waiting'), max(id)) from site_pushes
         where office_id = $1 and state <> 'done' group by address, target)`,
      [officeId, now],
    );
    const addresses = changed.rowCount ?? 0;
    if (addresses > 0) {
      await appendAudit(client, {
        ...{ ...actor, action: 'site-push-retry', subject: `office:${officeId}`, after: { addresses } },
      });
    }
    return addresses;
  });
}
