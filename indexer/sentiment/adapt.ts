import { judgePieces, LABELS, LinearModel, toProbabilities, type Scores } from './model.ts';
import { firstFeatures, randomFrom } from './train.ts';
import type { Adaptation, Example, SentimentModel } from './types.ts';

const CLASSES = 3;

/** Features fall into 2^15 of the adaptation's own buckets: what people corrected is small. */
const BUCKETS = 1 << 15;

/** `JSA1`, then the SHA-256 of the model that it belongs to, a scale and three biases. */
const MAGIC = Buffer.from('JSA1', 'latin1');
const DIGEST = 32;
const HEADER = MAGIC.length + DIGEST + 4 * 4;

/**
 * Small steps and a pull back to nothing: what the shipped model has learnt from tens of thousands of posts holds wherever
 * the examples do not speak against it.
 */
const EPOCHS = 8;
const RATE = 0.1;
const FIRST_SQUARE = 0.02;
const DECAY = 1e-3;
const SEED = 1;
const FOLDS = 5;

/** Steps of a weight of an adaptation as it is stored. */
const STEPS = 127;

/** What the model scores, and the features, of an example; each is read once for all folds. */
type Read = { features: Uint32Array; base: Scores; label: number };

/** What is added to the scores of the model. */
type Delta = { weights: Float32Array; bias: Float64Array };

/**
 * Fits a model to what people said about posts here: a second, small regression whose scores are added to those of the model.
 * The shares are measured by five-fold cross-validation, so that no example is judged by an adaptation that has seen it.
 * The same examples in the same order give the same bytes. No words of the examples are in them.
 * @throws Error when the model is not one that ships with the program
 */
export function adapt(model: SentimentModel, examples: readonly Example[]): Adaptation {
  const base = linear(model);
  const read = examples.map((example) => readExample(base, example));
  let before = 0;
  let after = 0;
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const kept = read.filter((_, at) => at % FOLDS !== fold);
    const delta = fit(kept);
    read.forEach((each, at) => {
      if (at % FOLDS !== fold) return;
      if (isRight(each, null)) before += 1;
      if (isRight(each, delta)) after += 1;
    });
  }
  const n = examples.length;
  const bytes = encode(fit(read), base);
  return {
    model: withAdaptation(model, bytes),
    bytes,
    before: n === 0 ? 0 : before / n,
    after: n === 0 ? 0 : after / n,
    n,
  };
}

/**
 * A model with an adaptation that `adapt` made for it.
 * @throws Error when the bytes were made for another model
 */
export function withAdaptation(model: SentimentModel, bytes: Uint8Array): SentimentModel {
  const base = linear(model);
  const isOurs = bytes.length === HEADER + BUCKETS * CLASSES && MAGIC.equals(bytes.subarray(0, MAGIC.length));
  if (!isOurs || !base.digest.equals(bytes.subarray(MAGIC.length, MAGIC.length + DIGEST))) {
    throw new Error('not an adaptation of this sentiment model');
  }
  const delta = decode(bytes);
  return {
    judge: (analysed, words) =>
      judgePieces(analysed, words, (features, scores) => {
        base.score(features, scores);
        addTo(scores, features, delta);
      }),
  };
}

/** Whether `adapt` made these bytes for this very model. */
export function isAdaptationOf(model: SentimentModel, bytes: Uint8Array): boolean {
  return (
    bytes.length === HEADER + BUCKETS * CLASSES &&
    MAGIC.equals(bytes.subarray(0, MAGIC.length)) &&
    linear(model).digest.equals(bytes.subarray(MAGIC.length, MAGIC.length + DIGEST))
  );
}

function linear(model: SentimentModel): LinearModel {
  if (model instanceof LinearModel) return model;
  throw new Error('only a model that ships with the program can be adapted');
}

function readExample(base: LinearModel, { analysed, words, label }: Example): Read {
  const features = firstFeatures(analysed, words);
  const scores = new Float64Array(CLASSES);
  base.score(features, scores);
  return { features, base: scores, label: LABELS.indexOf(label) };
}

function isRight({ features, base, label }: Read, delta: Delta | null): boolean {
  const scores = base.slice();
  if (delta) addTo(scores, features, delta);
  return scores.indexOf(Math.max(...scores)) === label;
}

function addTo(scores: Scores, features: Uint32Array, { weights, bias }: Delta): void {
  if (features.length === 0) return;
  const length = 1 / Math.sqrt(features.length);
  for (let at = 0; at < features.length; at += 1) {
    const index = ((features[at] as number) & (BUCKETS - 1)) * CLASSES;
    for (let of = 0; of < CLASSES; of += 1) {
      scores[of] = (scores[of] as number) + (weights[index + of] as number) * length;
    }
  }
  for (let of = 0; of < CLASSES; of += 1) scores[of] = (scores[of] as number) + (bias[of] as number);
}

/** Stochastic gradient descent with Adagrad, as `train`, from nothing and with the model's scores given. */
function fit(examples: readonly Read[]): Delta {
  const weights = new Float32Array(BUCKETS * CLASSES);
  const squares = new Float32Array(BUCKETS * CLASSES).fill(FIRST_SQUARE);
  const bias = new Float64Array(CLASSES);
  const delta = { weights, bias };
  const random = randomFrom(SEED);
  const scores = new Float64Array(CLASSES);
  const steps = EPOCHS * examples.length;
  for (let step = 0; step < steps; step += 1) {
    const { features, base, label } = examples[Math.floor(random() * examples.length)] as Read;
    const rate = RATE * (1 - step / steps);
    scores.set(base);
    addTo(scores, features, delta);
    toProbabilities(scores);
    const length = 1 / Math.sqrt(Math.max(1, features.length));
    for (let of = 0; of < CLASSES; of += 1) {
      const slope = (scores[of] as number) - (label === of ? 1 : 0);
      bias[of] = (bias[of] as number) - rate * 0.1 * (slope + 0.1 * (bias[of] as number));
      for (let at = 0; at < features.length; at += 1) {
        const index = ((features[at] as number) & (BUCKETS - 1)) * CLASSES + of;
        const own = slope * length;
        const square = (squares[index] as number) + own * own;
        squares[index] = square;
        const now = weights[index] as number;
        weights[index] = now - (rate / Math.sqrt(square)) * (own + DECAY * now);
      }
    }
  }
  return delta;
}

function encode({ weights, bias }: Delta, base: LinearModel): Uint8Array {
  const bytes = new Uint8Array(HEADER + BUCKETS * CLASSES);
  bytes.set(MAGIC);
  bytes.set(base.digest, MAGIC.length);
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1;
  const view = new DataView(bytes.buffer, MAGIC.length + DIGEST);
  view.setFloat32(0, largest / STEPS, true);
  bias.forEach((value, at) => view.setFloat32(4 + 4 * at, value, true));
  const whole = new Int8Array(bytes.buffer, HEADER);
  weights.forEach((weight, at) => (whole[at] = Math.round((weight / largest) * STEPS)));
  return bytes;
}

function decode(bytes: Uint8Array): Delta {
  const view = new DataView(bytes.buffer, bytes.byteOffset + MAGIC.length + DIGEST);
  const scale = view.getFloat32(0, true);
  const whole = new Int8Array(bytes.buffer, bytes.byteOffset + HEADER, BUCKETS * CLASSES);
  return {
    weights: Float32Array.from(whole, (step) => step * scale),
    bias: Float64Array.from(LABELS, (_, at) => view.getFloat32(4 + 4 * at, true)),
  };
}
