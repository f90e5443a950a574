import { classLabels, labelNames, signNames, type ClassLabel, type Sign } from '../../config/class-names.ts';
import { classWords, HEAVIEST } from '../../config/classes.ts';
import type { ClassRule } from '../classify/classifier.ts';
import { messages } from '../messages.ts';
import { isPersonName } from '../people/names.ts';
import { fold } from '../text/fold.ts';
import { readLines, WrongLine, type ListKind } from './contract.ts';

const words = messages.wordLists;

const MOST = 10_000;
/** In characters; longer ones are sentences. */
const LONGEST = 20;

/** Before the name of a sign, so that it is no word; and between the parts of a word that follow one another. */
const SIGN = '@';
const BETWEEN = /…+|\.{3,}/u;

const labelOf = new Map(classLabels.map((label) => [labelNames[label], label]));
const signOf = new Map((Object.entries(signNames) as [Sign, string][]).map(([sign, name]) => [name, sign]));

/**
 * What speaks for each class, and against it: `[name of the class]` on a line, below it `word weight` line by line. A word may
 * have parts that follow one another (`甲…乙`); `@` stands before a sign.
 */
export const classesList: ListKind<ClassRule[]> = {
  shipped: () =>
    classLabels
      .map((label) =>
        [
          `[${labelNames[label]}]`,
          ...Object.entries(classWords[label]).map(([word, weight]) => `${word} ${weight}`),
        ].join('\n'),
      )
      .join('\n\n'),
  read(body) {
    const seen = new Map<string, number>();
    let label: ClassLabel | undefined;
    const { entries, problems } = readLines(body, MOST, words.tooMany(MOST), (text, line): ClassRule[] => {
      const header = /^[[【](.+)[\]】]$/u.exec(text)?.[1]?.trim();
      if (header !== undefined && !/\s/u.test(header)) {
        label = labelOf.get(header);
        if (!label) throw new WrongLine(words.unknownClass(header, [...labelOf.keys()]));
        return [];
      }
      const [word = '', number, ...rest] = text.split(/\s+/u);
      const weight = Number(number);
      if (number === undefined || rest.length > 0 || !/^[+-]?\d{1,2}(?:\.\d{1,2})?$/u.test(number))
        throw new WrongLine(words.classForm);
      if (Math.abs(weight) > HEAVIEST) throw new WrongLine(words.weight(HEAVIEST));
      if (!label) throw new WrongLine(words.noClass);
      const key = `${label} ${fold(word)}`;
      const first = seen.get(key);
      if (first !== undefined) throw new WrongLine(words.twice(word, first));
      seen.set(key, line);
      return [ruleOf(label, word, weight)];
    });
    return { entries: entries.flat(), problems };
  },
};

let known: ReadonlySet<string> | null = null;

/** Words that were looked at before they were shipped: some are names too. */
function shippedWords(): ReadonlySet<string> {
  return (known ??= new Set(Object.values(classWords).flatMap((each) => Object.keys(each))));
}

function ruleOf(label: ClassLabel, word: string, weight: number): ClassRule {
  if (word.startsWith(SIGN)) {
    const sign = signOf.get(word.slice(SIGN.length));
    if (!sign)
      throw new WrongLine(
        words.unknownSign(
          word,
          [...signOf.keys()].map((name) => SIGN + name),
        ),
      );
    return { label, weight, sign };
  }
  const parts = word.split(BETWEEN);
  if (parts.includes('')) throw new WrongLine(words.emptyPart(word));
  if ([...word].length > LONGEST) throw new WrongLine(words.length(word, LONGEST));
  if (!shippedWords().has(word) && isPersonName(word)) throw new WrongLine(words.person(word));
  return { label, weight, parts: parts.map(fold) };
}
