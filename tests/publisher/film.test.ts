import { expect, test } from 'vitest';
import { blankOf, tracesOf, type Reader } from '../../publisher/media/film.ts';

const box = (type: string, ...content: (Buffer | string)[]): Buffer => {
  const inner = Buffer.concat(content.map((each) => (typeof each === 'string' ? Buffer.from(each) : each)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + inner.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, inner]);
};
const reader =
  (bytes: Buffer): Reader =>
  (at, length) =>
    Promise.resolve(bytes.subarray(at, at + length));

async function blanked(bytes: Buffer): Promise<Buffer> {
  const result = Buffer.from(bytes);
  for (const trace of await tracesOf(reader(bytes), bytes.length)) blankOf(trace).copy(result, trace.at);
  return result;
}

const place = '+39.9042+116.4074/';
const film = Buffer.concat([
  box('ftyp', 'isom'),
  box(
    'moov',
    box('mvhd', 'times'),
    box('udta', box('\u00a9xyz', place)),
    box('trak', box('tkhd', 'track'), box('udta', place)),
    box('meta', place),
  ),
  box('mdat', 'the film itself'),
  box('uuid', place),
]);

test('a film keeps nothing that says where it was taken, and every byte of it keeps its place', async () => {
  const clean = await blanked(film);
  expect(clean.includes(place)).toBe(false);
  expect(clean.length).toBe(film.length);
  expect(clean.indexOf('mdat')).toBe(film.indexOf('mdat'));
  for (const kept of ['mvhd', 'tkhd', 'the film itself']) expect(clean.includes(kept)).toBe(true);
  expect(await tracesOf(reader(clean), clean.length)).toEqual([]);
});

test('also when its boxes are longer than 4 GB could be told, or the last one goes to the end', async () => {
  const long = Buffer.concat([
    Buffer.from([0, 0, 0, 1]),
    Buffer.from('mdat'),
    Buffer.alloc(7),
    Buffer.from([20]),
    Buffer.from('film'),
  ]);
  const last = Buffer.concat([Buffer.alloc(4), Buffer.from('udta'), Buffer.from(place)]);
  const clean = await blanked(Buffer.concat([long, last]));
  expect(clean.includes(place)).toBe(false);
  expect(clean.includes('film')).toBe(true);
});

test('what is broken anywhere is read to its end at most', async () => {
  for (let end = 0; end < film.length; end += 1) {
    const cut = film.subarray(0, end);
    for (const { at, length } of await tracesOf(reader(cut), end))
      expect(at + length).toBeLessThanOrEqual(end);
  }
  const loop = Buffer.alloc(64);
  expect(await tracesOf(reader(loop), loop.length)).toEqual([]);
});
