type Key = string | number;

/** Sizes of the true and of the found groups, and of what they have in common. */
function table(truth: readonly Key[], found: readonly Key[]) {
  const counted = <T>(keys: readonly T[]) => {
    const counts = new Map<T, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  };
  return {
    trues: counted(truth),
    founds: counted(found),
    both: counted(truth.map((key, n) => `${key}\t${found[n]}`)),
  };
}

/** B-cubed (Bagga and Baldwin 1998): mean over posts of how much of its group is of its kind, and of its kind in its group. */
export function bCubed(truth: readonly Key[], found: readonly Key[]) {
  const { trues, founds, both } = table(truth, found);
  let [precision, recall] = [0, 0];
  truth.forEach((key, n) => {
    const common = both.get(`${key}\t${found[n]}`)! / truth.length;
    precision += common / founds.get(found[n]!)!;
    recall += common / trues.get(key)!;
  });
  return { precision, recall, f: (2 * precision * recall) / (precision + recall) };
}

/** V-measure (Rosenberg and Hirschberg 2007): harmonic mean of homogeneity and completeness. */
export function vMeasure(truth: readonly Key[], found: readonly Key[]): number {
  const { trues, founds, both } = table(truth, found);
  const entropy = (counts: ReadonlyMap<Key, number>) => {
    let sum = 0;
    for (const count of counts.values()) sum -= (count / truth.length) * Math.log(count / truth.length);
    return sum;
  };
  const [ofTruth, ofFound, ofBoth] = [entropy(trues), entropy(founds), entropy(both)];
  const homogeneity = ofTruth === 0 ? 1 : 1 - (ofBoth - ofFound) / ofTruth;
  const completeness = ofFound === 0 ? 1 : 1 - (ofBoth - ofTruth) / ofFound;
  return (2 * homogeneity * completeness) / (homogeneity + completeness);
}

/** Adjusted Rand index (Hubert and Arabie 1985): 1 for the same groups, about 0 for chance. */
export function adjustedRand(one: readonly Key[], other: readonly Key[]): number {
  const { trues, founds, both } = table(one, other);
  const pairs = (counts: ReadonlyMap<Key, number>) => {
    let sum = 0;
    for (const count of counts.values()) sum += (count * (count - 1)) / 2;
    return sum;
  };
  const [a, b] = [pairs(trues), pairs(founds)];
  const expected = (a * b) / ((one.length * (one.length - 1)) / 2);
  return (pairs(both) - expected) / ((a + b) / 2 - expected);
}
