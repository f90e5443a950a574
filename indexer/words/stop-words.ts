import { stopWords } from '../../config/search-words.ts';
import { messages } from '../messages.ts';
import { readLines, WrongLine, type ListKind } from './contract.ts';

const words = messages.wordLists;

const MOST = 2_000;
const LONGEST = 20;

/** Words that stand in nearly every text, one on a line: a search does not look for them. */
export const stopWordList: ListKind<string[]> = {
  shipped: () => stopWords.join('\n'),
  read(body) {
    const seen = new Map<string, number>();
    return readLines(body, MOST, words.tooMany(MOST), (word, line) => {
      if (/\s/u.test(word)) throw new WrongLine(words.oneWord);
      if ([...word].length > LONGEST) throw new WrongLine(words.length(word, LONGEST));
      const first = seen.get(word);
      if (first !== undefined) throw new WrongLine(words.twice(word, first));
      seen.set(word, line);
      return word;
    });
  },
};
