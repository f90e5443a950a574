import { kept, packSketch, SHINGLE, type Sketch } from '../../store/sketches.ts';

/** Shorter sentences are said by many independently ("支持检察院！"): they do not make two posts the same. In units. */
const LEAST = 18;
/** The beginning is what a summary of an article consists of. */
const LEAD = 24;
/** From so many units on a text is long enough to be shortened to its beginning. */
const LEAD_FROM = 120;

/** Odd, so that no unit loses its high bits; from xxHash and MurmurHash3 (Appleby, public domain). */
const BASE = 0x9e3779b1;
const [MIX_1, MIX_2] = [0x85ebca6b, 0xc2b2ae35];
/** BASE to the power of SHINGLE: what the unit that leaves has grown to. */
const LEAVING = power(BASE, SHINGLE);

/** Used anew for every text; texts are cut to 20,000 units before. */
let units = new Int32Array(1_024);
let hashes = new Uint32Array(1_024);

/**
 * The sketch of a text in its analysed form. What is not a letter or a digit has no say; a number counts as one unit, so
 * that two numbers are as different as two letters.
 * @returns null when the text is too short to tell
 */
export function sketchOf(text: string): Sketch | null {
  if (units.length < text.length) {
    units = new Int32Array(text.length);
    hashes = new Uint32Array(text.length);
  }
  const read = readUnits(text);
  if (read.length < LEAST) return null;
  const shingles = hashShingles(read.length);
  return packSketch(shingles, read.numbers, leadOf(read.length), smallest(shingles));
}

/** Fills `units`. */
function readUnits(text: string): { length: number; numbers: number } {
  let length = 0;
  let numbers = 0;
  for (let at = 0; at < text.length; at += 1) {
    let code = text.charCodeAt(at);
    if (isDigit(code)) {
      let number = code;
      while (at + 1 < text.length && isDigit((code = text.charCodeAt(at + 1)))) {
        number = Math.imul(number, BASE) + code;
        at += 1;
      }
      number = mix(number);
      numbers = (numbers + number) >>> 0;
      units[length++] = number;
    } else if (isLetter(code)) {
      units[length++] = code;
    }
  }
  return { length, numbers };
}

/** Fills `hashes`. @returns how many */
function hashShingles(length: number): number {
  let rolling = 0;
  for (let n = 0; n < SHINGLE; n += 1) rolling = (Math.imul(rolling, BASE) + units[n]!) | 0;
  hashes[0] = mix(rolling);
  for (let n = SHINGLE; n < length; n += 1) {
    rolling = (Math.imul(rolling, BASE) + units[n]! - Math.imul(units[n - SHINGLE]!, LEAVING)) | 0;
    hashes[n - SHINGLE + 1] = mix(rolling);
  }
  return length - SHINGLE + 1;
}

/** The smallest distinct ones of `hashes`, ascending. */
function smallest(shingles: number): Uint32Array {
  const most = kept(shingles);
  // Hashes are spread evenly: below this, twice as many are expected as are needed.
  const limit = shingles <= 4 * most ? 0xffff_ffff : (0x1_0000_0000 / shingles) * 2 * most;
  const low = hashes
    .subarray(0, shingles)
    .filter((hash) => hash <= limit)
    .sort();
  let distinct = 0;
  for (let n = 0; n < low.length && distinct < most; n += 1)
    if (n === 0 || low[n] !== low[n - 1]) low[distinct++] = low[n]!;
  // Fewer than are wanted by a limit, and not because there are no more: a text that repeats itself.
  if (distinct < most && limit < 0xffff_ffff) return everySmallest(shingles, most);
  return low.subarray(0, distinct);
}

function everySmallest(shingles: number, most: number): Uint32Array {
  return Uint32Array.from(new Set(hashes.subarray(0, shingles).toSorted())).subarray(0, most);
}

/** Never 0, which says that there is none. */
function leadOf(length: number): number {
  if (length < LEAD_FROM) return 0;
  let lead = 0;
  for (let n = 0; n < LEAD; n += 1) lead = (Math.imul(lead, BASE) + units[n]!) | 0;
  return mix(lead ^ LEAD) || 1;
}

/** MurmurHash3's finalizer: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, MIX_1);
  mixed = Math.imul(mixed ^ (mixed >>> 13), MIX_2);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let n = 0; n < exponent; n += 1) result = Math.imul(result, base);
  return result;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

const LETTER = /\p{L}/u;

/** Halves of pairs are none: they are emoji far more often than rare characters. */
function isLetter(code: number): boolean {
  if (code >= 0x4e00 && code <= 0x9fff) return true;
  if (code < 0x80) return code >= 0x61 && code <= 0x7a;
  return (
    (code < 0x2000 || code > 0x206f) &&
    (code < 0x3000 || code > 0x303f) &&
    LETTER.test(String.fromCharCode(code))
  );
}
