import { cleaning } from '../../config/cleaning.ts';
import { messages } from '../messages.ts';
import { foldInPlace } from '../text/fold.ts';
import { replaceFolded } from './folded.ts';

const escaped = (part: string) => part.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&');
const any = (parts: readonly string[]) => parts.map(escaped).join('|');

const { brands, tails, about } = cleaning.injected;
const INJECTED = new RegExp(`(?:${any(brands)})(?:${any(tails)}){0,12}`, 'gu');
const ABOUT = new RegExp(about, 'u');
const TAIL = new RegExp(`^(?:${any(brands)})(?:${any(tails)})`, 'u');
const GLUED = /[\p{Script=Han}]/u;

/**
 * Takes out names of betting sites that somebody has put into another's page. Where the text is about betting they are
 * its words and stay; a single name without what such advertisements hang on it stays too, unless it breaks a sentence.
 */
export function withoutInjected(text: string): string {
  const folded = foldInPlace(text);
  if (ABOUT.test(folded)) return text;
  const found = [...folded.matchAll(INJECTED)];
  const isOne = ({ 0: words, index }: RegExpExecArray) =>
    TAIL.test(words) ||
    (GLUED.test(folded[index - 1] ?? '') && GLUED.test(folded[index + words.length] ?? ''));
  if (found.length < 2 && !found.some(isOne)) return text;
  return replaceFolded(text, INJECTED, '');
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

/** From so many on it is a page that was spelt out, and not a rare character explained to readers. */
const SPELT_OUT = 2;
const SPELT_OUT_TONELESS = 3;

/** Takes the readings out of texts that were spelt out for learners, or by a faulty converter. */
export function withoutReadings(text: string): string {
  if (!/[（(][a-zāáǎàōóǒòēéěèīíǐìūúǔùüǖǘǚǜńňǹḿ]{1,7}[）)]/iu.test(text)) return text;
  const toned = text.match(TONED)?.length ?? 0;
  const toneless = text.match(TONELESS)?.length ?? 0;
  const isSpelt = toned > 0 ? toned + toneless >= SPELT_OUT : toneless >= SPELT_OUT_TONELESS;
  return isSpelt ? text.replace(TONED, '').replace(TONELESS, '') : text;
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
