import { randomBytes, randomInt, scrypt as scryptWithCallback, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';

const scrypt = promisify<string, Buffer, number, ScryptOptions, Buffer>(scryptWithCallback);

export const RECOVERY_CODES = 10;

/** Letters and digits that cannot be mistaken for one another on paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 12;

/** 16 MB and some 50 ms for a guess; a code has 59 bits. */
const COST: ScryptOptions = { N: 2 ** 14, r: 8, p: 1, maxmem: 64 * 2 ** 20 };

/** A set of codes, each in groups of four: `k7wd-2mfa-q9ps`. */
export function newRecoveryCodes(): string[] {
  const codes = new Set<string>();
  while (codes.size < RECOVERY_CODES) {
    const plain = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    codes.add(plain.replaceAll(/(.{4})(?!$)/gu, '$1-'));
  }
  return [...codes];
}

/** One salt for a set, so that one hash decides about a code that was typed in. */
export function newSalt(): Buffer {
  return randomBytes(16);
}

/** @returns null when that cannot be a code */
export async function recoveryHash(typed: string, salt: Buffer): Promise<Buffer | null> {
  const plain = typed
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/gu, '');
  return plain.length === LENGTH ? scrypt(plain, salt, 32, COST) : null;
}
