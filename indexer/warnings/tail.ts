import type { Exchange } from './state.ts';

/**
 * How unusual a deviation is among all deviations of the same kind that one series has shown. Two opinions, both
 * learnt from the series alone, so that neither needs to know its unit or its distribution: how rare it is, and how
 * it stands beside the largest so far. 8 numbers per kind of deviation.
 */
export class Tail {
  /** The deviation that a share `rare` of the points exceeds, the mean excess beyond it, the middle, the largest. */
  private edge = 0;
  private excess = 0;
  private middle = 0;
  private largest = 0;
  private seen = 0;
  private first: number[] | undefined = [];

  private static readonly rare = 0.02;
  /** Points looked at before anything is said. */
  private static readonly apprenticeship = 60;
  /** e⁻²⁰: beyond that one point says nothing more, or a series that was flat would stay alarmed for days. */
  private static readonly rarest = 20;

  /** −ln of the chance of such a deviation: nothing inside the usual, an exponential tail beyond it. */
  rarity(deviation: number): number {
    if (this.first || deviation <= this.edge) return 0;
    const scale = this.excess + 0.02 * this.edge + 1e-9;
    return Math.min(Tail.rarest, -Math.log(Tail.rare) + (deviation - this.edge) / scale);
  }

  /** The deviation beside the largest seen so far; more than three times that says no more. */
  record(deviation: number): number {
    return this.first ? 0 : Math.min(3, deviation / (this.largest + 1e-9));
  }

  learn(deviation: number): void {
    this.seen++;
    // One spike alone does not set the record: a second as large is still nearly new.
    if (deviation > this.largest) this.largest += 0.7 * (deviation - this.largest);
    if (this.first) {
      this.first.push(deviation);
      if (this.first.length === Tail.apprenticeship) this.begin(this.first);
      return;
    }
    const step = (this.excess + (this.edge - this.middle) / 4) * Math.max(0.02, 1 / Math.sqrt(this.seen));
    if (deviation > this.edge) {
      this.edge += step * (1 - Tail.rare);
      const pace = Math.min(0.3, Math.max(0.02, 1 / (this.seen * Tail.rare)));
      const over = Math.min(deviation - this.edge, 20 * this.excess);
      this.excess = Math.max(1e-9, this.excess + pace * (over - this.excess));
    } else {
      this.edge -= step * Tail.rare;
    }
    this.middle += Math.sign(deviation - this.middle) * Math.abs(this.edge - this.middle) * 0.01;
  }

  exchange(state: Exchange): void {
    this.edge = state.number(this.edge);
    this.excess = state.number(this.excess);
    this.middle = state.number(this.middle);
    this.largest = state.number(this.largest);
    this.seen = state.number(this.seen);
    this.first = state.list(this.first);
  }

  /** The first points are sorted once: what follows moves the estimates little by little. */
  private begin(first: readonly number[]): void {
    const sorted = [...first].sort((a, b) => a - b);
    const at = (rank: number) => sorted[rank] ?? 0;
    this.edge = at(58);
    this.middle = at(30);
    this.excess = Math.max(at(59) - at(57), (at(58) - at(30)) / 3);
    this.first = undefined;
  }
}
