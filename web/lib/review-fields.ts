import type { ReviewField } from '../../store/reviews.ts';
import { classes } from './messages/classes.ts';
import { reviewMessages } from './messages/reviews.ts';
import { messages } from './messages.ts';

/** One of the values that a field may have; null: none. */
export type Choice = { value: string | null; label: string };

const none: Choice = { value: null, label: reviewMessages.none };
const of = (names: Readonly<Record<string, string>>): Choice[] =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

const all: Partial<Record<ReviewField, Choice[]>> = {
  sentiment: of(messages.sentiments),
  line: [...of(classes.lines), none],
  voice: [...of(classes.voices), none],
  relevance: of(classes.relevances),
};

/** What a field may be, in the order of its keys; null: it is not chosen from a list. */
export function choicesOf(field: ReviewField): Choice[] | null {
  return all[field] ?? null;
}

/** The keys that answer, in the order of the choices: digits, then letters that mean nothing else there. */
export const choiceKeys = [...'123456789abcdefgh'];

/** Which keys answer when there are so many choices: `1–3`, `1–9、a–c`. */
export function keysFor(choices: number): string {
  const last = choiceKeys[choices - 1] ?? '';
  return choices <= 9 ? `1–${last}` : `1–9${reviewMessages.and}a–${last}`;
}

/** The value that a form has sent; undefined when it is none of the field's. */
export function readChoice(field: ReviewField, sent: string): string | null | undefined {
  return choicesOf(field)?.find(({ value }) => (value ?? '') === sent)?.value;
}

/** A value in words; of a place its code, which the server puts into words. */
export function labelOf(field: ReviewField, value: string | null): string {
  const choice = choicesOf(field)?.find((each) => each.value === value);
  return choice?.label ?? value ?? reviewMessages.none;
}
