/** A stretch of a file that is to be blanked, from its first byte. */
export type Stretch = { at: number; length: number };
/** Some bytes of a file that is too large to be held. */
export type Reader = (at: number, length: number) => Promise<Buffer>;

/** Boxes that tell where, when and with what a film was taken (©xyz, com.apple.quicktime.location, XMP), and show nothing. */
const TOLD = new Set(['udta', 'meta', 'uuid']);
/** Boxes in which such boxes stand. */
const WITHIN = new Set(['moov', 'trak']);
/** More boxes than any film has on these levels; a file that is made to be read for ever is left. */
const BOXES_MOST = 200;

/**
 * Finds what a film or a sound of the MP4 family (ISO/IEC 14496-12) tells of its making. The boxes keep their length, so that
 * nothing that points into the file moves: each is to be named `free`, and its content made zeros.
 */
export async function tracesOf(read: Reader, size: number): Promise<Stretch[]> {
  const found: Stretch[] = [];
  let left = BOXES_MOST;
  const walk = async (from: number, until: number): Promise<void> => {
    for (let at = from; at + 8 <= until && left > 0; left -= 1) {
      const head = await read(at, 16);
      if (head.length < 8) return;
      const type = head.toString('latin1', 4, 8);
      const [short, long] = [head.readUInt32BE(0), head.length >= 16 ? head.readBigUInt64BE(8) : 0n];
      const length = short === 1 ? Number(long) : short === 0 ? until - at : short;
      const start = short === 1 ? 16 : 8;
      // Broken, or none of this family: players give up here too.
      if (length < start || at + length > until) return;
      if (TOLD.has(type)) found.push({ at: at + 4, length: length - 4 });
      else if (WITHIN.has(type)) await walk(at + start, at + length);
      at += length;
    }
  };
  await walk(0, size);
  return found;
}

/** What stands in the place of a stretch: the name of a box that is free, and nothing in it. */
export function blankOf({ length }: Stretch): Buffer {
  const blank = Buffer.alloc(length);
  blank.write('free', 'latin1');
  return blank;
}
