import { z } from 'zod';
import dictionaryFile from './defaults/dictionary.json' with { type: 'json' };
import lawTermsFile from './defaults/law-terms.json' with { type: 'json' };

const word = z.string().min(1);

/** A word of the user dictionary. `frequency` beside those of 60 million running words; `tag` is kept and not used. */
const dictionaryEntry = z.object({ word, frequency: z.int().min(1).optional(), tag: word.optional() });

export type DictionaryEntry = z.infer<typeof dictionaryEntry>;

/** Words that texts are cut into beside those of the language and of the law; a hub may have its own. */
export const dictionary: readonly DictionaryEntry[] = z.array(dictionaryEntry).parse(dictionaryFile);

/** Words of the law; the file says where they are from. */
export const lawTerms: readonly string[] = z.object({ words: z.array(word) }).parse(lawTermsFile).words;
