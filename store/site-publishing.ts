import type { ReleaseContent } from '../config/release-content.ts';
import type { Queryable } from './pool.ts';
import { queuePush } from './site-pushes.ts';

/** A release as its page shows it: rendered, and safe. */
export type SitePage = {
  slug: string;
  /** With host, for search engines; null: the hub's address is not known. */
  address: string | null;
  html: string;
  /** Every file that the page shows, also the attachments. */
  mediaIds: readonly number[];
  /** Picture of lists and cards. */
  imageId: number | null;
};

type Of = { id: number; officeId: number; content: ReleaseContent };

function fields({ content }: Of, { html, mediaIds, imageId }: SitePage): unknown[] {
  const { type, summary, details } = content;
  const { website, keywords, aiAssisted } = details;
  return [
    ...[website.title ?? content.title, summary, html, mediaIds, type, website.column, keywords],
    ...[details.source || null, details.author || null, imageId, aiAssisted],
  ];
}

/**
 * Puts a page up; one that is up already stays as it is, also the one that was withdrawn meanwhile.
 * @param client of the transaction that changes the delivery too
 */
export async function publishOnSite(client: Queryable, of: Of, page: SitePage, now: Date): Promise<void> {
  const made = await client.query(
    `insert into site_articles (office_id, delivery_id, slug, published_at, title, summary, html, media_ids, type, column_key,
       keywords, source, author, image_id, ai_assisted)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict (delivery_id) do nothing`,
    [of.officeId, of.id, page.slug, now, ...fields(of, page)],
  );
  if (made.rowCount === 1 && page.address !== null) await queuePush(client, of.officeId, page.address, now);
}

/** Puts the new text in the page's place, with what was corrected; the same once more changes nothing. */
export async function correctOnSite(
  db: Queryable,
  of: Of,
  page: SitePage,
  note: string,
  now: Date,
): Promise<void> {
  const changed = await db.query(
    `update site_articles set title = $2, summary = $3, html = $4, media_ids = $5, type = $6, column_key = $7, keywords = $8,
       source = $9, author = $10, image_id = $11, ai_assisted = $12, correction = $13, updated_at = $14
     where delivery_id = $1 and withdrawn_at is null
       and (title, summary, html, media_ids, type, column_key, keywords, source, author, image_id, ai_assisted, correction)
         is distinct from ($2, $3, $4, $5::bigint[], $6, $7, $8::text[], $9, $10, $11::bigint, $12::boolean, $13)`,
    [of.id, ...fields(of, page), note, now],
  );
  if (changed.rowCount === 1 && page.address !== null) await queuePush(db, of.officeId, page.address, now);
}

/** The page's address says from now on that there was something, and that it was withdrawn. */
export async function withdrawFromSite(
  db: Queryable,
  deliveryId: number,
  note: string,
  now: Date,
): Promise<void> {
  await db.query(
    `update site_articles set withdrawn_at = $2, withdrawn_note = $3 where delivery_id = $1 and withdrawn_at is null`,
    [deliveryId, now, note],
  );
}

/** Which of the deliveries stand on the website. */
export async function standingOnSite(db: Queryable, deliveryIds: readonly number[]): Promise<Set<number>> {
  const found = await db.query<{ id: number }>(
    `select delivery_id as id from site_articles where delivery_id = any ($1) and withdrawn_at is null`,
    [deliveryIds],
  );
  return new Set(found.rows.map(({ id }) => id));
}
