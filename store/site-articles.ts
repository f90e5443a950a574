import type { Queryable } from './pool.ts';

/** An article of the website as lists show it. */
export type SiteLine = {
  slug: string;
  title: string;
  summary: string;
  publishedAt: Date;
  /** When it was corrected; null: it stands as it was published. */
  updatedAt: Date | null;
  columnKey: string;
  officeName: string;
};

/** The same with its text, as feeds carry it. */
export type SiteEntry = SiteLine & {
  /** As the page shows it: rendered and escaped when it was published; addresses of files without host. */
  html: string;
  keywords: string[];
  /** Name of the picture's file in addresses (config/media.ts); null: there is none. */
  image: SiteImage | null;
};
export type SiteImage = { id: number; sha256: string; mime: string; alt: string };

/** What a citizen can read on the website. */
export type SiteArticle = SiteEntry & {
  id: number;
  deliveryId: number;
  officeId: number;
  officeCode: string;
  /** Where the text comes from; null: from the office itself. */
  source: string | null;
  author: string | null;
  /** What was corrected, for readers. */
  correction: string | null;
  aiAssisted: boolean;
  mediaIds: number[];
};

const LINE = `a.slug, a.title, a.summary, a.published_at as "publishedAt", a.updated_at as "updatedAt",
  a.column_key as "columnKey", o.name as "officeName"`;
const ENTRY = `${LINE}, a.html, a.keywords, (select jsonb_build_object('id', m.id, 'sha256', m.sha256, 'mime', m.mime, 'alt', m.alt)
  from media m where m.id = a.image_id) as image`;
const ARTICLE = `${ENTRY}, a.id, a.delivery_id as "deliveryId", a.office_id as "officeId", o.code as "officeCode", a.source, a.author, a.correction,
  a.ai_assisted as "aiAssisted", to_jsonb(a.media_ids) as "mediaIds"`;
const FROM = 'site_articles a join offices o on o.id = a.office_id';

export async function siteArticle(db: Queryable, slug: string): Promise<SiteArticle | null> {
  const result = await db.query<SiteArticle>(
    `select ${ARTICLE} from ${FROM} where a.slug = $1 and a.withdrawn_at is null`,
    [slug],
  );
  return result.rows[0] ?? null;
}

/** Which articles a list is of; null: of all columns, of all offices. */
export type SiteList = { column: string | null; officeId: number | null };
const WITHIN = `a.withdrawn_at is null and ($1::text is null or a.column_key = $1) and ($2::int is null or a.office_id = $2)`;

/** A page of a list, the newest first. */
export async function siteArticles(
  db: Queryable,
  { column, officeId }: SiteList,
  { limit, offset = 0 }: { limit: number; offset?: number },
): Promise<SiteLine[]> {
  const result = await db.query<SiteLine>(
    `select ${LINE} from ${FROM} where ${WITHIN} order by a.published_at desc, a.id desc limit $3 offset $4`,
    [column, officeId, Math.min(limit, 200), offset],
  );
  return result.rows;
}

export async function siteArticleCount(db: Queryable, { column, officeId }: SiteList): Promise<number> {
  const result = await db.query<{ count: number }>(
    `select count(*)::int as count from site_articles a where ${WITHIN}`,
    [column, officeId],
  );
  return (result.rows[0] as { count: number }).count;
}

/** The newest articles with their texts. */
export async function siteEntries(
  db: Queryable,
  { column, officeId }: SiteList,
  limit: number,
): Promise<SiteEntry[]> {
  const result = await db.query<SiteEntry>(
    `select ${ENTRY} from ${FROM} where ${WITHIN} order by a.published_at desc, a.id desc limit $3`,
    [column, officeId, Math.min(limit, 100)],
  );
  return result.rows;
}

export type SiteNeighbours = { earlier: SiteLine | null; later: SiteLine | null };

/** The articles of the same column before and after one. */
export async function siteNeighbours(
  db: Queryable,
  { id, columnKey }: Pick<SiteArticle, 'id' | 'columnKey'>,
): Promise<SiteNeighbours> {
  const next = (sign: '<' | '>', order: 'asc' | 'desc') =>
    db.query<SiteLine>(
      `select ${LINE} from ${FROM} where a.withdrawn_at is null and a.column_key = $2
         and (a.published_at, a.id) ${sign} (select b.published_at, b.id from site_articles b where b.id = $1)
       order by a.published_at ${order}, a.id ${order} limit 1`,
      [id, columnKey],
    );
  const [earlier, later] = await Promise.all([next('<', 'desc'), next('>', 'asc')]);
  return { earlier: earlier.rows[0] ?? null, later: later.rows[0] ?? null };
}

