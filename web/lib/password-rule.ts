import { commonPasswords } from '../../config/defaults.ts';
import { messages } from './messages.ts';

export type NewPassword = {
  next: string;
  repeat: string;
  /** Whose it is: neither the account's name nor the person's may stand in it. */
  email: string;
  name: string;
};

const MIN = 10;
/** What the hash function is asked to take at the most. */
export const PASSWORD_MAX = 128;
/** GB/T 22239 asks for complexity: three of these four. Characters without case, Chinese ones among them, count as signs. */
const KINDS = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{Ll}\p{Lu}\p{N}]/u];
const KINDS_NEEDED = 3;
const DIFFERENT = 5;

const bases = new Set(commonPasswords.bases);
const whole = new Set(commonPasswords.whole);

/** What is wrong with a new password, in words; null when nothing is. */
export function passwordProblem({ next, repeat, email, name }: NewPassword): string | null {
  const words = messages.password;
  const length = [...next].length;
  if (length < MIN) return words.tooShort;
  if (length > PASSWORD_MAX) return words.tooLong;
  if (KINDS.filter((kind) => kind.test(next)).length < KINDS_NEEDED) return words.oneKind;
  const plain = next.normalize('NFKC').toLowerCase();
  if (names(email, name).some((part) => plain.includes(part))) return words.ownName;
  if (new Set(plain).size < DIFFERENT || isCommon(plain)) return words.common;
  return next === repeat ? null : words.differs;
}

function names(email: string, name: string): string[] {
  const account = email.split('@')[0] ?? '';
  // One Chinese character, or two Latin letters, may stand anywhere by chance.
  return [
    ...(account.length >= 3 ? [account.toLowerCase()] : []),
    ...([...name].length >= 2 ? [name.normalize('NFKC').toLowerCase()] : []),
  ];
}

const LOOKALIKE: Record<string, string> = { '@': 'a', $: 's', '0': 'o', '3': 'e', '5': 's' };

/** Whether it is a common word dressed up (`P@ssw0rd2026!`), or a walk over the keyboard. */
function isCommon(plain: string): boolean {
  if (whole.has(plain)) return true;
  const core = (text: string) => text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const folded = [...plain].map((char) => LOOKALIKE[char] ?? char).join('');
  return (
    bases.has(core(plain)) ||
    bases.has(core(folded)) ||
    bases.has(core(core(plain).replace(/./gu, (char) => LOOKALIKE[char] ?? char)))
  );
}
