import { createHash, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';

const BYTES = 32;
/** A drawn key has about 30 different bytes; one with fewer than this was typed, not drawn. */
const FEWEST_DIFFERENT = 12;

/** A new key, as it is put into the environment. */
export function drawKey(): string {
  return randomBytes(BYTES).toString('base64url');
}

/**
 * A key as people write it: 64 hexadecimal digits, or base64 of 32 bytes in either alphabet.
 * @returns base64 without padding; null when it is none of these, or was not drawn
 */
export function parseKey(text: string): string | null {
  const trimmed = text.trim();
  const bytes = /^[0-9a-f]{64}$/iu.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[\w+/-]{43}=?$/u.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : null;
  if (bytes?.length !== BYTES || new Set(bytes).size < FEWEST_DIFFERENT) return null;
  return bytes.toString('base64url');
}

/** Names a key without telling anything of it. */
export function keyId(key: string): string {
  return createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').slice(0, 8);
}

/** A key of its own for each use, so that what one use gives away is of no help against another. */
export function subkey(master: Buffer, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', master, 'jiansheng', use, BYTES)));
}
