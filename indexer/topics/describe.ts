import { personalData } from '../redaction/find.ts';
import { cutWords } from '../steps/segment.ts';
import { analysed } from '../steps/simplify.ts';
import type { Segmenter } from '../text/segmenter.ts';
import type { Concerns } from './concerns.ts';
import { featureOf, featuresOf } from './features.ts';
import { hasMask, isStop, isWeak, namesNobody } from './fit.ts';
import { Group } from './group.ts';
import { keyPhrase, labelOf } from './label.ts';
import { keySentences, type KeySentence } from './sentences.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What a concern is called, sentences that say what it is about, and words that set it apart (weight: 0 to 1). */
export type Description = Readonly<{
  label: string | null;
  sentences: readonly KeySentence[];
  words: readonly Readonly<{ word: string; weight: number }>[];
}>;

const SENTENCES = 3;
const WORDS = 12;
const TAG = /#([^#\s]{2,30})#/gu;
/** Of a long text, in UTF-16 units: what it is about stands at its beginning. */
const READ = 600;
/** A word of fewer of the texts is no word of the concern. */
const LEAST_SHARE = 0.1;

/**
 * Describes a concern in the words of its posts. Some fifty are enough: the latest, and the most copied. Takes some milliseconds.
 * @param posts title and text as stored: redacted
 */
export function describe(
  posts: readonly { id: number; title: string | null; text: string }[],
  { vocabulary }: Pick<Concerns, 'vocabulary'>,
  segmenter: Segmenter,
): Description {
  // Tags stand apart from what is around them.
  const cut = (title: string | null, text: string) =>
    cutWords(analysed(title, text.slice(0, READ)).replaceAll('#', '\n'), segmenter);
  const texts = posts.map(({ title, text }) => cut(title, text));
  const group = new Group();
  for (const words of texts) group.add(vocabulary.vector(featuresOf(words)), 0);
  const rarity = (word: string) => (word.length > 1 ? vocabulary.rarity(featureOf(word)) : 0);
  const tags = new Set(
    posts.flatMap(({ text }) =>
      [...analysed(null, text.slice(0, READ)).matchAll(TAG)].map(([, tag]) => tag!),
    ),
  );
  const phrase = keyPhrase(texts, { rarity, isWeak, isStop, isFit: namesNobody }, tags);
  const sentences = keySentences(
    posts.map(({ id, title, text }) => ({ id, text: `${title ?? ''}\n${text.slice(0, READ)}` })),
    (sentence) => group.likeness(vocabulary.vector(featuresOf(cut(null, sentence)))),
    (sentence) => !hasMask(sentence) && personalData(sentence).length === 0,
    SENTENCES,
  );
  const label = labelOf(phrase === null ? null : asWritten(phrase, posts), sentences[0]?.text);
  return { label, sentences, words: keyWords(texts, vocabulary) };
}

/** Words are read in lower case: as the posts write it. */
function asWritten(phrase: string, posts: readonly { title: string | null; text: string }[]): string {
  if (!/[a-z]/u.test(phrase)) return phrase;
  for (const { title, text } of posts)
    for (const written of [title ?? '', text]) {
      const at = written.toLowerCase().indexOf(phrase);
      if (at >= 0) return written.slice(at, at + phrase.length);
    }
  return phrase;
}

function keyWords(texts: readonly (readonly string[])[], vocabulary: Vocabulary) {
  const holding = new Map<string, number>();
  for (const words of texts)
    for (const word of new Set(words)) if (!isWeak(word)) holding.set(word, (holding.get(word) ?? 0) + 1);
  const least = Math.max(2, LEAST_SHARE * texts.length);
  const ranked = [...holding]
    .filter(([word, count]) => count >= least && namesNobody(word, [word]))
    .map(([word, count]) => ({
      word,
      worth: (count / texts.length) * vocabulary.rarity(featureOf(word)),
    }))
    .sort((a, b) => b.worth - a.worth || (a.word < b.word ? -1 : 1))
    .slice(0, WORDS);
  const most = ranked[0]?.worth ?? 1;
  return ranked.map(({ word, worth }) => ({ word, weight: Math.round((100 * worth) / most) / 100 }));
}
