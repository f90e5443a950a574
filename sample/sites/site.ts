import type { Item, SiteKey, World } from '../story/types.ts';

export interface SiteRequest {
  /** Path without the query, already decoded by nobody. */
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface SiteResponse {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  /** Moment of the newest content, for Last-Modified; only lists and feeds have one. */
  readonly modified?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SiteContext {
  readonly world: World;
  readonly clock: () => number;
  /** `http://127.0.0.1:<port>`, for the absolute addresses that feeds must hold. */
  readonly origin: string;
}

/** A site is a function; it knows nothing of sockets, conditional requests or compression. */
export type Site = (request: SiteRequest) => SiteResponse;

const robots = 'User-agent: *\nAllow: /\nDisallow: /user/\n';

/** What every site answers, before its own pages are asked. */
export function commonPages(request: SiteRequest): SiteResponse | undefined {
  if (request.path === '/robots.txt') return { status: 200, type: 'text/plain; charset=utf-8', body: robots };
  return undefined;
}

export function html(body: string, modified?: number): SiteResponse {
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    body,
    ...(modified === undefined ? {} : { modified }),
  };
}

/** The newest first, a page at a time; undefined past the end. The first page always exists. */
export function pageOf<T>(
  list: readonly T[],
  page: number,
  size: number,
): { rows: T[]; pages: number } | undefined {
  const pages = Math.max(1, Math.ceil(list.length / size));
  if (page < 1 || page > pages) return undefined;
  const end = list.length - (page - 1) * size;
  return { rows: list.slice(Math.max(0, end - size), end).reverse(), pages };
}

/** The newest `count` of a list sorted by time, newest first. */
export function newest<T>(list: readonly T[], count: number): T[] {
  return list.slice(-count).reverse();
}

/** What stands by itself on a site: no replies, no comments. */
export function standing(world: World, site: SiteKey, until: number): readonly Item[] {
  const all = world.items(site, until);
  let known = standingBy.get(all);
  if (!known) standingBy.set(all, (known = all.filter((item) => item.threadId === undefined)));
  return known;
}
const standingBy = new WeakMap<readonly Item[], readonly Item[]>();
