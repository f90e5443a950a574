/** First and last unit of the tables of characters: CJK ideographs of the basic plane. */
export const FIRST_HAN = 0x4e00;
export const HAN_COUNT = 0x9fff - FIRST_HAN + 1;
/** Costs are natural logarithms of how rare something is, in steps of a tenth. */
export const STEPS = 10;
/** The cost of what was never seen. */
export const UNSEEN = 17.9;

/** Slots for words: hashes of 17 bits, of which 11 more are kept to tell words apart, with 5 bits of cost. */
const SLOT_BITS = 17;
export const WORD_SLOTS = 1 << SLOT_BITS;
const COST_BITS = 5;
/** A word's cost in steps of so much. */
const WORD_STEP = 0.6;

/** Kinds of words (`wordKinds`) that are told apart by more than the letter of their tag: places, institutions, nouns of verbs. */
export const KIND_OF_PLACE = 26;
export const KIND_OF_INSTITUTION = 27;
export const KIND_OF_VERBAL_NOUN = 28;

/** Weights are found by hashes of so many bits. */
export const WEIGHT_BITS = 18;
export const WEIGHTS = 1 << WEIGHT_BITS;

/** `JNM1` and the version of the features: tables of another version do not fit. */
const MAGIC = Buffer.from('JNM1\0\0\0\x01', 'latin1');
const COLUMNS = 7;
const AT_CHARACTERS = MAGIC.length + 8;
const AT_WORDS = AT_CHARACTERS + COLUMNS * HAN_COUNT;
const AT_KINDS = AT_WORDS + 2 * WORD_SLOTS;
const AT_WEIGHTS = AT_KINDS + WORD_SLOTS;
export const MODEL_BYTES = AT_WEIGHTS + WEIGHTS;

/**
 * What is known of names and of words: how rare each character is in texts, as a surname and in given names, how rare words
 * are, and what was learnt. The bytes are the file, used in place.
 */
export class NameTables {
  /** In texts; as a surname; as first, second and only character of a given name; in foreign names. */
  readonly inTexts: Uint8Array;
  readonly surname: Uint8Array;
  readonly givenFirst: Uint8Array;
  readonly givenSecond: Uint8Array;
  readonly givenOnly: Uint8Array;
  readonly foreign: Uint8Array;
  /** What kind of word a character is alone, and each word: see `wordKinds` of where the tables are made. */
  readonly characterKinds: Uint8Array;
  readonly words: Uint16Array;
  readonly wordKinds: Uint8Array;
  readonly weights: Int8Array;
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  /** @throws Error when the bytes are no model of this version */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    if (bytes.length !== MODEL_BYTES || !MAGIC.equals(bytes.subarray(0, MAGIC.length)))
      throw new Error('not a model of names of this version');
    // Columns of two bytes must begin at an even address.
    this.bytes = bytes.byteOffset % 2 === 0 ? bytes : new Uint8Array(bytes);
    const { buffer, byteOffset } = this.bytes;
    this.#view = new DataView(buffer, byteOffset);
    const column = (at: number) =>
      new Uint8Array(buffer, byteOffset + AT_CHARACTERS + at * HAN_COUNT, HAN_COUNT);
    [this.inTexts, this.surname, this.givenFirst] = [column(0), column(1), column(2)];
    [this.givenSecond, this.givenOnly, this.foreign] = [column(3), column(4), column(5)];
    this.characterKinds = column(6);
    this.wordKinds = new Uint8Array(buffer, byteOffset + AT_KINDS, WORD_SLOTS);
    this.words = new Uint16Array(buffer, byteOffset + AT_WORDS, WORD_SLOTS);
    this.weights = new Int8Array(buffer, byteOffset + AT_WEIGHTS, WEIGHTS);
  }

  static empty(): NameTables {
    const bytes = new Uint8Array(MODEL_BYTES);
    bytes.set(MAGIC);
    return new NameTables(bytes);
  }

  /** What a weight of one byte is multiplied with. */
  get scale(): number {
    return this.#view.getFloat32(MAGIC.length, true);
  }

  set scale(scale: number) {
    this.#view.setFloat32(MAGIC.length, scale, true);
  }

  /** What a name needs less (more, if negative) than an even chance, as log-odds. */
  get ease(): number {
    return this.#view.getFloat32(MAGIC.length + 4, true);
  }

  set ease(ease: number) {
    this.#view.setFloat32(MAGIC.length + 4, ease, true);
  }

  /** The slot of the word with this hash (`wordHash`); -1: it is none. */
  wordSlot(hash: number): number {
    const mark = (hash & 0x7ff) << COST_BITS;
    for (let slot = hash >>> (32 - SLOT_BITS); ; slot = (slot + 1) & (WORD_SLOTS - 1)) {
      const found = this.words[slot]!;
      if (found === 0) return -1;
      if ((found & ~((1 << COST_BITS) - 1)) === mark) return slot;
    }
  }

  wordCost(slot: number): number {
    return (this.words[slot]! & ((1 << COST_BITS) - 1)) * WORD_STEP;
  }

  addWord(hash: number, cost: number, kind: number): void {
    let slot = hash >>> (32 - SLOT_BITS);
    while (this.words[slot] !== 0) slot = (slot + 1) & (WORD_SLOTS - 1);
    const steps = Math.max(1, Math.min((1 << COST_BITS) - 1, Math.round(cost / WORD_STEP)));
    this.words[slot] = ((hash & 0x7ff) << COST_BITS) | steps;
    this.wordKinds[slot] = kind;
  }
}

/** Of a word of two to four units, unit by unit. */
export function wordHash(hash: number, unit: number): number {
  const mixed = Math.imul(hash ^ unit, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

/** The cost of a unit in one of the columns. */
export function costOf(column: Uint8Array, unit: number): number {
  const at = unit - FIRST_HAN;
  return at >= 0 && at < HAN_COUNT ? column[at]! / STEPS : UNSEEN;
}
