import { valueNames, type TextField, type ValueField } from '../../config/query-words.ts';
import { messages } from '../messages.ts';
import { fold } from '../text/fold.ts';
import { Fault, tokensOf, type Token } from './lexer.ts';
import {
  MOST_CHARACTERS,
  MOST_DEPTH,
  MOST_TERMS,
  type ParsedQuery,
  type Query,
  type QueryFault,
  type Term,
} from './query.ts';
import { phraseTerm, wordTerm } from './terms.ts';

const words = messages.watchQuery;

/** What places and business lines are called. */
export type Names = {
  /** GB/T 2260 codes that a name may mean. */
  place(name: string): readonly string[];
  /** The key of a line. */
  line(name: string): string | null;
  lines: readonly string[];
};

/**
 * Reads a query. Never throws: what is wrong is said with its column.
 *
 *     any  = all { ("OR" | "|" | 或) all }
 *     all  = not { ["AND" | "&" | "+" | 且] not }
 *     not  = ("NOT" | "-" | "!" | 非) not | near
 *     near = one { "NEAR/n" one }
 *     one  = "(" any ")" | field ":" one | '"words"' [ "~n" ] | word
 */
export function parseQuery(query: string, names: Names): ParsedQuery {
  try {
    if ([...query].length > MOST_CHARACTERS) throw new Fault(0, query.length, words.tooLong(MOST_CHARACTERS));
    const parser = new Parser(query, tokensOf(query), names);
    const found = parser.whole();
    return { query: found, terms: parser.terms };
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return { fault: faultAt(query, fault.start, fault.end, fault.message) };
  }
}

const graphemes = new Intl.Segmenter('zh-CN', { granularity: 'grapheme' });

/** A fault with the column that a person would point at. */
export function faultAt(query: string, start: number, end: number, message: string): QueryFault {
  let column = 1;
  for (const { index, segment } of graphemes.segment(query)) if (index + segment.length <= start) column += 1;
  return { column, start, end, message };
}

class Parser {
  readonly terms: Term[] = [];
  readonly #query: string;
  readonly #tokens: readonly Token[];
  readonly #names: Names;
  #at = 0;
  #depth = 0;
  #values = 0;
  #field: Extract<Token, { is: 'field' }> | null = null;

