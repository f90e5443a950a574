/** Words of a phrase, and characters: shorter says nothing, longer is a sentence. */
const MOST_WORDS = 7;
const SHORTEST = 4;
const LONGEST = 18;
/** So many characters tell what it is about; fewer are often one word only. */
const FULL = 7;
/** A tag is what people call it themselves. */
const TAG = 2;
/** A phrase of fewer of the texts is what one of them says. */
const LEAST_SHARE = 0.05;
/** A longer phrase that so many of the texts have too is the whole of which the shorter is a part. */
const WHOLE = 0.8;

/** What tells phrases from fragments, and what people may read from what they may not. */
export type Judge = Readonly<{
  /** How much a word says, 0 for one that is everywhere. */
  rarity(word: string): number;
  /** Words that a phrase neither begins nor ends with. */
  isWeak(word: string): boolean;
  /** Words that stand between phrases and belong to none. */
  isStop(word: string): boolean;
  /** Whether a phrase may be shown: names of private persons may not. */
  isFit(phrase: string, words: readonly string[]): boolean;
}>;

type Phrase = {
  words: readonly string[];
  /** Texts that have it, and the last one of them. */
  texts: number;
  last: number;
  /** How often it stands there, and how often with a clause's edge or a stop word on both sides. */
  times: number;
  whole: number;
  worth: number;
};

/**
 * The phrase that says most of what the texts have in common: of rare words that many of the texts have, itself in several of
 * them, more where it stands by itself and does not run on.
 * @param texts words in order, an empty word where a clause ends
 * @param tags phrases that people have marked as what they speak of
 * @returns null where texts have no phrase in common
 */
export function keyPhrase(
  texts: readonly (readonly string[])[],
  judge: Judge,
  tags: ReadonlySet<string> = new Set(),
): string | null {
  const phrases = new Map<string, Phrase>();
  const worth = worths(texts, judge);
  texts.forEach((words, text) => {
    countPhrases(words, text, phrases, worth, tags, judge);
  });
  const least = Math.max(2, LEAST_SHARE * texts.length);
  const ranked = [...phrases]
    .filter(([, { texts: holding }]) => holding >= least)
    .map(([phrase, counts]) => ({
      phrase,
      counts,
      score: scoreOf(phrase, counts) * (tags.has(phrase) ? TAG : 1),
    }))
    .sort((a, b) => b.score - a.score || (a.phrase < b.phrase ? -1 : 1));
  const best = ranked.find(({ phrase, counts }) => judge.isFit(phrase, counts.words));
  if (!best) return null;
  let whole = best;
  for (const other of ranked) {
    const isLonger = other.phrase.length > whole.phrase.length && other.phrase.includes(best.phrase);
    if (!isLonger || other.counts.texts < WHOLE * best.counts.texts) continue;
    if (judge.isFit(other.phrase, other.counts.words)) whole = other;
  }
  return whole.phrase;
}

/** A word more has to say as much as those before it: otherwise the longest of all would win by its length. */
function scoreOf(phrase: string, { texts, worth, words, whole, times }: Phrase): number {
  const saying = worth / Math.sqrt(words.length + 1);
  const standing = 0.5 + whole / times;
  return Math.sqrt(texts) * saying * standing * Math.min(1, phrase.length / FULL);
}

/** What each word says of the texts together: its rarity, by the share of them that have it. */
function worths(texts: readonly (readonly string[])[], { rarity }: Judge): Map<string, number> {
  const worth = new Map<string, number>();
  for (const words of texts)
    for (const word of new Set(words)) worth.set(word, (worth.get(word) ?? 0) + rarity(word) / texts.length);
  return worth;
}

function countPhrases(
  words: readonly string[],
  text: number,
  phrases: Map<string, Phrase>,
  worths: ReadonlyMap<string, number>,
  tags: ReadonlySet<string>,
  { isWeak, isStop }: Judge,
): void {
  const isEdge = (at: number) => at < 0 || at >= words.length || words[at] === '' || isStop(words[at]!);
  for (let from = 0; from < words.length; from += 1) {
    if (words[from] === '') continue;
    const begins = !isWeak(words[from]!);
    let phrase = '';
    let worth = 0;
    for (let to = from; to < words.length && to < from + MOST_WORDS && words[to] !== ''; to += 1) {
      phrase += words[to]!;
      if (phrase.length > LONGEST) break;
      const ends = !isWeak(words[to]!);
      if (ends) worth += worths.get(words[to]!)!;
      if (phrase.length < SHORTEST || !((begins && ends) || tags.has(phrase))) continue;
      let known = phrases.get(phrase);
      if (!known) {
        known = { words: words.slice(from, to + 1), texts: 0, last: -1, times: 0, whole: 0, worth };
        phrases.set(phrase, known);
      }
      if (known.last !== text) [known.texts, known.last] = [known.texts + 1, text];
      known.times += 1;
      if (isEdge(from - 1) && isEdge(to + 1)) known.whole += 1;
    }
  }
}

/**
 * What a concern is called: the phrase that its texts have in common, else the beginning of the sentence that is nearest to
 * all of them.
 */
export function labelOf(phrase: string | null, sentence: string | undefined): string | null {
  if (phrase !== null || sentence === undefined) return phrase;
  const clause = /^[^，,：:。！？!?；;]+/u.exec(sentence)?.[0] ?? sentence;
  const units = [...clause];
  return units.length <= LONGEST ? clause : `${units.slice(0, LONGEST - 1).join('')}…`;
}
