/** What a concern is called, and the sentences that say what it is about: all taken from its posts. */

/** Words of a phrase, and characters: shorter says nothing, longer is a sentence. */
const MOST_WORDS = 6;
const SHORTEST = 4;
const LONGEST = 18;
/** A phrase of fewer of the texts is what one of them says. */
const LEAST_SHARE = 0.1;

/** How much a word says, 0 for one that is everywhere. */
export type Rarity = (word: string) => number;

/**
 * The phrase that most of the texts have in common and that says most: how many texts have it times the rarity of its words.
 * @param texts words as cutWords makes them
 * @param isWeak words that a phrase neither begins nor ends with
 * @returns null where texts have no phrase in common
 */
export function keyPhrase(
  texts: readonly (readonly string[])[],
  rarity: Rarity,
  isWeak: (word: string) => boolean,
): string | null {
  const counts = new Map<string, { texts: number; last: number; worth: number; at: number }>();
  texts.forEach((words, text) => {
    for (let from = 0; from < words.length; from += 1) {
      if (words[from] === '' || isWeak(words[from]!)) continue;
      let phrase = '';
      let worth = 0;
      for (let to = from; to < words.length && to < from + MOST_WORDS && words[to] !== ''; to += 1) {
        phrase += words[to]!;
        if (phrase.length > LONGEST) break;
        worth += isWeak(words[to]!) ? 0 : rarity(words[to]!);
        if (phrase.length < SHORTEST || isWeak(words[to]!)) continue;
        const known = counts.get(phrase);
        if (!known) counts.set(phrase, { texts: 1, last: text, worth, at: counts.size });
        else if (known.last !== text) [known.texts, known.last] = [known.texts + 1, text];
      }
    }
  });
  const least = Math.max(2, LEAST_SHARE * texts.length);
  let best: string | null = null;
  let most = 0;
  for (const [phrase, { texts: holding, worth }] of counts) {
    if (holding < least) continue;
    // What a word more costs in texts it has to bring in rarity: otherwise the longest of all would win by its length.
    const score = holding * Math.sqrt(worth);
    if (score > most) [best, most] = [phrase, score];
  }
  return best;
}

/**
 * What a concern is called: the phrase that its texts have in common, else the beginning of the sentence that is nearest to
 * all of them.
 */
export function labelOf(phrase: string | null, sentence: string | undefined): string | null {
  if (phrase !== null || sentence === undefined) return phrase;
  const clause = /^[^，,：:。！？!?；;]+/u.exec(sentence)?.[0] ?? sentence;
  return clause.length <= LONGEST ? clause : `${clause.slice(0, LONGEST - 1)}…`;
}

const SENTENCE = /[^。！？!?；;\n]+[。！？!?]?/gu;
const FROM = 6;
const UNTIL = 80;
/** Of a sentence's pairs of characters so many may stand in one that was taken before. */
const OVERLAP = 0.4;

/**
 * Up to `most` sentences that are nearest to what all posts of the concern speak of and that do not repeat one another.
 * @param closeness mean cosine of a sentence with the posts
 */
export function keySentences(
  texts: readonly string[],
  closeness: (sentence: string) => number,
  most: number,
): string[] {
  const sentences = new Set<string>();
  for (const text of texts)
    for (const [found] of text.matchAll(SENTENCE)) {
      const sentence = found.trim();
      if (sentence.length >= FROM && sentence.length <= UNTIL) sentences.add(sentence);
    }
  const ranked = [...sentences].map((sentence) => ({ sentence, worth: closeness(sentence) }));
  ranked.sort((a, b) => b.worth - a.worth || (a.sentence < b.sentence ? -1 : 1));
  const taken: string[] = [];
  for (const { sentence } of ranked) {
    if (taken.length === most) break;
    if (taken.every((other) => overlap(sentence, other) <= OVERLAP)) taken.push(sentence);
  }
  return taken;
}

function overlap(one: string, other: string): number {
  let common = 0;
  for (let at = 0; at + 1 < one.length; at += 1) if (other.includes(one.slice(at, at + 2))) common += 1;
  return common / (one.length - 1);
}
