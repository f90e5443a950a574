import { z } from 'zod';
import formsFile from './defaults/search-forms.json' with { type: 'json' };
import stopFile from './defaults/stop-words.json' with { type: 'json' };
import synonymsFile from './defaults/synonyms.json' with { type: 'json' };

const words = z.array(z.string().min(1));

/** Groups of words of which a search for one finds the others too. */
export const synonyms = z.array(words.min(2)).parse(synonymsFile);

/** Words that stand in nearly every text: a search does not look for them. */
export const stopWords = words.parse(stopFile);

/** What makes a text a question (`ask`), what a question holds beside that no answer does (`filler`), and fields' names. */
export const searchForms = z
  .object({ ask: words, filler: words, fields: z.object({ site: words, title: words }) })
  .parse(formsFile);
