import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanPicture } from '../../publisher/media/picture.ts';
import { recognise } from '../../publisher/media/recognise.ts';
import { exif, gif, jpeg, mp4, png, webp, zip } from '../support/files.ts';

describe('a file is what its bytes say', () => {
  test.each([
    ['jpg', jpeg(), 'image', 'image/jpeg'],
    ['png', png(), 'image', 'image/png'],
    ['gif', gif(), 'image', 'image/gif'],
    ['webp', webp(), 'image', 'image/webp'],
    ['mp4', mp4('isom'), 'video', 'video/mp4'],
    ['m4a', mp4('M4A '), 'audio', 'audio/mp4'],
    ['mp3 with a tag', Buffer.from('ID3\x04\0\0\0\0\0\0'), 'audio', 'audio/mpeg'],
    ['mp3 without', Buffer.from([0xff, 0xfb, 0x90, 0x64, 0, 0]), 'audio', 'audio/mpeg'],
    ['captions', Buffer.from('WEBVTT\n\n00:01.000 --> 00:02.000\n检察'), 'captions', 'text/vtt'],
    ['captions with a mark of their order', Buffer.from('\ufeffWEBVTT\n'), 'captions', 'text/vtt'],
    ['pdf', Buffer.from('%PDF-1.7\n'), 'attachment', 'application/pdf'],
    ['docx', zip('word/document.xml'), 'attachment', expect.stringContaining('wordprocessingml')],
    ['xlsx', zip('xl/workbook.xml'), 'attachment', expect.stringContaining('spreadsheetml')],
    ['zip', zip('a.txt'), 'attachment', 'application/zip'],
  ])('%s', (_, bytes, kind, mime) => {
    expect(recognise(bytes)).toEqual({ kind, mime });
  });

  test.each([
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'unknown'],
    ['a drawing with a program', Buffer.from('<?xml version="1.0"?>\n<svg onload="alert(1)">'), 'svg'],
    ['a picture of a phone', mp4('heic'), 'heic'],
    ['a film of QuickTime', mp4('qt  '), 'quicktime'],
    ['an old document of Word', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'office-old'],
    ['words', Buffer.from('WEBVTTX 检察'), 'unknown'],
    ['a program', Buffer.from('MZ\x90\0'), 'unknown'],
    ['nothing', Buffer.alloc(0), 'unknown'],
  ])('%s is refused', (_, bytes, refused) => {
    expect(recognise(bytes)).toEqual({ refused });
  });
});

describe('a picture keeps nothing that says where, when and with what it was taken', () => {
  const place = 'GPS 39.9042N 116.4074E';

  test('of JPEG: place, device, time, comments and what editors write', () => {
    const bytes = jpeg({
      segments: [
        exif(place, 1),
        [0xe1, `http://ns.adobe.com/xap/1.0/\0${place}`],
        [0xed, place],
        [0xfe, place],
        [0xe2, 'ICC_PROFILE\0keep'],
      ],
      width: 640,
      height: 480,
    });
    const picture = cleanPicture(bytes, 'image/jpeg');
    expect(picture).toMatchObject({ width: 640, height: 480 });
    expect(picture?.bytes.includes(place)).toBe(false);
    expect(picture?.bytes.includes('Exif')).toBe(false);
    expect(picture?.bytes.includes('ICC_PROFILE')).toBe(true);
    expect(picture?.bytes.includes('the picture itself')).toBe(true);
  });

  test('but how it is to be turned, or it would lie on its side', () => {
    for (const turned of [3, 6, 8]) {
      const picture = cleanPicture(
        jpeg({ segments: [exif(place, turned)], width: 640, height: 480 }),
        'image/jpeg',
      );
      expect(picture).toMatchObject(turned >= 5 ? { width: 480, height: 640 } : { width: 640, height: 480 });
      expect(picture?.bytes.includes(place)).toBe(false);
      // Read again, it says the same.
      const again = cleanPicture(picture?.bytes ?? Buffer.alloc(0), 'image/jpeg');
      expect(again).toEqual(picture);
      expect(picture?.bytes.toString('latin1', 6, 10)).toBe('Exif');
      expect(picture?.bytes.readUInt16BE(12 + 18)).toBe(turned);
    }
  });

  test('of PNG: text, time and EXIF', () => {
    const bytes = png({
      width: 30,
      height: 20,
      chunks: [
        ['tEXt', place],
        ['eXIf', place],
        ['tIME', place],
        ['iTXt', place],
        ['pHYs', 'stays'],
      ],
    });
    const picture = cleanPicture(bytes, 'image/png');
    expect(picture).toMatchObject({ width: 30, height: 20 });
    expect(picture?.bytes.includes(place)).toBe(false);
    expect(picture?.bytes.includes('pHYs')).toBe(true);
    expect(picture?.bytes.includes('IDAT')).toBe(true);
  });

  test('of WebP: EXIF and XMP, and it does not say that it has them', () => {
    const picture = cleanPicture(
      webp({
        width: 33,
        height: 22,
        chunks: [
          ['EXIF', place],
          ['XMP ', place],
        ],
      }),
      'image/webp',
    );
    expect(picture).toMatchObject({ width: 33, height: 22 });
    expect(picture?.bytes.includes(place)).toBe(false);
    expect((picture?.bytes.readUInt8(20) ?? 0xff) & 0x0c).toBe(0);
    expect(picture?.bytes.readUInt32LE(4)).toBe((picture?.bytes.length ?? 0) - 8);
  });

  test('of GIF its size is read', () => {
    expect(cleanPicture(gif(12, 34), 'image/gif')).toMatchObject({ width: 12, height: 34 });
  });
});

describe('a broken picture is refused, and never breaks anything', () => {
  test.each([
    ['image/jpeg', jpeg()],
    ['image/png', png()],
    ['image/webp', webp()],
    ['image/gif', gif()],
  ])('%s, cut off or changed anywhere', (mime, whole) => {
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.nat(whole.length),
        fc.integer({ min: 0, max: 255 }),
        (end, at, byte) => {
          const changed = Buffer.from(whole.subarray(0, Math.max(2, end)));
          if (at < changed.length) changed[at] = byte;
          const picture = cleanPicture(changed, mime);
          if (picture) expect(picture.width * picture.height).toBeGreaterThan(0);
        },
      ),
    );
  });

  test('one that ends within its header', () => {
    expect(cleanPicture(jpeg().subarray(0, 12), 'image/jpeg')).toBeNull();
    expect(cleanPicture(png().subarray(0, 40), 'image/png')).toBeNull();
    expect(cleanPicture(webp().subarray(0, 14), 'image/webp')).toBeNull();
    expect(cleanPicture(gif(0, 5), 'image/gif')).toBeNull();
  });
});
