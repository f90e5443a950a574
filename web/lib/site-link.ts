import { resolve } from '$app/paths';

/** A page of a list of the public website, by its path. `column`: its key; `office`: code of the only office whose articles are shown. */
export function listLink(
  column: string | null,
  { office = null, page = 1 }: { office?: string | null; page?: number } = {},
): string {
  const path =
    column === null ? resolve('/(public)/news') : resolve('/(public)/news/columns/[key]', { key: column });
  const query = new URLSearchParams([
    ...(office === null ? [] : [['office', office]]),
    ...(page === 1 ? [] : [['page', String(page)]]),
  ]).toString();
  return query === '' ? path : `${path}?${query}`;
}
