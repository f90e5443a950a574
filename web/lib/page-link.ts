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
