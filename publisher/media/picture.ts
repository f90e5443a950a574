/** What a picture is after nothing is left in it that says where, when and with what it was taken. */
export type Picture = { bytes: Buffer; width: number; height: number };

/** Larger than this, a browser or the phone of a reader gives up on it. */
export const PIXELS_MOST = 60_000_000;

/**
 * Reads the size of a picture from its header and takes out what it tells about its making: place, device, time, name of the
 * photographer (EXIF, XMP, IPTC, comments). How it is to be turned stays, or it would lie on its side.
 * @returns null when it is broken: no picture, or cut off within its header
 */
export function cleanPicture(bytes: Buffer, mime: string): Picture | null {
  try {
    const picture = readers[mime]?.(bytes) ?? null;
    return picture && picture.width > 0 && picture.height > 0 ? picture : null;
  } catch (thrown) {
    // A length that leads beyond the end of the file.
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

const readers: Record<string, (bytes: Buffer) => Picture | null> = {
  'image/jpeg': jpeg,
  'image/png': png,
  'image/gif': (bytes) => ({ bytes, width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }),
  'image/webp': webp,
};

const EXIF = Buffer.from('Exif\0\0', 'latin1');

/** JPEG (ITU T.81): segments of a marker and a length until the picture itself begins. */
function jpeg(bytes: Buffer): Picture | null {
  const kept: Buffer[] = [bytes.subarray(0, 2)];
  let turned = 1;
  let size: { width: number; height: number } | null = null;
  let at = 2;
  while (at < bytes.length) {
    if (bytes.readUInt8(at) !== 0xff) return null;
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // The picture: what follows is kept as it is.
    if (marker === 0xda) break;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length || end < at + 4) return null;
    const segment = bytes.subarray(at, end);
    if (marker === 0xe1 && segment.subarray(4, 10).equals(EXIF)) turned = orientation(segment.subarray(10));
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) size = { height: segment.readUInt16BE(5), width: segment.readUInt16BE(7) };
    // Kept: JFIF, the colour profile, what Adobe says of colours, and everything that the picture is made with.
    const told =
      (marker >= 0xe0 && marker <= 0xef && ![0xe0, 0xe2, 0xee].includes(marker)) || marker === 0xfe;
    if (!told) kept.push(segment);
    at = end;
  }
  if (!size || at >= bytes.length) return null;
  if (turned !== 1) kept.splice(1, 0, orientationSegment(turned));
  kept.push(bytes.subarray(at));
  const { width, height } = size;
  return {
    bytes: Buffer.concat(kept),
    ...(turned >= 5 ? { width: height, height: width } : { width, height }),
  };
}

const ORIENTATION = 0x0112;

/** The one field of EXIF (TIFF 6.0) that is needed: 1 to 8; 1 when it is missing or broken. */
function orientation(tiff: Buffer): number {
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  try {
    const directory = u32(4);
    const entries = u16(directory);
    for (let n = 0; n < entries; n += 1) {
      const entry = directory + 2 + n * 12;
      if (u16(entry) !== ORIENTATION) continue;
      const value = u16(entry + 8);
      return value >= 1 && value <= 8 ? value : 1;
    }
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  return 1;
}

/** An APP1 segment that says how the picture is turned, and nothing else. */
function orientationSegment(turned: number): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write('MM\0*', 0, 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(ORIENTATION, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(turned, 18);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(2 + EXIF.length + tiff.length, 2);
  return Buffer.concat([head, EXIF, tiff]);
}

/** PNG: chunks of length, name, data and checksum. Names of chunks that tell something and show nothing: */
const PNG_TOLD = new Set(['eXIf', 'tEXt', 'iTXt', 'zTXt', 'tIME']);

function png(bytes: Buffer): Picture | null {
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  const kept = [bytes.subarray(0, 8)];
  let ended = false;
  for (let at = 8; at < bytes.length && !ended;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const name = bytes.toString('latin1', at + 4, at + 8);
    if (end > bytes.length) return null;
    if (!PNG_TOLD.has(name)) kept.push(bytes.subarray(at, end));
    ended = name === 'IEND';
    at = end;
  }
  return ended
    ? { bytes: Buffer.concat(kept), width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
    : null;
}

/** WebP (RFC 9649): chunks of a name, a length and data, filled up to an even length. */
function webp(bytes: Buffer): Picture | null {
  const kept: Buffer[] = [];
  let size: { width: number; height: number } | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (at + 8 + length > bytes.length) return null;
    let chunk = bytes.subarray(at, Math.min(end, bytes.length));
    const data = at + 8;
    if (name === 'VP8X') {
      size = { width: 1 + bytes.readUIntLE(data + 4, 3), height: 1 + bytes.readUIntLE(data + 7, 3) };
      chunk = Buffer.from(chunk);
      // No EXIF and no XMP any more.
      chunk.writeUInt8(chunk.readUInt8(8) & ~0x0c, 8);
    }
    if (name === 'VP8 ')
      size ??= {
        width: bytes.readUInt16LE(data + 6) & 0x3fff,
        height: bytes.readUInt16LE(data + 8) & 0x3fff,
      };
    if (name === 'VP8L') {
      const bits = bytes.readUInt32LE(data + 1);
      size ??= { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
    }
    if (name !== 'EXIF' && name !== 'XMP ') kept.push(chunk);
    at = end;
  }
  if (!size) return null;
  const body = Buffer.concat(kept);
  const head = Buffer.from(bytes.subarray(0, 12));
  head.writeUInt32LE(4 + body.length, 4);
  return { bytes: Buffer.concat([head, body]), ...size };
}
