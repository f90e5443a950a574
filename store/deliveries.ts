import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Actor } from './actor.ts';
import type { ReleaseContent } from '../config/release-content.ts';
import type { Channel } from '../config/release-types.ts';
import { messages } from './messages.ts';
import { CONTENT_COLUMNS, readContent } from './releases.ts';

export type { Channel };
export type DeliveryState =
  | 'waiting'
  | 'sending'
  | 'unknown'
  | 'processing'
  | 'published'
  | 'refused'
  | 'failed'
  | 'missed'
  | 'cancelled'
  | 'withdrawn';

export type DeliveryRow = {
  id: number;
  officeId: number;
  releaseId: number;
  channel: Channel;
  dueAt: Date;
  state: DeliveryState;
  content: ReleaseContent;
  address: string | null;
  publishedAt: Date | null;
  reason: string | null;
  /** The warning for which it waits for a second look; null: it does not. */
  heldFor: number | null;
};

const COLUMNS = `id, office_id as "officeId", release_id as "releaseId", channel, due_at as "dueAt", state, content,
  address, published_at as "publishedAt", reason, held_for as "heldFor"`;

/**
 * Puts a draft on the way: freezes its text into a delivery due at `dueAt`.
 * @returns the delivery's id, or null when the release is not a draft in this version (somebody was faster)
 */
export async function scheduleDelivery(
  store: Store,
  actor: Actor,
  release: { id: number; version: number },
  channel: Channel,
  dueAt: Date,
): Promise<number | null> {
  return transaction(store, async (client) => {
    const found = await client.query<ReleaseContent & { officeId: number }>(
      `update releases r set state = 'scheduled', updated_at = now()
       where id = $1 and version = $2 and state in ('draft', 'approved') returning office_id as "officeId", ${CONTENT_COLUMNS}`,
      [release.id, release.version],
    );
    const row = found.rows[0];
    if (!row) return null;
    const { officeId } = row;
    const accountId = await websiteAccount(client, officeId);
    const delivery = await client.query<{ id: number }>(
      `insert into deliveries (office_id, release_id, channel, account_id, due_at, content) values ($1, $2, $3, $4, $5, $6) returning id`,
      [officeId, release.id, channel, accountId, dueAt, readContent(row)],
    );
    const id = (delivery.rows[0] as { id: number }).id;
    await appendAudit(client, {
      ...actor,
      officeId,
      action: 'release-schedule',
      subject: `release:${release.id}`,
      after: { delivery: id, channel, dueAt: dueAt.toISOString() },
    });
    await tellLive(client, { kind: 'delivery', officeId, deliveryId: id });
    return id;
  });
}

/** The website of an office is an account as others are, made when it is first published on. */
async function websiteAccount(client: Queryable, officeId: number): Promise<number> {
  await client.query(
    `insert into channel_accounts (office_id, channel, name, external_id) values ($1, 'website', $2, '')
     on conflict (office_id, channel, external_id) where archived_at is null do nothing`,
    [officeId, messages.website],
  );
  const found = await client.query<{ id: number }>(
    `select id from channel_accounts where office_id = $1 and channel = 'website' and archived_at is null`,
    [officeId],
  );
  return (found.rows[0] as { id: number }).id;
}

/** Takes a release that still waits back to being a draft. @returns false when it no longer waits */
export async function cancelDelivery(store: Store, actor: Actor, releaseId: number): Promise<boolean> {
  return transaction(store, async (client) => {
    const cancelled = await client.query<{ id: number; officeId: number }>(
      `update deliveries set state = 'cancelled', held_for = null, held_at = null, held_told_at = null where release_id = $1 and state = 'waiting'
       returning id, office_id as "officeId"`,
      [releaseId],
    );
    if (!cancelled.rows[0]) return false;
    const { id, officeId } = cancelled.rows[0];
    await client.query(
      `update releases set state = 'draft', version = version + 1, updated_at = now() where id = $1`,
      [releaseId],
    );
    await appendAudit(client, {
      ...actor,
      officeId,
      action: 'release-unschedule',
      subject: `release:${releaseId}`,
      before: { delivery: id },
    });
    await tellLive(client, { kind: 'delivery', officeId, deliveryId: id });
    return true;
  });
}

