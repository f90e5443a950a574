import { fullTime } from './format.ts';
import { auditMessages } from './messages/audit.ts';

/** One field of what an act was about: how it was, and how it is now. Null: it was not there. */
export type Change = { field: string; before: string | null; after: string | null; changed: boolean };

const words = auditMessages.entry;

/** What an act changed, field by field, inner fields by their path. */
export function difference(before: unknown, after: unknown): Change[] {
  const [was, is] = [flat(before), flat(after)];
  return [...new Set([...was.keys(), ...is.keys()])].map((field) => {
    const change = { before: was.get(field) ?? null, after: is.get(field) ?? null };
    return { field, ...change, changed: change.before !== change.after };
  });
}

/** Deeper than this, values are shown as they are written. */
const DEEPEST = 3;

function flat(value: unknown, path: string[] = [], into = new Map<string, string>()): Map<string, string> {
  if (value === null && path.length === 0) return into;
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && path.length < DEEPEST) {
    for (const [name, inner] of Object.entries(value)) flat(inner, [...path, name], into);
  } else into.set(path.join('.'), inWords(value));
  return into;
}

function inWords(value: unknown): string {
  if (value === null || value === '') return words.empty;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'string' && Object.hasOwn(auditMessages.values, value))
    return auditMessages.values[value] ?? value;
  if (typeof value === 'string')
    return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? fullTime(new Date(value)) : value;
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object'))
    return value.length === 0 ? words.empty : value.map(inWords).join(words.list);
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** A field's path in words: `after.title` is the title. */
export function fieldName(path: string): string {
  return path
    .split('.')
    .map((name) => auditMessages.fields[name] ?? name)
    .join(' · ');
}
