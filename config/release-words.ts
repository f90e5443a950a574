import { z } from 'zod';
import wordsFile from './defaults/release-words.json' with { type: 'json' };

const word = z.string().min(1);

/**
 * Words to be found in a text. `words`: what stands there → what should (or '': it should not be there at all); `unless`:
 * longer runs in which the same characters are right.
 */
const list = z.object({
  words: z.record(word, z.string()),
  unless: z.record(word, z.array(word)),
  /** Those that nobody may pass. */
  block: z.array(word).default([]),
});
export type WordList = z.infer<typeof list>;

/** What releases are looked through for; the file says what each list is. */
export const releaseWords = z
  .object({
    ...{ wrong: list, sensitive: list, advertising: list, offices: list, secrecyMarks: list },
    /** The first time an office is named in a formal text it is named in full. */
    formal: z.object({ short: z.array(word), full: word }),
    ...{ caseEvidence: z.array(word), caseFacts: z.array(word), convicted: z.array(word) },
    convictedUnless: z.record(word, z.array(word)),
    /** Words of a case in hand, and of one that was decided. */
    ...{ stages: z.array(word), decided: z.array(word) },
    /** What somebody is in a case, as it stands right before the name. */
    people: z.object({
      ...{ protected: z.array(word), minor: z.array(word), accused: z.array(word) },
      /** Who may be one of those, or is only near to them. */
      near: z.array(word),
    }),
    /**
     * What is taken for a name and is none: whole words; what streets end with; words that are surnames too → the characters
     * behind which they are those words (`^`: always).
     */
    notNames: z.object({ words: z.array(word), streets: word, behind: z.record(z.string().length(1), word) }),
    /** Parts of the names of accounts that are no person's. */
    institutions: z.array(word),
    /** Before a number or address of an office that wants to be reached. */
    contact: z.array(word),
  })
  .parse(wordsFile);
