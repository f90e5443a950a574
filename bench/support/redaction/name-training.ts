import { Evidence } from '../../../indexer/redaction/evidence.ts';
import { Candidates } from '../../../indexer/redaction/naming/candidates.ts';
import { Cut, STRETCH } from '../../../indexer/redaction/naming/cut.ts';
import { Features } from '../../../indexer/redaction/naming/features.ts';
import { Lattice } from '../../../indexer/redaction/naming/lattice.ts';
import { NameTables, WEIGHTS } from '../../../indexer/redaction/naming/tables.ts';
import { plain } from '../../../indexer/people/lexicon.ts';
import { NameMaker, seeded, type NameCounts } from './made-names.ts';

/** A text and where the names of private persons stand in it. */
export type Named = { text: string; names: readonly (readonly [start: number, end: number])[] };

export type Lesson = Named & {
  weight?: number;
  /** Other names may stand there unmarked: what looks like one is not learnt from. */
  open?: boolean;
  /** Places that are not learnt from. */
  ignored?: readonly (readonly [start: number, end: number])[];
};

const ROUNDS = 12;
const RATE = 0.25;
/** Decay of weights (L2), and how often names are put in place of others. */
const DECAY = 2e-6;
/** Weights are averaged over the rounds from here on. */
const AVERAGED_FROM = ROUNDS >> 1;
/** Chosen by leaving out one set after the other: names are masked a little more readily than an even chance says. */
const EASE = 2;
const SWAPPED = 0.75;
const KEPT = 0.6;

/**
 * Learns weights of features: the likelihood of the names of each text among all ways to place candidates in it (a
 * semi-Markov random field without transitions), by AdaGrad. In each round most names are replaced by invented ones: what
 * is learnt is where names stand and how they look, not who.
 */
export function trainNames(
  lessons: readonly Lesson[],
  tables: NameTables,
  counts: NameCounts,
  seed = 1,
): Float32Array {
  const weights = new Float32Array(WEIGHTS);
  const sums = new Float32Array(WEIGHTS);
  const squares = new Float32Array(WEIGHTS);
  const random = seeded(seed);
  const maker = new NameMaker(counts, random);
  const [cut, candidates, features, lattice] = [new Cut(), new Candidates(), new Features(), new Lattice()];
  const order = lessons.map((_, at) => at);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let at = order.length - 1; at > 0; at -= 1) {
      const other = Math.floor(random() * (at + 1));
      [order[at], order[other]] = [order[other]!, order[at]!];
    }
    for (const which of order) {
      const lesson = lessons[which]!;
      const { text, names } = round === 0 || random() > SWAPPED ? lesson : swapped(lesson, maker);
      if (text.length > STRETCH) continue;
      const told = plain(text);
      cut.read(told, 0, told.length, tables);
      candidates.find(told, 0, cut, tables);
      if (candidates.count === 0) continue;
      features.read(told, 0, cut, candidates, new Evidence(told, []), tables);
      const lists: Uint32Array[] = [];
      const scores = new Float64Array(candidates.count);
      for (let at = 0; at < candidates.count; at += 1) {
        features.of(at);
        const list = dropped(features.list.slice(0, features.count), random);
        lists.push(list);
        let score = 0;
        for (const each of list) score += weights[each]!;
        scores[at] = score;
      }
      const shares = lattice.shares(candidates, scores, told.length);
      for (let at = 0; at < candidates.count; at += 1) {
        const gold = names.some(
          ([start, end]) => start === candidates.starts[at] && end === candidates.ends[at],
        );
        if (lesson.open && !gold && shares[at]! > 0.3 && candidates.gains[at]! > 0) continue;
        if (
          lesson.ignored?.some(([start, end]) => start < candidates.ends[at]! && candidates.starts[at]! < end)
        )
          continue;
        const error = ((gold ? 1 : 0) - shares[at]!) * (lesson.weight ?? 1);
        if (Math.abs(error) < 1e-3) continue;
        for (const each of lists[at]!) {
          const gradient = error - DECAY * weights[each]!;
          squares[each]! += gradient * gradient;
          weights[each]! += (RATE * gradient) / Math.sqrt(squares[each]! + 1);
        }
      }
    }
    if (round >= AVERAGED_FROM) for (let at = 0; at < WEIGHTS; at += 1) sums[at]! += weights[at]!;
  }
  for (let at = 0; at < WEIGHTS; at += 1) sums[at]! *= KEPT / (ROUNDS - AVERAGED_FROM);
  return sums;
}

/** Some of the features, drawn anew each time: so that none is relied on alone. */
function dropped(list: Uint32Array, random: () => number): Uint32Array {
  let count = 0;
  for (const each of list) if (random() < KEPT) list[count++] = each;
  return list.subarray(0, count);
}

function swapped({ text, names }: Named, maker: NameMaker): Named {
  const made = new Map<string, string>();
  let result = '';
  let done = 0;
  const places: [number, number][] = [];
  for (const [start, end] of names) {
    const name = text.slice(start, end);
    const other = made.get(name) ?? maker.like(name);
    made.set(name, other);
    result += text.slice(done, start);
    places.push([result.length, result.length + other.length]);
    result += other;
    done = end;
  }
  return { text: result + text.slice(done), names: places };
}

/** A model of these tables and weights, as it ships: weights of one byte. */
export function packed(tables: NameTables, weights: Float32Array): NameTables {
  const model = new NameTables(new Uint8Array(tables.bytes));
  const most = weights.reduce((high, weight) => Math.max(high, Math.abs(weight)), 0);
  model.scale = most / 127;
  for (let at = 0; at < WEIGHTS; at += 1) model.weights[at] = Math.round(weights[at]! / model.scale);
  model.ease = EASE;
  return model;
}
