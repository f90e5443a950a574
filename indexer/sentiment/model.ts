import { createHash } from 'node:crypto';
import { BUCKETS, featuresOf } from './features.ts';
import { piecesOf } from './pieces.ts';
import type { SentimentModel, Sentiments } from './types.ts';

/** In the order of the weights. */
export const LABELS = ['negative', 'neutral', 'positive'] as const;
const CLASSES = 3;

/** `JSM1` and two bytes of zero, then the version of the features: tables of another version do not fit. */
const MAGIC = Buffer.from('JSM1\0\0\0\x02', 'latin1');
/** Magic, scale, three biases, as 32-bit floats. */
const HEADER = MAGIC.length + 4 * 4;

/** Size of the file of a model in bytes. */
export const MODEL_BYTES = HEADER + BUCKETS * CLASSES;

/** Scores of one piece, of negative, neutral and positive; before they become probabilities. */
export type Scores = Float64Array;

/**
 * Softmax regression over hashed features: score of a class = bias + Σ weight / √n, n being the features of the piece that the
 * model knows. Weights are whole numbers of one byte times a scale.
 */
export class LinearModel implements SentimentModel {
  readonly #weights: Int8Array;
  readonly #scale: number;
  readonly #bias: Float32Array;
  readonly #bytes: Uint8Array;

  /** @throws Error when the bytes are no model of this version */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== MODEL_BYTES || !MAGIC.equals(bytes.subarray(0, MAGIC.length))) {
      throw new Error('not a sentiment model of this version');
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    this.#scale = view.getFloat32(MAGIC.length, true);
    this.#bias = Float32Array.from(LABELS, (_, at) => view.getFloat32(MAGIC.length + 4 + 4 * at, true));
    this.#weights = new Int8Array(bytes.buffer, bytes.byteOffset + HEADER, BUCKETS * CLASSES);
    this.#bytes = bytes;
  }

  /** SHA-256 of the file: what is built upon a model belongs to this one only. */
  get digest(): Buffer {
    return createHash('sha256').update(this.#bytes).digest();
  }

  judge(analysed: string, words: readonly string[]): Sentiments {
    return judgePieces(analysed, words, (features, scores) => this.score(features, scores));
  }

  /** Scores of a piece with these features, into `scores`. */
  score(features: Uint32Array, scores: Scores): void {
    const weights = this.#weights;
    let negative = 0;
    let neutral = 0;
    let positive = 0;
    let known = 0;
    for (let at = 0; at < features.length; at += 1) {
      const index = (features[at] as number) * CLASSES;
      const a = weights[index] as number;
      const b = weights[index + 1] as number;
      const c = weights[index + 2] as number;
      if (a === 0 && b === 0 && c === 0) continue;
      negative += a;
      neutral += b;
      positive += c;
      known += 1;
    }
    // Of what nobody has ever said anything about nothing is known, not even what is common.
    if (known === 0) return void scores.fill(0);
    const factor = this.#scale / Math.sqrt(known);
    scores[0] = (this.#bias[0] as number) + negative * factor;
    scores[1] = (this.#bias[1] as number) + neutral * factor;
    scores[2] = (this.#bias[2] as number) + positive * factor;
  }
}

/** Pieces after the first count half: titles and first paragraphs are written to tell. */
const LATER = 0.5;

const scores: Scores = new Float64Array(CLASSES);

/** Probabilities of a text of any length: those of its pieces, averaged. */
export function judgePieces(
  analysed: string,
  words: readonly string[],
  score: (features: Uint32Array, scores: Scores) => void,
): Sentiments {
  let negative = 0;
  let positive = 0;
  let total = 0;
  for (const { text, from, to } of piecesOf(analysed, words)) {
    score(featuresOf(text, words, from, to), scores);
    toProbabilities(scores);
    const weight = total === 0 ? 1 : LATER;
    negative += weight * (scores[0] as number);
    positive += weight * (scores[2] as number);
    total += weight;
  }
  negative /= total;
  positive /= total;
  return { negative, neutral: 1 - negative - positive, positive };
}

/** Softmax, in place. */
export function toProbabilities(of: Scores): void {
  const most = Math.max(of[0] as number, of[1] as number, of[2] as number);
  let sum = 0;
  for (let at = 0; at < CLASSES; at += 1) {
    of[at] = Math.exp((of[at] as number) - most);
    sum += of[at] as number;
  }
  for (let at = 0; at < CLASSES; at += 1) of[at] = (of[at] as number) / sum;
}

/**
 * The file of a model: weights rounded to steps of 1/127 of the largest of them, after the few largest are cut.
 * @param weights three of each bucket, as floats
 */
export function encodeModel(weights: Float32Array, bias: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const largest = cutOff(weights);
  const scale = largest / 127;
  const bytes = new Uint8Array(MODEL_BYTES);
  bytes.set(MAGIC);
  const view = new DataView(bytes.buffer);
  view.setFloat32(MAGIC.length, scale, true);
  for (let at = 0; at < CLASSES; at += 1) {
    view.setFloat32(MAGIC.length + 4 + 4 * at, bias[at] as number, true);
  }
  const whole = new Int8Array(bytes.buffer, HEADER);
  for (let at = 0; at < weights.length; at += 1) {
    whole[at] = Math.max(-127, Math.min(127, Math.round((weights[at] as number) / scale)));
  }
  return bytes;
}

/** What all but one in five thousand of the weights stay below: finer steps for them weigh more than the extremes of those. */
function cutOff(weights: Float32Array): number {
  const sizes = weights
    .filter((weight) => weight !== 0)
    .map(Math.abs)
    .sort();
  return sizes[Math.floor(sizes.length * 0.9998)] ?? 1;
}