export async function deliveryById(db: Queryable, id: number): Promise<DeliveryRow | null> {
  const result = await db.query<DeliveryRow>(`select ${COLUMNS} from deliveries where id = $1`, [id]);
  const row = result.rows[0];
  return row ? { ...row, content: readContent(row.content) } : null;
}

export async function deliveriesOf(db: Queryable, releaseId: number): Promise<DeliveryRow[]> {
  const result = await db.query<DeliveryRow>(
    `select ${COLUMNS} from deliveries where release_id = $1 order by id desc`,
    [releaseId],
  );
  return result.rows.map((row) => ({ ...row, content: readContent(row.content) }));
}

export type DueDelivery = { id: number; officeId: number; dueAt: Date };

/**
 * Deliveries that wait and are due, or were being sent when their worker died: the clock makes a job of each. What is held is
 * not due before somebody has looked.
 */
export async function dueDeliveries(db: Queryable, now: Date): Promise<DueDelivery[]> {
  const result = await db.query<DueDelivery>(
    `select id, office_id as "officeId", due_at as "dueAt" from deliveries where state in ('waiting', 'sending') and held_for is null and due_at <= $1 order by due_at limit 1000`,
    [now],
  );
  return result.rows;
}

/** Waiting deliveries due in the next while, so that each gets its job ahead of time and is sent to the second. */
export async function comingDeliveries(db: Queryable, until: Date): Promise<DueDelivery[]> {
  const result = await db.query<DueDelivery>(
    `select id, office_id as "officeId", due_at as "dueAt" from deliveries where state = 'waiting' and held_for is null and due_at <= $1 order by due_at limit 1000`,
    [until],
  );
  return result.rows;
}

/**
 * Moves a delivery from one state to the next, only if it still is in the first and is not held. Of two workers exactly one
 * gets true; and of a worker and a warning that holds it, whoever has the row first: held after that, it is on its way.
 */
export async function moveDelivery(
  db: Queryable,
  id: number,
  from: DeliveryState,
  to: DeliveryState,
  reason: string | null = null,
): Promise<boolean> {
  const result = await db.query(
    'update deliveries set state = $3, reason = $4 where id = $1 and state = $2 and held_for is null',
    [id, from, to, reason],
  );
  return result.rowCount === 1;
}

/**
 * Publishes on the website: page, delivery, release and attempt change in one transaction, so that a worker killed at any
 * moment has either published once or not at all.
 * @returns the path of the page; the same again when it was published before
 */
export async function publishOnSite(
  store: Store,
  delivery: DeliveryRow,
  page: { slug: string; html: string; mediaIds: number[] },
  now: Date,
): Promise<string> {
  return transaction(store, async (client) => {
    const attempt = await client.query<{ id: number }>(
      'insert into delivery_attempts (office_id, delivery_id) values ($1, $2) returning id',
      [delivery.officeId, delivery.id],
    );
    const { title, summary, type } = delivery.content;
    await client.query(
      `insert into site_articles (office_id, delivery_id, slug, title, summary, html, media_ids, type, published_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (delivery_id) do nothing`,
      [delivery.officeId, delivery.id, page.slug, title, summary, page.html, page.mediaIds, type, now],
    );
    const address = `/news/${page.slug}`;
    await client.query(
      `update deliveries set state = 'published', address = $2, published_at = $3, reason = null where id = $1 and state = 'sending'`,
      [delivery.id, address, now],
    );
    await client.query(`update releases set state = 'published', updated_at = $2 where id = $1`, [
      delivery.releaseId,
      now,
    ]);
    await client.query(
      `update delivery_attempts set finished_at = now(), outcome = 'published' where id = $1`,
      [attempt.rows[0]?.id],
    );
    await tellLive(client, { kind: 'delivery', officeId: delivery.officeId, deliveryId: delivery.id });
    return address;
  });
}

/** A delivery that came too late: told, never sent by itself. The release goes back to its writer. */
export async function missDelivery(store: Store, delivery: DeliveryRow, reason: string): Promise<void> {
  await transaction(store, async (client) => {
    if (!(await moveDelivery(client, delivery.id, delivery.state, 'missed', reason))) return;
    await client.query(
      `update releases set state = 'draft', version = version + 1, updated_at = now() where id = $1`,
      [delivery.releaseId],
    );
    await tellLive(client, { kind: 'delivery', officeId: delivery.officeId, deliveryId: delivery.id });
  });
}
