import type { Queryable } from './pool.ts';

/** What a citizen can read on the website. */
export type SiteArticle = {
  slug: string;
  title: string;
  summary: string;
  /** The text as the page shows it: rendered and escaped when it was published. */
  html: string;
  publishedAt: Date;
  officeName: string;
};

const COLUMNS = `a.slug, a.title, a.summary, a.html, a.published_at as "publishedAt", o.name as "officeName"`;

export async function siteArticle(db: Queryable, slug: string): Promise<SiteArticle | null> {
  const result = await db.query<SiteArticle>(
    `select ${COLUMNS} from site_articles a join offices o on o.id = a.office_id
     where a.slug = $1 and a.withdrawn_at is null`,
    [slug],
  );
  return result.rows[0] ?? null;
}

/** The newest articles that stand on the site. */
export async function siteArticles(db: Queryable, limit = 50): Promise<SiteArticle[]> {
  const result = await db.query<SiteArticle>(
    `select ${COLUMNS} from site_articles a join offices o on o.id = a.office_id
     where a.withdrawn_at is null order by a.published_at desc limit $1`,
    [Math.min(limit, 200)],
  );
  return result.rows;
}
