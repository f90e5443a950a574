/** Pages for citizens: no cookie is read or set there. */
export function isPublic(routeId: string | null): boolean {
  return routeId !== null && routeId.startsWith('/(public)/');
}

/** Asked by programs, which get their answers as JSON. */
export function isApi(pathname: string): boolean {
  return pathname.startsWith('/api/');
}

/** The token that a program shows; empty: none. */
export function bearerOf(request: Request): string {
  return /^Bearer +(\S+)$/iu.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';
}

/** A path with those of its parameters that there are. */
export function withQuery(path: string, parameters: Record<string, string | null>): string {
  const given = Object.entries(parameters).filter((each): each is [string, string] => each[1] !== null);
  return given.length > 0 ? `${path}?${new URLSearchParams(given).toString()}` : path;
}

/**
 * Where to go after signing in: a path of this site, or the overview. `//host` and `/\host` look like paths and are
 * not, so that the browser's own reading decides.
 */
export function safeReturn(to: string | null, origin: string): string {
  if (!to?.startsWith('/')) return '/';
  const url = URL.parse(to, origin);
  if (url?.origin !== origin || url.pathname.startsWith('/sign-')) return '/';
  return url.pathname + url.search;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a person at this very machine has typed another of its names (`localhost` for `127.0.0.1`). Forms would be
 * refused there as foreign, so that the page is shown under the address that the hub goes by. Behind a proxy the
 * address is a public one and the question does not arise.
 */
export function isAlias(host: string | null, address: string): boolean {
  const own = new URL(address);
  const asked = host === null ? null : URL.parse(`${own.protocol}//${host}`);
  if (!asked || asked.host === own.host) return false;
  return LOOPBACK.has(own.hostname) && LOOPBACK.has(asked.hostname) && asked.port === own.port;
}

export function isTheme(value: string | undefined): value is 'light' | 'dark' {
  return value === 'light' || value === 'dark';
}
