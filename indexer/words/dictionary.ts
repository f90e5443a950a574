import { dictionary, type DictionaryEntry } from '../../config/dictionary.ts';
import { messages } from '../messages.ts';
import { isPersonName } from '../people/names.ts';
import { fold } from '../text/fold.ts';
import { readLines, WrongLine, type ListKind } from './contract.ts';

const words = messages.wordLists;

const MOST = 20_000;
/** In characters; longer ones are sentences. */
const LONGEST = 20;
const MOST_FREQUENT = 1_000_000;

/**
 * Words that texts are cut into, beside those of the language and of the law: `word`, and if one likes its frequency (among
 * 60 million words) and a mark of what kind of word it is.
 */
export const dictionaryList: ListKind<DictionaryEntry[]> = {
  shipped: () => dictionary.map(({ word, frequency, tag }) => lineOf(word, frequency, tag)).join('\n'),
  read(body) {
    const seen = new Map<string, number>();
    return readLines(body, MOST, words.tooMany(MOST), (text, line) => {
      const [word = '', ...rest] = text.split(/\s+/u);
      const first = seen.get(fold(word));
      if (first !== undefined) throw new WrongLine(words.twice(word, first));
      if ([...word].length < 2) throw new WrongLine(words.short(word));
      if ([...word].length > LONGEST) throw new WrongLine(words.length(word, LONGEST));
      if (!/^[\p{L}\p{N}·+#.-]+$/u.test(word)) throw new WrongLine(words.notAWord(word));
      if (isPersonName(word)) throw new WrongLine(words.person(word));
      seen.set(fold(word), line);
      return { word, ...restOf(rest) };
    });
  },
};

function restOf(rest: readonly string[]): Omit<DictionaryEntry, 'word'> {
  const [number, tag] = /^\d+$/u.test(rest[0] ?? '') ? rest : [undefined, ...rest];
  if (rest.length > (number === undefined ? 1 : 2)) throw new WrongLine(words.dictionaryForm);
  const frequency = number === undefined ? undefined : Number(number);
  if (frequency !== undefined && (frequency < 1 || frequency > MOST_FREQUENT)) {
    throw new WrongLine(words.frequency(MOST_FREQUENT));
  }
  if (tag !== undefined && !/^[a-z]{1,8}$/iu.test(tag)) throw new WrongLine(words.dictionaryForm);
  return { ...(frequency !== undefined && { frequency }), ...(tag !== undefined && { tag }) };
}

function lineOf(word: string, frequency?: number, tag?: string): string {
  return [word, frequency, tag].filter((part) => part !== undefined).join(' ');
}
