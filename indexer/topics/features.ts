/** What a text is told by: hashes of its words and pairs of characters, ascending, each as often as it stands there. */
export type Features = Int32Array;

/** Long articles say at the beginning what they are about. In words. */
const READ = 400;
/** MurmurHash2's multiplier. */
const PAIRS = 0x5bd1_e995;
/** The bit of a feature that is set in pairs, and not in words. */
export const PAIR = 1;

let scratch = new Int32Array(4 * READ);

/**
 * Words of two characters or more, and pairs of characters that stand side by side in a clause and are no word of their own.
 * @param words as cutWords makes them: an empty word where a clause ends
 */
export function featuresOf(words: readonly string[]): Features {
  let length = 0;
  let before = 0;
  const most = Math.min(words.length, READ);
  for (let at = 0; at < most; at += 1) {
    const word = words[at]!;
    if (word === '') before = 0;
    if (scratch.length < length + word.length + 2) {
      const larger = new Int32Array(2 * (length + word.length + 2));
      larger.set(scratch.subarray(0, length));
      scratch = larger;
    }
    if (word.length > 1) scratch[length++] = featureOf(word);
    for (let unit = 0; unit < word.length; unit += 1) {
      const code = word.charCodeAt(unit);
      // Latin letters and digits are read as whole words only.
      if (code < 0x2e80) {
        before = 0;
        continue;
      }
      // A word of two units is its own pair.
      if (before !== 0 && (unit === 0 || word.length > 2))
        scratch[length++] = mix(Math.imul(before, PAIRS) ^ code) | PAIR;
      before = code;
    }
  }
  return scratch.slice(0, length).sort();
}

/** Of a word of two characters or more. */
export function featureOf(word: string): number {
  return hashOf(word) & ~PAIR;
}

/** FNV-1a by units, then mixed: table cells are told by the upper bits. */
function hashOf(word: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), 0x0100_0193);
  return mix(hash);
}

/** MurmurHash3's finalizer. */
function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
}

/** The same for the same features, whatever the punctuation between them. */
export function fingerprint(features: Features): number {
  let hash = features.length;
  let other = 0x9e37_79b1;
  for (const key of features) {
    hash = Math.imul(hash ^ key, 0x0100_0193);
    other = Math.imul(other, 31) + key;
  }
  // 53 bits: two texts share one by chance at a few hundred million only.
  return (mix(hash) >>> 0) * 0x20_0000 + (mix(other) >>> 11);
}
