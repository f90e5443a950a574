/**
 * The concern of each group after texts were grouped anew: of a group that had one beforehand that one, of others the one that
 * most of their texts were of, so that a concern goes on under its number.
 * @param places the group of each text, and `before` the concern it was of
 * @param named concerns of the groups that had one beforehand: these are the first groups
 * @param to the group that each group is a part of now
 * @param open gives a new number
 */
export function nameGroups(
  places: readonly number[],
  before: readonly number[],
  named: readonly number[],
  to: Int32Array,
  open: () => number,
): { names: number[]; absorbed: { concern: number; into: number }[] } {
  const names: number[] = [];
  const absorbed: { concern: number; into: number }[] = [];
  // What absorbs keeps its name.
  named.forEach((concern, place) => {
    if (to[place] === place) names[place] = concern;
  });
  named.forEach((concern, place) => {
    const into = (names[to[place]!] ??= concern);
    if (into !== concern) absorbed.push({ concern, into });
  });
  const taken = new Set(named);
  for (const { place, concern } of byTexts(places, before)) {
    if (names[place] !== undefined || taken.has(concern)) continue;
    names[place] = concern;
    taken.add(concern);
  }
  for (const place of places) names[place] ??= open();
  return { names, absorbed };
}

/** Groups with concerns that they have texts in common with: the most texts first, of as many the older concern. */
function byTexts(places: readonly number[], before: readonly number[]) {
  const common = new Map<string, { place: number; concern: number; texts: number }>();
  places.forEach((place, n) => {
    const concern = before[n]!;
    const key = `${place} ${concern}`;
    const pair = common.get(key);
    if (pair) pair.texts += 1;
    else common.set(key, { place, concern, texts: 1 });
  });
  return [...common.values()].sort((a, b) => b.texts - a.texts || a.concern - b.concern || a.place - b.place);
}
