/**
 * Texts that nobody wrote and that share set phrases as texts do: each character follows the two before it as often as in
 * the given texts (a Markov chain of second order). The same at every run with the same seed.
 */
export class Chain {
  readonly #after = new Map<number, number[]>();
  readonly #starts: number[] = [];
  #state: number;

  constructor(texts: readonly string[], seed: number) {
    this.#state = seed;
    for (const text of texts) {
      const line = text.replace(/[\s\\]+/gu, '');
      if (line.length < 3) continue;
      this.#starts.push(keyOf(line.charCodeAt(0), line.charCodeAt(1)));
      for (let at = 2; at < line.length; at += 1) {
        const key = keyOf(line.charCodeAt(at - 2), line.charCodeAt(at - 1));
        const there = this.#after.get(key);
        if (there) there.push(line.charCodeAt(at));
        else this.#after.set(key, [line.charCodeAt(at)]);
      }
    }
  }

  /** 0 to 1, by a linear congruential generator (Numerical Recipes' constants). */
  draw(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.draw() * list.length)] as T;
  }

  text(length: number): string {
    const units = new Uint16Array(length);
    let key = this.pick(this.#starts);
    for (let at = 0; at < length; at += 1) {
      const next = this.#after.get(key);
      if (next) {
        const unit = this.pick(next);
        units[at] = unit;
        key = keyOf(key % 0x1_0000, unit);
      } else {
        units[at] = key % 0x1_0000;
        key = this.pick(this.#starts);
      }
    }
    return Buffer.from(units.buffer).toString('utf16le').toWellFormed();
  }
}

function keyOf(before: number, last: number): number {
  return before * 0x1_0000 + last;
}
