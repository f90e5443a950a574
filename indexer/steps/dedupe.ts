import { createHash } from 'node:crypto';
import type { Step } from './types.ts';

/** Shorter sentences are said by many independently ("支持检察院！"): they do not make two posts the same. */
const LEAST = 18;

/** Sentences shorter than this say too little to be compared; more than so many are not needed to tell. */
const LEAST_COMPARED = 6;
const MOST_COMPARED = 200;

/**
 * What texts that repeat each other have in common although a title was changed, a source line added or the end cut: the
 * longest sentence finds them, the hashes of all sentences then decide (in the store, next to the posts that are there).
 */
export const dedupe: Step = (post) => ({ ...post, ...sketch(post.text) });

/**
 * @returns `fingerprint`, a signed 64-bit number of the longest sentence, null when the text is too short to tell; and
 *   the distinct signed 32-bit numbers of its sentences in order
 */
export function sketch(text: string): { fingerprint: bigint | null; sentences: number[] } {
  let longest = '';
  const sentences = new Set<number>();
  for (const sentence of text.split(/[。！？!?；;\n]/u)) {
    const bare = sentence.replace(/[^\p{L}\p{N}]+/gu, '');
    if (bare.length > longest.length) longest = bare;
    if (bare.length >= LEAST_COMPARED && sentences.size < MOST_COMPARED)
      sentences.add(hash(bare).readInt32LE(0));
  }
  return {
    fingerprint: longest.length < LEAST ? null : hash(longest).readBigInt64LE(0),
    sentences: [...sentences],
  };
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
