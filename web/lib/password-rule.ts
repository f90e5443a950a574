import { messages } from './messages.ts';

export type NewPassword = { current: string; next: string; repeat: string };

const MIN = 10;
const MAX = 128;
const KINDS = [/\p{L}/u, /\p{N}/u, /[^\p{L}\p{N}]/u];

/** What is wrong with a new password, in words; null when nothing is. */
export function passwordProblem({ current, next, repeat }: NewPassword): string | null {
  const words = messages.password;
  const length = [...next].length;
  if (length < MIN) return words.tooShort;
  if (length > MAX) return words.tooLong;
  if (KINDS.filter((kind) => kind.test(next)).length < 2) return words.oneKind;
  if (next === current) return words.same;
  return next === repeat ? null : words.differs;
}
