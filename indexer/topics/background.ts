import { inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import file from '../../config/defaults/starting-vocabulary.json' with { type: 'json' };
import { CELLS, cellOf } from './cells.ts';

const shape = z.object({ from: z.string(), texts: z.int().min(1), cells: z.base64() });

/** Steps of a cell for each factor of e. */
const STEPS = 8;

let shipped: Background | null = null;

/** What other people's texts say, by hash; config/defaults/starting-vocabulary.json says which. All offices share it. */
export function background(): Background {
  if (shipped) return shipped;
  const { texts, cells } = shape.parse(file);
  const levels = new Uint8Array(inflateRawSync(Buffer.from(cells, 'base64')));
  if (levels.length !== CELLS) throw new Error('starting-vocabulary.json holds another number of cells');
  return (shipped = new Background(levels, texts));
}

export class Background {
  readonly #levels: Uint8Array;
  /** Share of the texts by level, half a text for what is in none. */
  readonly #shares: Float64Array;

  constructor(levels: Uint8Array, texts: number) {
    this.#levels = levels;
    this.#shares = Float64Array.from({ length: 256 }, (_, level) => (countOf(level) + 0.5) / (texts + 1));
  }

  /** Part of the texts in which a feature occurs, above 0. */
  share(feature: number): number {
    return this.#shares[this.#levels[cellOf(feature)]!]!;
  }

  /** Counts of so many texts of that kind, to begin with: those of 500 texts know the words that everybody uses. */
  counts(texts: number): Uint16Array {
    return Uint16Array.from(this.#levels, (level) =>
      level === 0 ? 0 : Math.round(this.#shares[level]! * texts),
    );
  }
}

/** @param texts in how many texts a feature occurs */
export function levelOf(texts: number): number {
  return texts === 0 ? 0 : Math.min(255, 1 + Math.round(STEPS * Math.log(texts)));
}

const countOf = (level: number): number => (level === 0 ? 0 : Math.exp((level - 1) / STEPS));
