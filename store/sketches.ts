/**
 * What is kept of a post's words to tell what repeats it: a bottom-s sketch of its shingles (Broder, "On the resemblance and
 * containment of documents", 1997). Of all hashes of all runs of `SHINGLE` units the smallest are kept: two sketches, each
 * cut where the other one ends, are a fair sample of both texts' shingles, whatever their lengths.
 *
 * Unsigned 32-bit numbers, big-endian: how many shingles there were, what the numbers in the text add up to, the hash of its
 * lead (0: too short for one), then the smallest hashes, ascending.
 */
export type Sketch = Buffer;

/** Length of a shingle in units: letters, or whole numbers. */
export const SHINGLE = 8;

const HEAD = 12;

/** So many hashes are kept of so many shingles: a cut article has to be told by those of its part. */
export function kept(shingles: number): number {
  return Math.min(64, Math.max(32, shingles >> 2));
}

/** @param hashes distinct, ascending; all there are, or the `kept` smallest */
export function packSketch(shingles: number, numbers: number, lead: number, hashes: Uint32Array): Sketch {
  const sketch = Buffer.allocUnsafe(HEAD + 4 * hashes.length);
  sketch.writeUInt32BE(shingles, 0);
  sketch.writeUInt32BE(numbers, 4);
  sketch.writeUInt32BE(lead, 8);
  for (let n = 0; n < hashes.length; n += 1) sketch.writeUInt32BE(hashes[n]!, HEAD + 4 * n);
  return sketch;
}

/**
 * So many of the smallest hashes find a stored post again, beside its lead, and so many are looked for. Of a post of which a
 * third was cut away later, each is still there with two thirds: all of three are missed once in 27 times, of five once in
 * 240. Each is a row, and what is kept to be looked up is most of what storing a post takes.
 */
const KEYS = { short: 3, long: 5 };
/** Twice as long, a text has twice as many hashes among which those of the other one are. */
const LOOKED_FOR = { short: 6, long: 9 };
/** From so many shingles on a text is long: cut reprints and summaries are made of such. */
const LONG = 128;

/** Under what a post is found, as signed 32-bit numbers. */
export function storedKeys(sketch: Sketch): number[] {
  return keys(sketch, sketch.readUInt32BE(0) < LONG ? KEYS.short : KEYS.long);
}

/** What to look for to find the posts that this one may repeat. */
export function wantedKeys(sketch: Sketch): number[] {
  return keys(sketch, sketch.readUInt32BE(0) < LONG ? LOOKED_FOR.short : LOOKED_FOR.long);
}

function keys(sketch: Sketch, most: number): number[] {
  const found: number[] = [];
  const end = Math.min(sketch.length, HEAD + 4 * most);
  for (let at = HEAD; at < end; at += 4) found.push(sketch.readInt32BE(at));
  const lead = sketch.readInt32BE(8);
  if (lead !== 0 && !found.includes(lead)) found.push(lead);
  return found;
}

/** Fewer common hashes may be chance or a quotation. */
const LEAST_COMMON = 3;
/** Below so many shingles a text is short: it may share a headline or a sentence and still say something else. */
const SHORT = 100;
/** How much of the shorter one has to stand in the other one. */
const SHARE = { short: 0.75, long: 2 / 3 };
/** A short text is more than its half; of a long one a summary may be left, nearly all of which stands in it. */
const PART = { short: 2, long: 3, share: 0.85 };
/** Two short texts of one length whose numbers differ are two of a series: notices, announcements, complaints by form. */
const SERIES = { below: 150, ratio: 1.1 };

/** Whether two texts say the same: most of the shorter one stands in the other. */
export function repeats(one: Sketch, other: Sketch): boolean {
  const [short, long] = one.readUInt32BE(0) <= other.readUInt32BE(0) ? [one, other] : [other, one];
  const shingles = { short: short.readUInt32BE(0), long: long.readUInt32BE(0) };
  const ratio = shingles.long / shingles.short;
  if (shingles.long < SHORT && ratio > PART.short) return false;
  if (shingles.short < SERIES.below && ratio <= SERIES.ratio && numbersDiffer(short, long)) return false;
  const { common, sampled } = shared(short, long);
  if (common < Math.min(LEAST_COMMON, shingles.short)) return false;
  const least = ratio > PART.long ? PART.share : shingles.short < SHORT ? SHARE.short : SHARE.long;
  return common >= least * sampled;
}

/** A day may have been said in words before. */
function numbersDiffer(one: Sketch, other: Sketch): boolean {
  const [numbers, others] = [one.readUInt32BE(4), other.readUInt32BE(4)];
  return numbers !== others && numbers !== 0 && others !== 0;
}

/** How many of the shorter one's sampled shingles the longer one has. */
export function shared(short: Sketch, long: Sketch): { common: number; sampled: number } {
  const limit = Math.min(reach(short), reach(long));
  let common = 0;
  let sampled = 0;
  let there = HEAD;
  for (let here = HEAD; here < short.length; here += 4) {
    const hash = short.readUInt32BE(here);
    if (hash > limit) break;
    sampled += 1;
    while (there < long.length && long.readUInt32BE(there) < hash) there += 4;
    if (there < long.length && long.readUInt32BE(there) === hash) common += 1;
  }
  return { common, sampled };
}

/** Up to which hash a sketch knows all that its text has. */
function reach(sketch: Sketch): number {
  const shingles = sketch.readUInt32BE(0);
  const hashes = (sketch.length - HEAD) / 4;
  const all = hashes < kept(shingles) || hashes === shingles;
  return all ? 0xffff_ffff : sketch.readUInt32BE(sketch.length - 4);
}
