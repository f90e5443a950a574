import { featuresOf, BUCKETS } from './features.ts';
import { encodeModel, toProbabilities } from './model.ts';
import { piecesOf } from './pieces.ts';

const CLASSES = 3;

/** A text with the probabilities it should get, negative, neutral, positive, and how much it counts. */
export type Lesson = {
  analysed: string;
  words: readonly string[];
  target: readonly [number, number, number];
  weight: number;
};

/**
 * How the shipped model was trained; chosen on parts of the training data that were kept out. `rate` and `firstSquare`:
 * of Adagrad (Duchi, Hazan, Singer 2011). `decay`: of weights, at every step. `runs`: over the lessons in
 * different orders, averaged, since the order alone moves a measured F1 by half a point. A feature of fewer than three lessons says nothing.
 * `lean`: added to the score of negative at the end; what is most likely is not what gives the best mean F1 of three classes.
 */
export const RECIPE = {
  epochs: 6,
  rate: 0.2,
  firstSquare: 5e-3,
  decay: 6e-4,
  fewestLessons: 3,
  scaling: 0.3,
  seed: 1,
  runs: 6,
  lean: -0.1,
} as const;

export type Recipe = { readonly [Key in keyof typeof RECIPE]: number };

/**
 * Softmax regression by stochastic gradient descent, one lesson at a time; of a long text its first piece is the lesson.
 * The same lessons in the same order give the same bytes, on every machine: nothing else goes in, and only arithmetic that
 * ECMAScript or V8 itself defines is used.
 * @returns the file of the model, as `LinearModel` reads it
 */
export function train(lessons: readonly Lesson[], recipe: Recipe = RECIPE): Uint8Array<ArrayBuffer> {
  const features = lessons.map(({ analysed, words }) => firstFeatures(analysed, words));
  const scales = scalesOf(lessons, features, recipe);
  const known = features.map((ids) => ids.filter((id) => scales[id] !== 0));
  const weights = new Float32Array(BUCKETS * CLASSES);
  const bias = new Float64Array(CLASSES);
  for (let run = 0; run < recipe.runs; run += 1) {
    const found = descend(lessons, known, scales, recipe, randomFrom(recipe.seed + run));
    addShare(weights, found.weights, recipe.runs);
    addShare(bias, found.bias, recipe.runs);
  }
  for (let index = 0; index < weights.length; index += 1) {
    weights[index] = (weights[index] as number) * (scales[Math.floor(index / CLASSES)] as number);
  }
  bias[0] = (bias[0] as number) + recipe.lean;
  return encodeModel(weights, bias);
}

function addShare(sum: Float32Array | Float64Array, run: Float32Array | Float64Array, runs: number): void {
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] as number) + (run[at] as number) / runs;
}

/** One run over the lessons in an order of its own; weights are those of the scaled features. */
function descend(
  lessons: readonly Lesson[],
  known: readonly Uint32Array[],
  scales: Float32Array,
  recipe: Recipe,
  random: () => number,
): { weights: Float32Array; bias: Float64Array } {
  const weights = new Float32Array(BUCKETS * CLASSES);
  const squares = new Float32Array(BUCKETS * CLASSES).fill(recipe.firstSquare);
  const bias = new Float64Array(CLASSES);
  const biasSquares = new Float64Array(CLASSES).fill(1);
  const order = Uint32Array.from(lessons, (_, at) => at);
  const scores = new Float64Array(CLASSES);
  const steps = recipe.epochs * order.length;
  let step = 0;
  for (let epoch = 0; epoch < recipe.epochs; epoch += 1) {
    shuffle(order, random);
    for (const at of order) {
      const rate = recipe.rate * (1 - step / steps);
      step += 1;
      const ids = known[at] as Uint32Array;
      if (ids.length === 0) continue;
      const { target, weight } = lessons[at] as Lesson;
      const length = 1 / Math.sqrt(ids.length);
      scores.set(bias);
      for (let each = 0; each < ids.length; each += 1) {
        const id = ids[each] as number;
        const value = (scales[id] as number) * length;
        for (let of = 0; of < CLASSES; of += 1) {
          scores[of] = (scores[of] as number) + (weights[id * CLASSES + of] as number) * value;
        }
      }
      toProbabilities(scores);
      for (let of = 0; of < CLASSES; of += 1) {
        const slope = ((scores[of] as number) - (target[of] as number)) * weight;
        biasSquares[of] = (biasSquares[of] as number) + slope * slope;
        // Slower than the weights: how common each label is differs from place to place.
        bias[of] = (bias[of] as number) - (rate * 0.3 * slope) / Math.sqrt(biasSquares[of] as number);
        for (let each = 0; each < ids.length; each += 1) {
          const id = ids[each] as number;
          const index = id * CLASSES + of;
          const own = slope * length * (scales[id] as number);
          const square = (squares[index] as number) + own * own;
          squares[index] = square;
          const now = weights[index] as number;
          weights[index] = now - (rate / Math.sqrt(square)) * (own + recipe.decay * now);
        }
      }
    }
  }
  return { weights, bias };
}

/** Features of the first piece of a text, in an array of their own. */
export function firstFeatures(analysed: string, words: readonly string[]): Uint32Array {
  const [piece] = piecesOf(analysed, words);
  return piece ? featuresOf(piece.text, words, piece.from, piece.to).slice() : new Uint32Array();
}

/**
 * How much each feature may say: the more, the more unlike the classes use it (naive Bayes log-count ratios: Wang and Manning
 * 2012, "Baselines and Bigrams"), about 1 for the average one. 0: a feature of too few lessons.
 */
function scalesOf(
  lessons: readonly Lesson[],
  features: readonly Uint32Array[],
  { fewestLessons, scaling }: Recipe,
): Float32Array {
  const counts = new Float32Array(BUCKETS * CLASSES);
  const lessonsOf = new Uint32Array(BUCKETS);
  const totals = new Float64Array(CLASSES);
  lessons.forEach(({ target }, at) => {
    for (let of = 0; of < CLASSES; of += 1) totals[of] = (totals[of] as number) + (target[of] as number);
    for (const id of features[at] as Uint32Array) {
      lessonsOf[id] = (lessonsOf[id] as number) + 1;
      for (let of = 0; of < CLASSES; of += 1) {
        const index = id * CLASSES + of;
        counts[index] = (counts[index] as number) + (target[of] as number);
      }
    }
  });
  const scales = new Float32Array(BUCKETS);
  for (let id = 0; id < BUCKETS; id += 1) {
    if ((lessonsOf[id] as number) < fewestLessons) continue;
    const shares = [0, 1, 2].map(
      (of) => ((counts[id * CLASSES + of] as number) + 1) / (totals[of] as number),
    );
    const mean = shares.reduce((sum, share) => sum + share, 0) / CLASSES;
    const most = Math.max(...shares.map((share) => Math.abs(Math.log(share / mean))));
    scales[id] = 1 - scaling + scaling * most;
  }
  return scales;
}

/** Fisher and Yates. */
function shuffle(order: Uint32Array, random: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    const kept = order[at] as number;
    order[at] = order[other] as number;
    order[other] = kept;
  }
}

/** Numbers in [0, 1) that a seed determines (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
