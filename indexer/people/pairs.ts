/** Words of two units: open addressing in one typed array, at most half full, as they are looked for at many places. */
export class Pairs {
  readonly #slots: Uint32Array;
  readonly #shift: number;

  /** @param lists second units by their first one */
  constructor(lists: Readonly<Record<string, string>>) {
    const count = Object.values(lists).reduce((sum, seconds) => sum + seconds.length, 1);
    this.#shift = Math.max(1, Math.clz32(2 * count) - 1);
    this.#slots = new Uint32Array(2 ** (32 - this.#shift));
    for (const [first, seconds] of Object.entries(lists))
      for (let at = 0; at < seconds.length; at += 1) {
        const pair = ((first.charCodeAt(0) << 16) | seconds.charCodeAt(at)) >>> 0;
        this.#slots[this.#slot(pair)] = pair;
      }
  }

  /** Whether the two units from `at` are one of the words. */
  has(text: string, at: number): boolean {
    const pair = ((text.charCodeAt(at) << 16) | text.charCodeAt(at + 1)) >>> 0;
    return pair !== 0 && this.#slots[this.#slot(pair)] === pair;
  }

  /** Where the pair stands, or the free slot where it would. */
  #slot(pair: number): number {
    const mask = this.#slots.length - 1;
    let slot = Math.imul(pair, 0x9e3779b1) >>> this.#shift;
    while (this.#slots[slot] !== 0 && this.#slots[slot] !== pair) slot = (slot + 1) & mask;
    return slot;
  }
}
