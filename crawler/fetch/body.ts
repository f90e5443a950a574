import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { NotGot } from '../errors.ts';

const unpackers: Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
  // Servers send "deflate" with and without the zlib wrapper (RFC 9110, 8.4.1.2 note).
  deflate: (bytes, options) =>
    ((bytes[0] ?? 0) & 0x0f) === 8
      ? promisify(inflate)(bytes, options)
      : promisify(inflateRaw)(bytes, options),
};

/** Undoes the encodings that an answer names. @throws NotGot `too-large`, `truncated-content` */
export async function decompress(bytes: Buffer, encoding: string | null, limit: number): Promise<Buffer> {
  let result = bytes;
  const names = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  // The last named encoding was applied last. More than two is an attack, not a page.
  for (const name of names
    .filter((each) => each !== '' && each !== 'identity')
    .slice(-2)
    .reverse()) {
    const unpack = unpackers[name];
    if (!unpack || result.length === 0) continue;
    try {
      result = await unpack(result, { maxOutputLength: limit });
    } catch (cause) {
      const tooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
      throw new NotGot(tooLarge ? 'too-large' : 'truncated-content', { cause });
    }
  }
  return result;
}
