/**
 * Finds all of many patterns in one walk over a text, whatever their number (Aho and Corasick, "Efficient string matching",
 * CACM 18(6), 1975). States are numbers in typed arrays; an edge is found by a hash of state and unit, so that the wide
 * alphabet of Chinese costs no more than a narrow one. About 30 bytes for each unit of the patterns, and 128 kB.
 */
export class Automaton {
  /** Edges from the start, by unit: the start is where most texts are most of the time. */
  readonly #first = new Uint16Array(65_536);
  /** Edges from everywhere else: open addressing, 0 is free. A state tells itself by its parent and its unit. */
  readonly #edges: Int32Array;
  readonly #shift: number;
  readonly #parent: Int32Array;
  readonly #unit: Uint16Array;
  /** The state of the longest proper suffix that is a beginning of a pattern; and of the longest that is a pattern. */
  readonly #fail: Int32Array;
  readonly #suffix: Int32Array;
  /** One more than the pattern that ends in a state, and than the next pattern that is the same; 0: none. */
  readonly #ends: Int32Array;
  readonly #same: Int32Array;
  #states = 1;

  /** Patterns are told by their place in the list; one may stand there twice, an empty one is never found. */
  constructor(patterns: readonly string[]) {
    const most = patterns.reduce((sum, pattern) => sum + pattern.length, 1);
    this.#shift = Math.max(1, Math.clz32(2 * most) - 1);
    this.#edges = new Int32Array(2 ** (32 - this.#shift));
    this.#parent = new Int32Array(most);
    this.#unit = new Uint16Array(most);
    this.#fail = new Int32Array(most);
    this.#suffix = new Int32Array(most);
    this.#ends = new Int32Array(most);
    this.#same = new Int32Array(patterns.length);
    // Those one step from the start come first: their numbers then fit into sixteen bits.
    for (const pattern of patterns) if (pattern !== '') this.#child(0, pattern.charCodeAt(0));
    patterns.forEach((pattern, at) => {
      if (pattern === '') return;
      const state = this.#path(pattern);
      this.#same[at] = this.#ends[state]!;
      this.#ends[state] = at + 1;
    });
    this.#link();
  }

  /** Tells every place of every pattern: by ends ascending, of those that end together the longest first. */
  scan(text: string, hit: (pattern: number, end: number) => void): void {
    const [ends, same, suffix, fail, first] = [this.#ends, this.#same, this.#suffix, this.#fail, this.#first];
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      let next = 0;
      while (state !== 0 && (next = this.#next(state, unit)) === 0) state = fail[state]!;
      state = next === 0 ? first[unit]! : next;
      for (let found = ends[state] === 0 ? suffix[state]! : state; found !== 0; found = suffix[found]!) {
        for (let one = ends[found]!; one !== 0; one = same[one - 1]!) hit(one - 1, at + 1);
      }
    }
  }

  #path(pattern: string): number {
    let state = 0;
    for (let at = 0; at < pattern.length; at += 1) state = this.#child(state, pattern.charCodeAt(at));
    return state;
  }

  #child(state: number, unit: number): number {
    const known = state === 0 ? this.#first[unit]! : this.#next(state, unit);
    if (known !== 0) return known;
    const fresh = this.#states++;
    this.#parent[fresh] = state;
    this.#unit[fresh] = unit;
    if (state === 0) this.#first[unit] = fresh;
    else {
      let slot = this.#slot(state, unit);
      while (this.#edges[slot] !== 0) slot = (slot + 1) & (this.#edges.length - 1);
      this.#edges[slot] = fresh;
    }
    return fresh;
  }

  #next(state: number, unit: number): number {
    const mask = this.#edges.length - 1;
    for (let slot = this.#slot(state, unit); ; slot = (slot + 1) & mask) {
      const next = this.#edges[slot]!;
      if (next === 0 || (this.#parent[next] === state && this.#unit[next] === unit)) return next;
    }
  }

  /** Fibonacci hashing: the upper bits of a product with 2³² / φ. */
  #slot(state: number, unit: number): number {
    return (Math.imul(state ^ (unit << 15), 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> this.#shift;
  }

  /** Failure links, level by level: those of a state lead to levels above its own. */
  #link(): void {
    const [parent, unit, fail] = [this.#parent, this.#unit, this.#fail];
    for (const state of this.#byDepth()) {
      const from = parent[state]!;
      if (from !== 0) {
        let back = fail[from]!;
        let next = 0;
        while (back !== 0 && (next = this.#next(back, unit[state]!)) === 0) back = fail[back]!;
        fail[state] = next === 0 ? this.#first[unit[state]!]! : next;
      }
      const shorter = fail[state]!;
      this.#suffix[state] = this.#ends[shorter] === 0 ? this.#suffix[shorter]! : shorter;
    }
  }

  /** All states but the start. A state's number is greater than its parent's. */
  #byDepth(): Int32Array {
    const depth = new Int32Array(this.#states);
    const counts: number[] = [0];
    for (let state = 1; state < this.#states; state += 1) {
      const own = depth[this.#parent[state]!]! + 1;
      depth[state] = own;
      counts[own] = (counts[own] ?? 0) + 1;
    }
    const starts = counts.map((_, level) => counts.slice(1, level).reduce((sum, count) => sum + count, 0));
    const order = new Int32Array(this.#states - 1);
    for (let state = 1; state < this.#states; state += 1) order[starts[depth[state]!]!++] = state;
    return order;
  }
}
