import { cleaning } from '../../config/cleaning.ts';
import { messages } from '../messages.ts';
import { fold, foldInPlace } from '../text/fold.ts';
import { replaceFolded } from './folded.ts';

const escaped = (part: string) => part.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&');
const any = (parts: readonly string[]) => parts.map(escaped).join('|');

const { brands, tails, about } = cleaning.injected;
const INJECTED = new RegExp(`(?:${any(brands)})(?:${any(tails)}){0,12}`, 'gu');
const ABOUT = new RegExp(about, 'u');
const TAIL = new RegExp(`^(?:${any(brands)})(?:${any(tails)})`, 'u');
const HAN = /\p{Script=Han}/u;

/** So near to a name words tell that the text speaks of it. In UTF-16 units. */
const NEAR = 10;

/** From so many on, most of which nothing is said about, all are advertisements, also one that stands near such a word. */
const FLOOD = 3;

/**
 * Takes out names of betting sites that somebody has put into another's page. Where the words around one speak of betting it
 * belongs to the text and stays; a single name without what such advertisements hang on it stays too, unless it stands
 * within a sentence.
 */
export function withoutInjected(text: string): string {
  const folded = foldInPlace(text);
  const found = [...folded.matchAll(INJECTED)].map(({ 0: words, index }) => {
    const end = index + words.length;
    const around = `${folded.slice(Math.max(0, index - NEAR), index)} ${folded.slice(end, end + NEAR)}`;
    const within = HAN.test(folded[index - 1] ?? '') && HAN.test(folded[end] ?? '');
    return { index, end, isSpokenOf: ABOUT.test(around), isPlain: !within && !TAIL.test(words) };
  });
  const foreign = found.filter(({ isSpokenOf }) => !isSpokenOf);
  const isFlood = found.length >= FLOOD && 2 * foreign.length > found.length;
  const cut = isFlood ? found : foreign.length === 1 && foreign[0]?.isPlain ? [] : foreign;
  let result = '';
  let done = 0;
  for (const { index, end } of cut) {
    result += text.slice(done, index);
    done = end;
  }
  return result + text.slice(done);
}

/** A number that a filter has eaten cannot be had again; a mark says that one is missing. */
const LOST = new RegExp(
  // What comes after is looked at first: it is rare.
  cleaning.lost.between.map(({ before, after }) => `(?=${after})(?<=${before})`).join('|'),
  'gu',
);

export function withLostNumbersMarked(text: string): string {
  return replaceFolded(text, LOST, messages.lostNumber);
}

/** `201511月`: the sign between year and month is lost, and can only have been one. */
const JOINED_DATE = /(?<![0-9])((?:19[89]|20[0-4])[0-9])(1[0-2]|0?[1-9])(?=月)/gu;

export function withDatesParted(text: string): string {
  return text.replace(JOINED_DATE, '$1年$2');
}

/** One syllable in brackets after its character. */
const TONED = /(?<=\p{Script=Han})[（(][a-zü]{0,4}[āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜńňǹḿ][a-z]{0,3}[）)]/giu;
const TONELESS =
  /(?<=\p{Script=Han})[（(](?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:[aeo]|ai|ei|ui|ao|ou|iu|ie|ue|er|i|u|v|ü|an|en|in|un|ang|eng|ing|ong|ia|ian|iang|iao|iong|ua|uai|uan|uang|uo)[）)]/giu;

/** So many readings without tones make a text that was spelt out; fewer may be abbreviations. */
const SPELT_OUT_TONELESS = 3;

let COMMON: Set<string> | null = null;

/** The 3,755 characters of the first level of GB 2312: nobody has to be told how they are read. */
function isCommon(character: string): boolean {
  if (COMMON === null) {
    const bytes: number[] = [];
    for (let row = 0xb0; row <= 0xd7; row += 1)
      for (let cell = 0xa1; cell <= 0xfe; cell += 1) bytes.push(row, cell);
    COMMON = new Set(new TextDecoder('gbk').decode(Uint8Array.from(bytes)));
  }
  return COMMON.has(fold(character));
}

/** Takes the readings out of texts that were spelt out for learners, or by a faulty converter; a rare character keeps its. */
export function withoutReadings(text: string): string {
  if (!/[（(][a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿ]{1,7}[）)]/iu.test(text)) return text;
  const toned = [...text.matchAll(TONED)];
  const isSpelt = toned.some(({ index }) => isCommon(text[index - 1] ?? ''));
  if (!isSpelt && (text.match(TONELESS)?.length ?? 0) < SPELT_OUT_TONELESS) return text;
  const bare = text.replace(TONED, (reading, at: number) => (isCommon(text[at - 1] ?? '') ? '' : reading));
  return bare.replace(TONELESS, '');
}

/** Quotation marks and their like whose bytes were read as Windows-1252. */
const MISREAD: Record<string, string> = { œ: '“', '™': '’', '˜': '‘', '“': '–', '”': '—', '¦': '…' };

/** What is left when text was decoded wrongly twice; what stood there is lost, and a box says so. */
const UNREADABLE = /(?:锟斤拷|锟絶|锟|斤拷){2,}|锟斤拷/gu;

export function withMisreadMended(text: string): string {
  const quotes = text.includes('â€')
    ? text.replace(/â€([œ™˜“”¦])|â€(?![a-z])/giu, (_, sign: string | undefined) => MISREAD[sign ?? ''] ?? '”')
    : text;
  return quotes.includes('锟') ? quotes.replace(UNREADABLE, '□') : quotes;
}

const HOTLINE = new RegExp(`^(?:[0-9\\-—()\\[\\]{}:,、/+ ]|转|${any(cleaning.titles.hotline)}){1,60}$`, 'u');
const FURNITURE_TITLES = new Set(cleaning.titles.furniture);

/** A title that is a telephone number, or what a page says where it has none. */
export function isNoTitle(title: string): boolean {
  const folded = foldInPlace(title);
  return FURNITURE_TITLES.has(folded) || (/[0-9]{3}/u.test(folded) && HOTLINE.test(folded));
}
