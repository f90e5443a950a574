import { z } from 'zod';
import caseWordsFile from './defaults/case-words.json' with { type: 'json' };
import frequentFile from './defaults/frequent-words.json' with { type: 'json' };
import namesFile from './defaults/names.json' with { type: 'json' };

const word = z.string().min(1);

/** How names of persons are made; the file says what each list is and where it is from. */
export const nameData = z
  .object({
    ...{ surnames: word, rareAsNames: word, compound: z.array(z.string().length(2)) },
    ...{ given: word, givenFirst: word, neverGiven: word, transliteration: word, elements: z.array(word) },
    wordsLikeNames: z.record(z.string().length(1), word),
    commonWords: z.record(z.string().length(1), word),
    neverBehindRoles: z.record(z.string().length(1), word),
    rareWords: z.record(z.string().length(1), word),
    likeThree: z.array(z.string().length(3)),
    notGiven: z.array(z.string().length(2)),
    publicNames: z.array(word),
    neverNames: z.array(z.string().length(2)),
    ...{ minority: word, rareSurnames: word, japanese: z.array(z.string().length(2)) },
  })
  .parse(namesFile);

/** Words by which it is told whose name a name is. */
export const caseWords = z
  .object({
    ...{ strong: z.array(word), people: z.array(word), weak: z.array(word), author: z.array(word) },
    ...{ officialBefore: z.array(word), officialAfter: z.array(word), officialVerbs: z.array(word) },
    ...{
      identity: z.array(word),
      inCase: z.array(word),
      weakAfter: z.array(word),
      placeAfter: z.array(word),
      follow: z.array(word),
      followOne: word,
      suit: z.array(word),
      suitTwice: z.array(word),
    },
  })
  .parse(caseWordsFile);

/** Frequent words of two characters, by the first. */
export const frequentWords = z
  .object({ words: z.record(z.string().length(1), word) })
  .parse(frequentFile).words;
