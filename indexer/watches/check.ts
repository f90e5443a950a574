import { caseWords } from '../../config/names.ts';
import { isPersonName } from '../people/names.ts';
import { personalData } from '../redaction/find.ts';
import type { RedactionType } from '../redaction/types.ts';
import { messages } from '../messages.ts';
import { names } from './names.ts';
import { faultAt, parseQuery } from './parser.ts';
import type { ParsedQuery, Query } from './query.ts';

const words = messages.watchQuery;

/**
 * Reads a query as `parseQuery` does, and refuses one that looks for a person: a name, a handle, a number that belongs to
 * somebody. A watch is about an institution, a kind of work or an issue.
 */
export function checkQuery(query: string): ParsedQuery {
  const parsed = parseQuery(query, names);
  if ('fault' in parsed) return parsed;
  for (const { text, start, end } of written(parsed.query)) {
    const why = whyPersonal(text);
    if (why !== null) return { fault: faultAt(query, start, end, why) };
  }
  return parsed;
}

/** Why a word, a name or a subject may not be that of a watch; null: it may. */
export function whyPersonal(text: string): string | null {
  if (/[@＠]/u.test(text)) return words.handle;
  const parts = text.split(/[\s*?＊？"“”]+/u).filter((part) => part !== '');
  const named = [...parts, parts.join('')].map(withoutRole).find(isPersonName);
  if (named !== undefined) return words.person(named);
  const found = personalData(text).filter(({ type }) => !OF_INSTITUTIONS.has(type));
  const name = found.find(({ type }) => type === 'name');
  if (name) return words.person(text.slice(name.start, name.end));
  return found.length > 0 || hasLongNumber(text) ? words.personal : null;
}

/** What redaction takes out beside a person, and what by itself is a place or a school. */
const OF_INSTITUTIONS: ReadonlySet<RedactionType> = new Set(['address', 'school', 'birth-date']);

const roles = [
  ...caseWords.officialBefore,
  ...caseWords.officialAfter,
  ...caseWords.strong,
  ...caseWords.people,
]
  // The longest that fits is meant.
  .toSorted((a, b) => b.length - a.length);

/** What is left beside an office or a part in a case: a name, if anything. */
function withoutRole(text: string): string {
  const before = roles.find((role) => text.startsWith(role));
  if (before !== undefined) return text.slice(before.length);
  const after = roles.find((role) => text.endsWith(role));
  return after === undefined ? text : text.slice(0, text.length - after.length);
}

/**
 * Seven digits and more, however they are parted and with wildcards for some, are somebody's number; those of hotlines
 * (400, 800, 95…, 96…) are an institution's.
 */
function hasLongNumber(text: string): boolean {
  for (const [run] of text.normalize('NFKC').matchAll(/\d[\d*?\s-]{5,}/gu)) {
    const digits = run.replace(/[^\d*?]/gu, '');
    if (digits.length >= 7 && !/^(?:[48]00|9[56])/u.test(digits)) return true;
  }
  return false;
}

/** Everything that a query has in its writer's own words. */
function* written(query: Query): Generator<{ text: string; start: number; end: number }> {
  if (query.is === 'term') yield { ...query.term, text: query.term.written };
  else if (query.is === 'near') {
    for (const term of query.of.flat()) yield { ...term, text: term.written };
  } else if (query.is === 'value') {
    if (query.field === 'outlet') yield { ...query, text: query.value };
  } else if (query.is === 'not') yield* written(query.of);
  else for (const each of query.of) yield* written(each);
}
