/**
 * Where a concern is now that is warned about: grouping may have put its posts into another one since, which is then the same
 * matter. @param now the concern of each post that the warning was raised by; null: in none, or gone
 */
export function movedTo<T>(own: T, now: readonly (T | null)[]): T {
  const counts = new Map<T, number>();
  for (const concern of now) if (concern !== null) counts.set(concern, (counts.get(concern) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  // Half of what is still there: a few that went elsewhere do not take it along.
  const there = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return most && 2 * most[1] > there ? most[0] : own;
}
