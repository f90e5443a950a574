import { inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import file from '../../config/defaults/starting-vocabulary.json' with { type: 'json' };
import { CELLS } from './cells.ts';

const shape = z.object({ from: z.string(), texts: z.int().min(1), cells: z.base64() });

let shipped: { cells: Uint8Array; texts: number } | null = null;

/**
 * In how many of some hundreds of Chinese texts a feature occurs, by hash: enough to know the words that everybody uses
 * before an office has posts of its own, and so few that these soon outweigh it. config/defaults/starting-vocabulary.json
 * says of which texts. Not to be changed: all offices share it.
 */
export function startingVocabulary(): { readonly cells: Uint8Array; readonly texts: number } {
  if (shipped) return shipped;
  const { texts, cells } = shape.parse(file);
  const counts = new Uint8Array(inflateRawSync(Buffer.from(cells, 'base64')));
  if (counts.length !== CELLS) throw new Error('starting-vocabulary.json holds another number of cells');
  return (shipped = { texts, cells: counts });
}
