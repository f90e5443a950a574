import type { Queryable } from './pool.ts';

/**
 * Adds to how often pages of the website were opened, in the hour of the database's clock. Any scope may: pages that do not
 * stand are left out.
 * @param views by the delivery that put the page up
 */
export async function countViews(db: Queryable, views: ReadonlyMap<number, number>): Promise<void> {
  await db.query('select count_views($1, $2)', [[...views.keys()], [...views.values()]]);
}

/** How often the pages of these deliveries were opened so far; one that nobody has opened is not among them. */
export async function viewsOf(db: Queryable, deliveryIds: readonly number[]): Promise<Map<number, number>> {
  const found = await db.query<{ id: number; views: number }>(
    `select delivery_id as id, sum(views)::int as views from site_views where delivery_id = any ($1) group by 1`,
    [deliveryIds],
  );
  return new Map(found.rows.map(({ id, views }) => [id, views]));
}