/** Articles that share keywords with one, those that share most first. */
export async function relatedArticles(
  db: Queryable,
  { id, keywords }: Pick<SiteArticle, 'id' | 'keywords'>,
  limit = 5,
): Promise<SiteLine[]> {
  if (keywords.length === 0) return [];
  const result = await db.query<SiteLine>(
    `select ${LINE} from ${FROM} where a.withdrawn_at is null and a.keywords && $2 and a.id <> $1
     order by cardinality(array(select unnest(a.keywords) intersect select unnest($2::text[]))) desc, a.published_at desc, a.id desc
     limit $3`,
    [id, keywords, limit],
  );
  return result.rows;
}

/** What is left of an article that was withdrawn: when, and what readers are told in its place. */
export async function withdrawnArticle(
  db: Queryable,
  slug: string,
): Promise<{ withdrawnAt: Date; note: string | null } | null> {
  const result = await db.query<{ withdrawnAt: Date; note: string | null }>(
    `select withdrawn_at as "withdrawnAt", withdrawn_note as note from site_articles
     where slug = $1 and withdrawn_at is not null`,
    [slug],
  );
  return result.rows[0] ?? null;
}

/** Keys of the columns in which something stands. */
export async function filledColumns(db: Queryable, officeId: number | null): Promise<string[]> {
  const result = await db.query<{ key: string }>(
    `select distinct column_key as key from site_articles a where a.withdrawn_at is null and ($1::int is null or a.office_id = $1)`,
    [officeId],
  );
  return result.rows.map(({ key }) => key);
}

/** How many articles of an office stand in each column. */
export async function columnCounts(db: Queryable, officeId: number): Promise<Map<string, number>> {
  const result = await db.query<{ key: string; count: number }>(
    `select column_key as key, count(*)::int as count from site_articles
     where office_id = $1 and withdrawn_at is null group by 1`,
    [officeId],
  );
  return new Map(result.rows.map(({ key, count }) => [key, count]));
}

export type SiteOffice = { id: number; code: string; name: string };

/** The offices of which something stands on the website. */
export async function siteOffices(db: Queryable): Promise<SiteOffice[]> {
  const result = await db.query<SiteOffice>(
    `select o.id, o.code, o.name from offices o
     where exists (select from site_articles a where a.office_id = o.id and a.withdrawn_at is null) order by o.code limit 200`,
  );
  return result.rows;
}

/** An article as sitemaps list it. */
export type SitePlace = { slug: string; title: string; publishedAt: Date; changedAt: Date };
const PLACE = `slug, title, published_at as "publishedAt", coalesce(updated_at, published_at) as "changedAt"`;

/** The parts that a sitemap falls into, by ids, so that a part is the same from day to day; each with its last change. */
export async function sitemapParts(
  db: Queryable,
  size: number,
): Promise<{ part: number; changedAt: Date }[]> {
  const result = await db.query<{ part: number; changedAt: Date }>(
    `select ((id - 1) / $1 + 1)::int as part, max(coalesce(updated_at, published_at)) as "changedAt" from site_articles
     where withdrawn_at is null group by 1 order by 1`,
    [size],
  );
  return result.rows;
}

export async function sitemapPart(db: Queryable, part: number, size: number): Promise<SitePlace[]> {
  const result = await db.query<SitePlace>(
    `select ${PLACE} from site_articles where withdrawn_at is null and id > $1 and id <= $2 order by id`,
    [(part - 1) * size, part * size],
  );
  return result.rows;
}

/** What was published since then, the newest first. */
export async function articlesSince(db: Queryable, since: Date, limit: number): Promise<SitePlace[]> {
  const result = await db.query<SitePlace>(
    `select ${PLACE} from site_articles where withdrawn_at is null and published_at >= $1
     order by published_at desc, id desc limit $2`,
    [since, limit],
  );
  return result.rows;
}
