import { crc32 } from 'node:zlib';

/** Small files of every kind that the hub takes, made byte by byte; their pictures show nothing. */
const latin = (text: string) => Buffer.from(text, 'latin1');

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

type Segment = [marker: number, data: string | Buffer];

export function jpeg({ segments = [] as Segment[], width = 4, height = 3 } = {}): Buffer {
  const frame: Segment = [
    0xc0,
    Buffer.concat([Buffer.from([8]), u16(height), u16(width), Buffer.from([1, 1, 0x11, 0])]),
  ];
  const all = [[0xe0, 'JFIF\0\x01\x01\0\0\x01\0\x01\0\0'] as Segment, ...segments, frame];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...all.map(([marker, data]) => {
      const bytes = Buffer.isBuffer(data) ? data : latin(data);
      return Buffer.concat([Buffer.from([0xff, marker]), u16(bytes.length + 2), bytes]);
    }),
    Buffer.from([0xff, 0xda]),
    latin('the picture itself'),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** EXIF as phones write it (little-endian), with words in it and how the picture is turned. */
export function exif(words: string, turned: number): Segment {
  const tiff = Buffer.alloc(26);
  tiff.write('II*\0', 0, 'latin1');
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  tiff.writeUInt16LE(0x0112, 10);
  tiff.writeUInt16LE(3, 12);
  tiff.writeUInt32LE(1, 14);
  tiff.writeUInt16LE(turned, 18);
  return [0xe1, Buffer.concat([latin('Exif\0\0'), tiff, latin(words)])];
}

export function png({ width = 4, height = 3, chunks = [] as [string, string][] } = {}): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const named = Buffer.concat([latin(name), data]);
    return Buffer.concat([u32(data.length), named, u32(crc32(named))]);
  };
  return Buffer.concat([
    latin('\x89PNG\r\n\x1a\n'),
    chunk('IHDR', Buffer.concat([u32(width), u32(height), Buffer.from([8, 2, 0, 0, 0])])),
    ...chunks.map(([name, data]) => chunk(name, latin(data))),
    chunk('IDAT', latin('the picture itself')),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export function gif(width = 4, height = 3): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt16LE(width, 0);
  size.writeUInt16LE(height, 2);
  return Buffer.concat([latin('GIF89a'), size, Buffer.from([0, 0, 0, 0x3b])]);
}

export function webp({ width = 4, height = 3, chunks = [] as [string, string][] } = {}): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const head = Buffer.alloc(8, 0);
    head.write(name, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
  };
  const extended = Buffer.alloc(10);
  extended.writeUInt8(0x0c, 0);
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const body = Buffer.concat([
    chunk('VP8X', extended),
    chunk('VP8 ', latin('the picture itself')),
    ...chunks.map(([name, data]) => chunk(name, latin(data))),
  ]);
  const head = Buffer.alloc(12);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(body.length + 4, 4);
  head.write('WEBP', 8, 'latin1');
  return Buffer.concat([head, body]);
}

/** A file of the family of MP4, by its brand. */
export function mp4(brand: string, size = 64): Buffer {
  const box = Buffer.concat([u32(24), latin('ftyp'), latin(brand), u32(0), latin(brand), latin('mp42')]);
  return Buffer.concat([box, Buffer.alloc(Math.max(0, size - box.length), 7)]);
}

/** As much of an archive as names a file in it. */
export function zip(name: string): Buffer {
  return Buffer.concat([
    latin('PK\x03\x04'),
    Buffer.alloc(22),
    Buffer.from([name.length, 0, 0, 0]),
    latin(name),
  ]);
}
