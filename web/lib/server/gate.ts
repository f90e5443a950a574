/** Routes that anybody may ask for; whatever is not named here needs a person who is signed in. */
export function isOpen(routeId: string | null): boolean {
  if (routeId === null) return false;
  return isPublic(routeId) || OPEN.has(routeId);
}

/** Pages for citizens: no cookie is read or set there. */
export function isPublic(routeId: string | null): boolean {
  return routeId !== null && routeId.startsWith('/(public)/');
}

const OPEN = new Set(['/sign-in', '/health', '/ready']);

/** All that a person with a first password can do is to change it, or to leave. */
export function mayBeforePasswordChange(routeId: string | null): boolean {
  return routeId === '/(desk)/account/password' || routeId === '/sign-out';
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

export function isTheme(value: string | undefined): value is 'light' | 'dark' {
  return value === 'light' || value === 'dark';
}
