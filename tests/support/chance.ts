/** Numbers that look random and are the same in each run. */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** 0 up to 1 (mulberry32, by Tommy Ettinger, public domain). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** About normal: the sum of twelve. */
  normal(): number {
    let sum = -6;
    for (let index = 0; index < 12; index += 1) sum += this.next();
    return sum;
  }

  poisson(mean: number): number {
    if (mean > 60) return Math.max(0, Math.round(mean + this.normal() * Math.sqrt(mean)));
    const end = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > end; product *= this.next()) count += 1;
    return count;
  }
}
