import { z } from 'zod';
import { similarity } from '../../indexer/dedupe/similarity.ts';
import { sketchOf } from '../../indexer/dedupe/sketch.ts';
import { fold } from '../../indexer/text/fold.ts';
import { repeats } from '../../store/sketches.ts';
import { check } from './check.ts';

const pair = z.object({ one: z.string(), other: z.string() });

/**
 * `{one, other}` → `{similarity, same}`: how alike two texts are, 0 to 1, and whether the later one would be linked to the
 * other as a copy.
 */
export function trial(input: unknown): unknown {
  const { one, other } = check(pair, input);
  const [a, b] = [fold(one), fold(other)];
  const [first, second] = [sketchOf(a), sketchOf(b)];
  return { similarity: similarity(a, b), same: first !== null && second !== null && repeats(first, second) };
}
