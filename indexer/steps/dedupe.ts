import { createHash } from 'node:crypto';
import type { Step } from './types.ts';

/** Shorter sentences are said by many independently ("支持检察院！"): they do not make two posts the same. */
const LEAST = 18;

/**
 * The same number for texts that repeat each other: taken over the longest sentence, so that a changed title, an added
 * source line or a cut end does not hide a reprint. The store links a post to the first one with its number.
 */
export const dedupe: Step = (post) => ({ ...post, fingerprint: fingerprint(post.text) });

/** @returns a signed 64-bit number, or null when the text is too short to tell */
export function fingerprint(text: string): bigint | null {
  let longest = '';
  for (const sentence of text.split(/[。！？!?；;\n]/u)) {
    const bare = sentence.replace(/[^\p{L}\p{N}]+/gu, '');
    if (bare.length > longest.length) longest = bare;
  }
  if (longest.length < LEAST) return null;
  return createHash('sha256').update(longest).digest().readBigInt64LE(0);
}
