/**
 * The query as it is handed on to where a page has moved: without what was said once, of something done there, and without the
 * name of a form action.
 */
export function handedOn(url: { search: string }): string {
  const params = new URLSearchParams(url.search);
  for (const name of [...params.keys()]) {
    if (name.startsWith('/') || name === 'said' || name === 'act') params.delete(name);
  }
  return params.size > 0 ? `?${params}` : '';
}

/**
 * The page's own address with some of its parameters changed, relative to it.
 * @param changes null takes a parameter out
 */
export function withParams(url: { search: string }, changes: Record<string, string | null>): string {
  const params = new URLSearchParams(url.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) params.delete(name);
    else params.set(name, value);
  }
  return `?${params}`;
}
