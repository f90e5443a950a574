import { fieldNames, operatorNames, type TextField, type ValueField } from '../../config/query-words.ts';
import { messages } from '../messages.ts';
import { fold } from '../text/fold.ts';
import { MOST_APART, USUAL_APART } from './query.ts';

const words = messages.watchQuery;

/** A part of a query, with its offsets in it in UTF-16 units. */
export type Token = { start: number; end: number } & (
  | { is: 'open' | 'close' | 'and' | 'or' | 'not' | 'end' }
  | { is: 'near'; within: number }
  | { is: 'field'; field: TextField | ValueField; name: string }
  | { is: 'word'; text: string }
  /** `apart`: how far its words may stand from one another; null: they stand as written. */
  | { is: 'phrase'; text: string; apart: number | null }
);

/** Thrown inside the parser only: it says to whoever asked what is wrong. */
export class Fault {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  constructor(start: number, end: number, message: string) {
    [this.start, this.end, this.message] = [start, end, message];
  }
}

/** Signs as Chinese keyboards write them. */
const SIGNS: Readonly<Record<string, string>> = {
  '（': '(',
  '）': ')',
  '｜': '|',
  '－': '-',
  '−': '-',
  '–': '-',
  '！': '!',
  '：': ':',
  '～': '~',
  '＋': '+',
  '＆': '&',
  '“': '"',
  '”': '"',
  '＂': '"',
  '「': '"',
  '」': '"',
  '『': '"',
  '』': '"',
  '，': ',',
  '、': ',',
  '；': ',',
  ';': ',',
};
/** What ends a word that stands without quotes. */
const ENDS = /[\s()"|&+~,]/u;

const signAt = (query: string, at: number): string => SIGNS[query[at] ?? ''] ?? query[at] ?? '';

/** @throws Fault */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const sign = signAt(query, at);
    if (/\s/u.test(sign)) {
      at += 1;
      continue;
    }
    const token = tokenAt(query, at, sign);
    if (token) tokens.push(token);
    at = token ? token.end : at + 1;
  }
  tokens.push({ is: 'end', start: query.length, end: query.length });
  return tokens;
}

/** Null: a sign that says what a space says too. */
function tokenAt(query: string, start: number, sign: string): Token | null {
  const end = start + 1;
  switch (sign) {
    case '(':
      return { is: 'open', start, end };
    case ')':
      return { is: 'close', start, end };
    case '|':
      return { is: 'or', start, end: signAt(query, end) === '|' ? end + 1 : end };
    case '&':
      return { is: 'and', start, end: signAt(query, end) === '&' ? end + 1 : end };
    case '+':
      return null;
    case '-':
    case '!':
      return { is: 'not', start, end };
    case '"':
      return phraseAt(query, start);
    case ',':
      throw new Fault(start, end, words.comma(query[start] ?? ''));
    case '~':
      throw new Fault(start, end, words.looseTilde);
    case ':':
      throw new Fault(start, end, words.looseColon);
    default:
      return wordAt(query, start);
  }
}

function phraseAt(query: string, start: number): Token {
  let end = start + 1;
  while (end < query.length && signAt(query, end) !== '"') end += 1;
  if (end >= query.length) throw new Fault(start, start + 1, words.openQuote);
  const text = query.slice(start + 1, end);
  end += 1;
  if (signAt(query, end) !== '~') return { is: 'phrase', text, apart: null, start, end };
  const digits = /^\s*([0-9０-９]*)/u.exec(query.slice(end + 1)) as RegExpExecArray;
  const apart = apartOf(digits[1] ?? '', end, end + 1 + digits[0].length);
  return { is: 'phrase', text, apart, start, end: end + 1 + digits[0].length };
}

function wordAt(query: string, start: number): Token {
  let end = start;
  for (; end < query.length && !ENDS.test(signAt(query, end)); end += 1) {
    if (signAt(query, end) !== ':') continue;
    const field = fieldAt(query, start, end);
    if (field) return field;
  }
  const text = query.slice(start, end);
  const lower = fold(text);
  const near = /^([^/]+)\/([^/]*)$/u.exec(lower);
  if ((near ? operatorNames.get(near[1] ?? '') : operatorNames.get(lower)) === 'near') {
    const within = near ? apartOf(near[2] ?? '', start, end) : USUAL_APART;
    return { is: 'near', within, start, end };
  }
  const operator = operatorNames.get(lower);
  if (operator === 'and' || operator === 'or' || operator === 'not') return { is: operator, start, end };
  return { is: 'word', text, start, end };
}

/** The name before a colon; null where the colon belongs to the word (12:30, http://…). */
function fieldAt(query: string, start: number, colon: number): Token | null {
  const name = query.slice(start, colon);
  const field = fieldNames.get(fold(name));
  if (field) return { is: 'field', field, name, start, end: colon + 1 };
  if (!/^[\p{L}-]+$/u.test(name) || query.startsWith('//', colon + 1)) return null;
  throw new Fault(start, colon + 1, words.unknownField(name));
}

function apartOf(digits: string, start: number, end: number): number {
  const apart = Number(digits.normalize('NFKC'));
  if (digits === '' || !(apart >= 0 && apart <= MOST_APART && Number.isInteger(apart)))
    throw new Fault(start, end, words.badDistance(MOST_APART));
  return apart;
}