  constructor(query: string, tokens: readonly Token[], names: Names) {
    [this.#query, this.#tokens, this.#names] = [query, tokens, names];
  }

  whole(): Query {
    if (this.#next.is === 'end') throw new Fault(0, this.#query.length, words.empty);
    const found = this.#any();
    const rest = this.#next;
    if (rest.is === 'close') throw new Fault(rest.start, rest.end, words.looseClose);
    const open = unbounded(found);
    if (open) throw new Fault(open.start, open.end, open.not ? words.onlyNot : words.onlyValues);
    return found;
  }

  get #next(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #take(): Token {
    const token = this.#next;
    this.#at += 1;
    return token;
  }

  #any(): Query {
    const of = [this.#all()];
    while (this.#next.is === 'or') {
      this.#take();
      of.push(this.#all());
    }
    return of.length === 1 ? (of[0] as Query) : { is: 'any', of };
  }

  #all(): Query {
    const of = [this.#not()];
    for (;;) {
      const { is } = this.#next;
      if (is === 'or' || is === 'close' || is === 'end') break;
      if (is === 'and') this.#take();
      of.push(this.#not());
    }
    return of.length === 1 ? (of[0] as Query) : { is: 'all', of };
  }

  #not(): Query {
    const token = this.#next;
    if (token.is !== 'not') return this.#near();
    this.#take();
    const of = this.#deeper(token, () => this.#not());
    return { is: 'not', of, start: token.start, end: this.#tokens[this.#at - 1]?.end ?? token.end };
  }

  #near(): Query {
    const first = this.#one();
    const near = this.#next;
    if (near.is !== 'near') return first;
    const of = [this.#together(first, near)];
    for (let next = this.#next; next.is === 'near'; next = this.#next) {
      if (next.within !== near.within) throw new Fault(next.start, next.end, words.mixedDistance);
      this.#take();
      of.push(this.#together(this.#one(), next));
    }
    return { is: 'near', of, within: near.within };
  }

  /** What may stand near something: words, or a choice of them. */
  #together(query: Query, near: Token): Term[] {
    if (query.is === 'term') return [query.term];
    if (query.is !== 'any') throw new Fault(near.start, near.end, words.nearWhat);
    return query.of.flatMap((each) => this.#together(each, near));
  }

  #one(): Query {
    const token = this.#take();
    switch (token.is) {
      case 'open':
        return this.#deeper(token, () => this.#bracket(token));
      case 'field':
        return this.#inField(token);
      case 'word':
        return this.#field && isValue(this.#field.field) ? this.#value(token, token.text) : this.#word(token);
      case 'phrase':
        return this.#field && isValue(this.#field.field)
          ? this.#value(token, token.text)
          : this.#phrase(token);
      case 'end':
        throw this.#missing(token);
      case 'close':
        throw new Fault(token.start, token.end, this.#depth > 0 ? words.emptyBracket : words.looseClose);
      case 'and':
      case 'or':
      case 'not':
      case 'near':
        throw new Fault(token.start, token.end, words.missingWord(this.#query.slice(token.start, token.end)));
    }
  }

  /** Something was to come, and the query is at its end: what asked for it is where the mistake is. */
  #missing(end: Token): Fault {
    const last = this.#tokens[this.#at - 2] ?? end;
    return new Fault(last.start, last.end, words.missingAfter(this.#query.slice(last.start, last.end)));
  }

  #bracket(open: Token): Query {
    const found = this.#any();
    if (this.#next.is !== 'close') throw new Fault(open.start, open.end, words.openBracket);
    this.#take();
    return found;
  }

  #inField(token: Extract<Token, { is: 'field' }>): Query {
    const outer = this.#field;
    if (outer) throw new Fault(token.start, token.end, words.fieldInField(outer.name));
    this.#field = token;
    const found = this.#one();
    this.#field = null;
    return found;
  }

  #deeper(token: Token, read: () => Query): Query {
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH) throw new Fault(token.start, token.end, words.tooDeep(MOST_DEPTH));
    const found = read();
    this.#depth -= 1;
    return found;
  }

  get #part(): TextField | null {
    return this.#field && !isValue(this.#field.field) ? this.#field.field : null;
  }

  #word(token: Token & { text: string }): Query {
    return { is: 'term', term: this.#keep(wordTerm(token.text, token, this.#part), token) };
  }

  #phrase(token: Extract<Token, { is: 'phrase' }>): Query {
    const { text, apart } = token;
    if (apart === null) return { is: 'term', term: this.#keep(phraseTerm(text, token, this.#part), token) };
    const parts = text.split(/\s+/u).filter((part) => part !== '');
    if (parts.length < 2) throw new Fault(token.start, token.end, words.apartOne);
    const of = parts.map((part) => [this.#keep(phraseTerm(part, token, this.#part), token)]);
    return { is: 'near', of, within: apart };
  }

  #keep(term: Term, token: Token): Term {
    this.terms.push(term);
    this.#count(token);
    return term;
  }

  #count(token: Token): void {
    if (this.terms.length + this.#values > MOST_TERMS) {
      throw new Fault(token.start, token.end, words.tooMany(MOST_TERMS));
    }
  }

  #value(token: Token, text: string): Query {
    const { field, name } = this.#field as { field: ValueField; name: string };
    const value = this.#valueOf(field, name, fold(text).trim(), token);
    if (value === null) {
      throw new Fault(token.start, token.end, words.unknownValue(name, text, this.#known(field)));
    }
    this.#values += 1;
    this.#count(token);
    return { is: 'value', field, value, start: token.start, end: token.end };
  }

  #valueOf(field: ValueField, name: string, text: string, token: Token): string | null {
    if (field === 'outlet') return text === '' ? null : text;
    if (field === 'line') return this.#names.line(text);
    if (field !== 'place') return valueNames[field]?.get(text) ?? null;
    if (/^\d{2}(?:\d{2}){0,2}$/u.test(text)) return trimmed(text);
    const [code, ...others] = this.#names.place(text);
    if (others.length > 0) throw new Fault(token.start, token.end, words.severalPlaces(name, text));
    return code === undefined ? null : trimmed(code);
  }

  /** What people may choose from; the keys themselves are for programs. */
  #known(field: ValueField): readonly string[] {
    if (field === 'line') return this.#names.lines;
    return [...(valueNames[field]?.keys() ?? [])].filter((each) => !/^[a-z]/u.test(each));
  }
}

/** A division stands for all below it: the zeros at the end of its code say nothing. */
function trimmed(code: string): string {
  return code.replace(/(?:00){1,2}$/u, '');
}

function isValue(field: TextField | ValueField): field is ValueField {
  return field !== 'title' && field !== 'text';
}

/**
 * The part of a query that would match nearly everything: one that only says what must not be there, or only of what kind
 * a post is. A business line and a place are subjects by themselves.
 */
function unbounded(query: Query): { start: number; end: number; not: boolean } | null {
  switch (query.is) {
    case 'term':
    case 'near':
      return null;
    case 'value':
      return query.field === 'line' || query.field === 'place' ? null : { ...query, not: false };
    case 'not':
      return { ...query, not: true };
    case 'any':
      return query.of.map(unbounded).find((open) => open !== null) ?? null;
    case 'all': {
      const open = query.of.map(unbounded);
      return open.includes(null) ? null : (open[0] ?? null);
    }
  }
}
