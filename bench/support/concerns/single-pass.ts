/** How a plain single pass is to run: cosine to be reached, what texts are told by, and how long ago (ms) a group may have ended. */
export type SinglePass = { threshold: number; by: 'words' | 'pairs'; window?: number };

/**
 * What is compared with: single-pass TF-IDF (INCR; Yang et al. 1998). Each post joins the group whose mean vector is nearest
 * when its cosine reaches the threshold. IDF is that of all posts, which a program that runs live could not know.
 * @returns the group of each post
 */
export function singlePass(
  posts: readonly { at: number; words: readonly string[] }[],
  { threshold, by, window = Infinity }: SinglePass,
): number[] {
  const texts = posts.map(({ words }) =>
    by === 'words' ? words.filter((word) => word.length > 1) : pairsOf(words),
  );
  const holding = new Map<string, number>();
  for (const text of texts) for (const term of new Set(text)) holding.set(term, (holding.get(term) ?? 0) + 1);
  const groups: { sum: Map<string, number>; squares: number; last: number }[] = [];
  const index = new Map<string, Set<number>>();
  return texts.map((text, n) => {
    const vector = weighted(text, (term) => Math.log((1 + texts.length) / (1 + holding.get(term)!)) + 1);
    const products = new Map<number, number>();
    for (const [term, weight] of vector)
      for (const group of index.get(term) ?? [])
        products.set(group, (products.get(group) ?? 0) + weight * groups[group]!.sum.get(term)!);
    const { at } = posts[n]!;
    let [best, most] = [-1, threshold];
    for (const [group, product] of products) {
      const cosine = product / Math.sqrt(groups[group]!.squares);
      if (cosine >= most && Math.abs(at - groups[group]!.last) <= window) [best, most] = [group, cosine];
    }
    if (best < 0) best = groups.push({ sum: new Map(), squares: 0, last: at }) - 1;
    const group = groups[best]!;
    group.last = at;
    for (const [term, weight] of vector) {
      const old = group.sum.get(term) ?? 0;
      group.sum.set(term, old + weight);
      group.squares += (old + weight) ** 2 - old ** 2;
      const list = index.get(term);
      if (list) list.add(best);
      else index.set(term, new Set([best]));
    }
    return best;
  });
}

function pairsOf(words: readonly string[]): string[] {
  const text = words.join('');
  return Array.from({ length: Math.max(0, text.length - 1) }, (_, n) => text.slice(n, n + 2));
}

function weighted(terms: readonly string[], rarity: (term: string) => number): Map<string, number> {
  const vector = new Map<string, number>();
  for (const term of terms) vector.set(term, (vector.get(term) ?? 0) + 1);
  let squares = 0;
  for (const [term, times] of vector) {
    vector.set(term, times * rarity(term));
    squares += (times * rarity(term)) ** 2;
  }
  for (const [term, weight] of vector) vector.set(term, weight / Math.sqrt(squares));
  return vector;
}
