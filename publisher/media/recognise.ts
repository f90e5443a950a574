import type { MediaKind } from '../../config/media.ts';

export type Recognised = { kind: MediaKind; mime: string };

/** What a file is called of which the hub takes none, though people often have it. */
export type Refusal = 'heic' | 'quicktime' | 'svg' | 'office-old' | 'unknown';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/**
 * What a file is, by its first bytes and never by its name: a page or a program with the ending of a picture is none.
 * @param head its first bytes; 64 are enough, but for archives, whose list of files tells a document of Word from others
 */
export function recognise(head: Buffer): Recognised | { refused: Refusal } {
  const starts = (bytes: string, at = 0) =>
    head.subarray(at, at + bytes.length).equals(Buffer.from(bytes, 'latin1'));
  const image = (mime: string): Recognised => ({ kind: 'image', mime });
  const attachment = (mime: string): Recognised => ({ kind: 'attachment', mime });
  if (starts('\xff\xd8\xff')) return image('image/jpeg');
  if (starts('\x89PNG\r\n\x1a\n')) return image('image/png');
  if (starts('GIF87a') || starts('GIF89a')) return image('image/gif');
  if (starts('RIFF') && starts('WEBP', 8)) return image('image/webp');
  if (starts('ftyp', 4)) return ofBrand(head.toString('latin1', 8, 12));
  if (starts('ID3') || isMp3Frame(head)) return { kind: 'audio', mime: 'audio/mpeg' };
  if (/^(?:\xef\xbb\xbf)?WEBVTT(?:[ \t\r\n]|$)/.test(head.toString('latin1', 0, 10)))
    return { kind: 'captions', mime: 'text/vtt' };
  if (starts('%PDF-')) return attachment('application/pdf');
  if (starts('PK\x03\x04')) {
    if (head.includes('word/document.xml')) return attachment(DOCX);
    if (head.includes('xl/workbook.xml')) return attachment(XLSX);
    return attachment('application/zip');
  }
  if (starts('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return { refused: 'office-old' };
  if (/^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<svg[\s>]/s.test(head.toString('utf8', 0, 1_024)))
    return { refused: 'svg' };
  return { refused: 'unknown' };
}

/** ISO base media files (ISO/IEC 14496-12) say by their major brand what they are. */
function ofBrand(brand: string): Recognised | { refused: Refusal } {
  if (brand.startsWith('M4A') || brand === 'M4B ') return { kind: 'audio', mime: 'audio/mp4' };
  if (['heic', 'heix', 'mif1', 'msf1', 'heim', 'avif'].includes(brand)) return { refused: 'heic' };
  if (brand === 'qt  ') return { refused: 'quicktime' };
  const known = [
    'isom',
    'iso2',
    'iso4',
    'iso5',
    'iso6',
    'mp41',
    'mp42',
    'avc1',
    'dash',
    'MSNV',
    'M4V ',
    'mmp4',
    '3gp4',
    '3gp5',
  ];
  return known.includes(brand) ? { kind: 'video', mime: 'video/mp4' } : { refused: 'unknown' };
}

/** Eleven bits of synchronisation, then a version, layer III, a bit rate and a sampling rate that exist. */
function isMp3Frame(head: Buffer): boolean {
  const [a = 0, b = 0, c = 0] = head;
  const layer = (b >> 1) & 3;
  return (
    a === 0xff &&
    (b & 0xe0) === 0xe0 &&
    ((b >> 3) & 3) !== 1 &&
    layer === 1 &&
    c >> 4 !== 15 &&
    c >> 4 !== 0 &&
    ((c >> 2) & 3) !== 3
  );
}
