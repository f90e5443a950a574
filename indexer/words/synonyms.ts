import { synonyms } from '../../config/search-words.ts';
import { messages } from '../messages.ts';
import { readLines, WrongLine, type ListKind } from './contract.ts';

const words = messages.wordLists;

const MOST = 5_000;
const LONGEST = 20;
const MOST_IN_GROUP = 30;

/** Groups of words that mean the same, one on a line: `甲 = 乙 = 丙`. Who searches for one finds the others too. */
export const synonymList: ListKind<string[][]> = {
  shipped: () => synonyms.map((group) => group.join(' = ')).join('\n'),
  read: (body) =>
    readLines(body, MOST, words.tooMany(MOST), (text) => {
      const group = text.split('=').map((word) => word.trim());
      if (group.length < 2 || group.length > MOST_IN_GROUP || group.includes('')) {
        throw new WrongLine(words.synonymForm(MOST_IN_GROUP));
      }
      const long = group.find((word) => [...word].length > LONGEST);
      if (long !== undefined) throw new WrongLine(words.length(long, LONGEST));
      const twice = group.find((word, at) => group.indexOf(word) !== at);
      if (twice !== undefined) throw new WrongLine(words.synonymSame(twice));
      return group;
    }),
};
