import {
  ELEMENT,
  elements,
  FOREIGN,
  GIVEN,
  GIVEN_FIRST,
  isWord,
  kinds,
  plain,
  RARE,
  surnameAt,
} from './lexicon.ts';

const DOTTED = /^\p{Script=Han}{1,7}(?:[·•・‧∙．]\p{Script=Han}{1,7}){1,3}$/u;
const MASKED = /^\p{Script=Han}{1,2}某{1,2}[甲乙丙丁戊己庚辛壬癸\d]?$/u;
/** Share of the characters of a foreign name that lists know. */
const MOSTLY = 0.6;

const ADDRESSED = /^(?:先生|女士|小姐|太太|大爷|大妈|阿姨|叔叔|同学|某)$/u;

/**
 * Whether a term is the name of one person: a surname and a given name, a foreign or minority name, a name that is masked
 * ("张某某") or goes with a form of address. For watches, which must not name people; a word of the language that could
 * be a name too ("高峰") is none, and so is an institution or a place.
 */
export function isPersonName(term: string): boolean {
  const text = plain(term.trim().replace(/^["“「『]|["”」』]$/gu, ''));
  if (text.length < 2 || text.length > 24) return false;
  if (DOTTED.test(text)) return isForeign(text.replace(/[·•・‧∙．]/gu, ''));
  const surname = surnameAt(text, 0);
  if (surname > 0 && MASKED.test(text)) return true;
  if (surname > 0 && ADDRESSED.test(text.slice(surname))) return true;
  if (isOfElements(text)) return true;
  return surname > 0 && isHanName(text, surname);
}

/** Whether there is something in it that stands for a name ("某某"). */
export function holdsMaskedName(text: string): boolean {
  return text.includes('某');
}

/** Whether the whole text is a surname of that length and one or two characters of given names. */
function isHanName(text: string, surname: number): boolean {
  const given = text.length - surname;
  if (given < 1 || given > 2) return false;
  if (surname === 1 && isWord(text, 0, text.length)) return false;
  if (given === 1) return surname === 2 || (has(text, surname, GIVEN) && !has(text, 0, RARE));
  return has(text, surname, GIVEN | GIVEN_FIRST) && has(text, surname + 1, GIVEN);
}

/** Two parts of minority names or more, and nothing else ("扎西次仁"). */
function isOfElements(text: string): boolean {
  let end = 0;
  let parts = 0;
  while (end >= 0 && end < text.length) {
    end = elements.after(text, end);
    parts += 1;
  }
  return end === text.length && (parts > 1 || text.length > 2);
}

function has(text: string, at: number, kind: number): boolean {
  return (kinds[text.charCodeAt(at)]! & kind) !== 0;
}

/** Mostly of characters that names are written with: "检察·故事" is none. */
function isForeign(text: string): boolean {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) if (has(text, at, FOREIGN | GIVEN | ELEMENT)) count += 1;
  return count >= text.length * MOSTLY;
}
