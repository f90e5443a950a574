import { featureOf } from './features.ts';
import { isWeak, withoutNames } from './fit.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Of one post: what it is about stands at its beginning, and a long article must not count for many. */
const READ = 120;
const WORDS = 16;
const PHRASES = 8;
/** Characters of a phrase of two words. */
const LONGEST = 10;

/**
 * The terms by which a post is counted for hot words: its rarest words, and its rarest pairs of words that stand side by
 * side; each once. No stop words, numbers or names of persons.
 * @param words as `topicWords` makes them
 * @returns at most 24
 */
export function hotTerms(words: readonly string[], vocabulary: Vocabulary): string[] {
  const singles = new Map<string, number>();
  const pairs = new Map<string, number>();
  let before = '';
  for (const word of withoutNames(words.slice(0, READ))) {
    if (isWeak(word)) {
      before = '';
      continue;
    }
    const worth = singles.get(word) ?? vocabulary.rarity(featureOf(word));
    singles.set(word, worth);
    if (before !== '' && before !== word && before.length + word.length <= LONGEST)
      pairs.set(before + word, worth + singles.get(before)!);
    before = word;
  }
  const rarest = (terms: ReadonlyMap<string, number>, most: number) =>
    [...terms]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, most)
      .map(([term]) => term);
  return [...rarest(singles, WORDS), ...rarest(pairs, PHRASES).filter((phrase) => !singles.has(phrase))];
}

/** `usual`: posts in as long a time; `change`: how many times its usual, null where it was never there before. */
export type HotWord = Readonly<{ word: string; posts: number; usual: number; change: number | null }>;

/** A word of fewer posts is none, and so is one that is no more frequent than usual. */
const LEAST = 3;
/** Added to what is usual: a word of three posts after none is not hotter than one of sixty after ten. */
const GROUND = 3;
/** A word that hardly stands outside a phrase is a part of it. */
const PART = 0.7;
/** Words that may stand for others. */
const LOOKED = 300;

/**
 * Words and phrases that are said more than usual, the most unusual first: by posts above the usual in its standard
 * deviations ((posts − usual) / √(usual + 3), counts spread like that), as in indexer/warnings.
 * @param now posts of each term in the period that is looked at
 * @param before the same of the time before
 * @param scale how often the period goes into the time before
 * @param posts posts of both together: usual is what the share of a term lets expect; 0: as many as the period is long
 */
export function hotWords(
  now: ReadonlyMap<string, number>,
  before: ReadonlyMap<string, number>,
  scale: number,
  most: number,
  posts: { now: number; before: number } = { now: 0, before: 0 },
): HotWord[] {
  // A period with twice as many posts has twice as much of every word: that is no news of the word.
  const part = posts.before > 0 && posts.now > 0 ? posts.now / posts.before : 1 / scale;
  const hot: (HotWord & { score: number })[] = [];
  for (const [word, count] of now) {
    const usual = (before.get(word) ?? 0) * part;
    if (count < LEAST || count <= usual) continue;
    const score = (count - usual) / Math.sqrt(usual + GROUND);
    hot.push({ word, posts: count, usual, change: usual === 0 ? null : count / usual, score });
  }
  hot.sort((a, b) => b.score - a.score || b.word.length - a.word.length || (a.word < b.word ? -1 : 1));
  const looked = hot.slice(0, LOOKED);
  const isPart = (one: HotWord) =>
    looked.some(
      ({ word, posts: count }) => word !== one.word && word.includes(one.word) && count >= PART * one.posts,
    );
  const whole = looked.filter((one) => !isPart(one)).slice(0, most);
  return whole.map(({ word, posts: count, usual, change }) => ({ word, posts: count, usual, change }));
}
