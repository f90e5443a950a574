import type { ReleaseContent } from '../config/release-content.ts';
import { channels, type Channel } from '../config/release-types.ts';
import type { DeliveryState } from './deliveries.ts';
import type { Queryable, Store } from './pool.ts';
import { readContent } from './releases.ts';

/** The one who works on a delivery now. All its moves ask for this: whoever was paused too long changes nothing any more. */
export type Claim = { id: number; worker: string };

/** A delivery with all that is needed to take it one step on. */
export type ClaimedDelivery = {
  id: number;
  officeId: number;
  releaseId: number;
  channel: Channel;
  accountId: number;
  dueAt: Date;
  state: DeliveryState;
  content: ReleaseContent;
  version: number;
  progress: Record<string, unknown>;
  tries: number;
  sentAt: Date | null;
  preparedAt: Date | null;
  personAskedAt: Date | null;
  problem: string | null;
  address: string | null;
  publishedAt: Date | null;
  correction: string | null;
  /** Address of the delivery that this one corrects. */
  correctsAddress: string | null;
  title: string;
  /** Somebody wants it taken back: whatever comes of this try, it is not sent once more. */
  withdrawing: boolean;
  /** Nothing of the release goes out before then. */
  embargoUntil: Date | null;
  /** As its office says; null: as hub.yaml says. */
  missedAfterMinutes: number | null;
  /** The release's newest delivery to the website that is not this one; null: it does not go there. */
  site: { state: DeliveryState; dueAt: Date; path: string } | null;
};

/** Path of the page that a delivery to the website gets, from the day on for which it was first planned. Alias d. */
export const SITE_PATH = `coalesce(d.progress->>'path', '/news/' || to_char(d.due_at at time zone 'Asia/Shanghai', 'YYYYMMDD') || '-' || d.id)`;

const COLUMNS = `claimed.id, claimed.office_id as "officeId", claimed.release_id as "releaseId", claimed.channel,
  claimed.account_id as "accountId", claimed.due_at as "dueAt", claimed.state, claimed.content,
  coalesce(claimed.version, r.version) as version, claimed.progress, claimed.tries, claimed.sent_at as "sentAt",
  claimed.prepared_at as "preparedAt", claimed.person_asked_at as "personAskedAt", claimed.problem, claimed.address,
  claimed.published_at as "publishedAt", claimed.correction, c.address as "correctsAddress", r.title,
  exists (select from withdrawals w where w.delivery_id = claimed.id and w.state <> 'refused') as withdrawing,
  r.embargo_until as "embargoUntil", s.missed_after_minutes as "missedAfterMinutes", site.site`;
const AND_MORE = `join releases r on r.id = claimed.release_id
  left join publishing_settings s on s.office_id = claimed.office_id
  left join deliveries c on c.id = claimed.corrects
  left join lateral (
    select jsonb_build_object('state', d.state, 'dueAt', d.due_at, 'path', ${SITE_PATH}) as site
    from deliveries d where d.release_id = r.id and d.channel = 'website' and d.corrects is null
    order by d.state in ('waiting', 'sending', 'unknown', 'processing', 'published') desc, d.id desc limit 1) site on true`;

/**
 * Takes deliveries that have something to be done, for `leaseSeconds`: what waits longest first, of each channel no more than it
 * has hands free. Of any number of processes one gets each. A claim whose lease is over was a killed worker's; since a claimed
 * delivery's next step is put at the end of the lease, it is found again like any other.
 */
export async function claimDeliveries(
  store: Store,
  worker: string,
  free: ReadonlyMap<Channel, number>,
  now: Date,
  leaseSeconds: number,
): Promise<ClaimedDelivery[]> {
  const text = `with due as (
       select d.id from unnest($1::text[], $2::int[]) as lane (channel, hands), lateral (
         select id from deliveries where channel = lane.channel and next_at <= $3 and held_for is null
           and (claimed_until is null or claimed_until <= now())
         order by next_at limit lane.hands for update skip locked) d
     ), claimed as (
       update deliveries d set claimed_by = $4, claimed_until = now() + make_interval(secs => $5),
         next_at = $3::timestamptz + make_interval(secs => $5), woken = false
       from due where d.id = due.id returning d.*
     )
     select ${COLUMNS} from claimed ${AND_MORE}`;
  const values = [[...free.keys()], [...free.values()], now, worker, leaseSeconds];
  const client = await store.connect();
  try {
    // Asked again and again while something is due: planned once for each connection.
    const found = await client.query<Row>({ name: 'claim-deliveries', text, values });
    return found.rows.map(read);
  } finally {
    client.release();
  }
}

/** A delivery in the same form, claimed by nobody: for what is done about it beside its own steps. */
export async function claimedById(db: Queryable, id: number): Promise<ClaimedDelivery | null> {
  const found = await db.query<Row>(
    `select ${COLUMNS} from (select * from deliveries where id = $1) claimed ${AND_MORE}`,
    [id],
  );
  return found.rows[0] ? read(found.rows[0]) : null;
}

type Row = Omit<ClaimedDelivery, 'site'> & {
  site: (Omit<NonNullable<ClaimedDelivery['site']>, 'dueAt'> & { dueAt: string }) | null;
};

function read(row: Row): ClaimedDelivery {
  const site = row.site && { ...row.site, dueAt: new Date(row.site.dueAt) };
  return { ...row, content: readContent(row.content), site };
}

/** Gives a claim back without having changed anything: what is written holds, and is looked at again at once. */
export async function dropClaim(db: Queryable, { id, worker }: Claim, now: Date): Promise<void> {
  await db.query(
    `update deliveries set claimed_by = null, claimed_until = null, next_at = least(next_at, $3)
     where id = $1 and claimed_by = $2 and next_at is not null`,
    [id, worker, now],
  );
}

/** When something is to be done next; null: nothing that is known of by now. */
export async function nextMoment(db: Queryable): Promise<Date | null> {
  const found = await db.query<{ at: Date | null }>(
    `select least(
       (select min(d.next_at) from unnest($1::text[]) as lane (channel), lateral (
         select next_at from deliveries where channel = lane.channel and next_at is not null and held_for is null
         order by next_at limit 1) d),
       (select min(next_at) from withdrawals where next_at is not null)) as at`,
    [channels],
  );
  return found.rows[0]?.at ?? null;
}

/** Keeps claims for as long again. @returns those that are still the worker's */
export async function renewClaims(
  db: Queryable,
  worker: string,
  ids: readonly number[],
  now: Date,
  leaseSeconds: number,
): Promise<number[]> {
  const found = await db.query<{ id: number }>(
    `update deliveries set claimed_until = now() + make_interval(secs => $4),
       next_at = case when woken then next_at else $3::timestamptz + make_interval(secs => $4) end
     where id = any ($1) and claimed_by = $2 and claimed_until > now() returning id`,
    [ids, worker, now, leaseSeconds],
  );
  return found.rows.map(({ id }) => id);
}
