import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { countReplaced, mend, plausibility } from './mojibake.ts';

/** Bytes as text. */
export type Decoded = {
  /** Well-formed, without NUL and without a byte-order mark. */
  text: string;
  /** WHATWG name of the encoding used. */
  charset: string;
  /** How many U+FFFD the decoder had to write: 0 for a sound page. */
  replaced: number;
};

/** Browsers look at the first kilobyte; pages put scripts and comments before the word all the same. */
const DECLARATION_BYTES = 32_768;
const MULTIBYTE = new Set(['gb18030', 'big5', 'euc-jp', 'shift_jis', 'euc-kr']);

/** WHATWG name for a declared charset, the GB family widened to gb18030; null when Node knows no such encoding. */
function known(label: string | undefined): string | null {
  const name = label
    ?.trim()
    .toLowerCase()
    .replace(/^["']+|["';]+$/g, '');
  if (!name) return null;
  if (/^hz/.test(name)) return 'hz';
  if (/^(?:x-)?(?:gb|cp936|ms936|windows-936|csgb|chinese)/.test(name)) return 'gb18030';
  if (/^utf-?8/.test(name)) return 'utf-8';
  try {
    return new TextDecoder(name).encoding;
  } catch {
    return null;
  }
}

function byteOrderMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

/** What a document says about itself: XML declaration, `<meta charset>` or http-equiv, in its first 32 kB. */
function declared(bytes: Uint8Array): string | null {
  const head = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    Math.min(bytes.length, DECLARATION_BYTES),
  ).toString('latin1');
  const xml = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']?([\w-]+)/i.exec(head);
  const meta = /<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w-]+)/i.exec(head);
  const name = known(meta?.[1]) ?? known(xml?.[1]);
  // A page that could be read as ASCII to find the word is not UTF-16, whatever it says.
  return name?.startsWith('utf-16') ? 'utf-8' : name;
}

/**
 * UTF-16 without a mark. Markup shows as NULs in every second byte; text without any as bytes of which every second one is
 * the upper half of a Chinese character or of its punctuation, which no other encoding has at one parity only.
 */
function silentUtf16(bytes: Uint8Array): string | null {
  const size = Math.min(bytes.length, 4096) & ~1;
  if (size < 8) return null;
  const nulls = [0, 0];
  const upper = [0, 0];
  for (let i = 0; i < size; i++) {
    const byte = bytes[i] ?? 0;
    const side = i & 1;
    if (byte === 0) nulls[side] = (nulls[side] ?? 0) + 1;
    if ((byte >= 0x4e && byte <= 0x9f) || byte === 0 || byte === 0x30 || byte === 0xff)
      upper[side] = (upper[side] ?? 0) + 1;
  }
  // Letters and digits in turn look like it too, but are sound text as they are.
  const mayBeText = nulls[0] === 0 && nulls[1] === 0 && isUtf8(bytes);
  if (mayBeText) return null;
  const half = size / 2;
  for (const [side, name] of [
    [1, 'utf-16le'],
    [0, 'utf-16be'],
  ] as const) {
    const [here, there] = [nulls[side] ?? 0, nulls[1 - side] ?? 0];
    if (here > half * 0.1 && there < here / 8) return name;
    if ((upper[side] ?? 0) > half * 0.95 && (upper[1 - side] ?? 0) < half * 0.7) return name;
  }
  return null;
}

type Utf8Evidence = { sequences: number; broken: number };

/** Counts complete multi-byte sequences and bytes that cannot be UTF-8. A sequence cut by the end is not broken. */
function utf8Evidence(bytes: Uint8Array): Utf8Evidence {
  // Most pages are sound: that is seen at once, and more is not asked.
  if (isUtf8(bytes)) return { sequences: isAscii(bytes) ? 0 : 1, broken: 0 };
  let sequences = 0;
  let broken = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x80) continue;
    const length =
      byte >= 0xc2 && byte < 0xe0 ? 1 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >= 0xf0 && byte < 0xf5 ? 3 : 0;
    let seen = 0;
    while (seen < length && ((bytes[i + seen + 1] ?? 0) & 0xc0) === 0x80) seen++;
    if (length > 0 && (seen === length || i + seen + 1 >= bytes.length)) {
      sequences++;
      i += seen;
    } else broken++;
  }
  return { sequences, broken };
}

function guessChinese(bytes: Uint8Array): string {
  // Markup comes first on most pages: enough bytes to reach some text.
  const sample = bytes.subarray(0, 200_000);
  const [gb, big] = ['gb18030', 'big5'].map((name) => plausibility(new TextDecoder(name).decode(sample)));
  return (big ?? 0) > (gb ?? 0) ? 'big5' : 'gb18030';
}

/** The encoding to use: the mark, else the declarations as far as the bytes bear them out, else what the bytes say. */
function choose(bytes: Uint8Array, contentType: string | null): string {
  // Nearly every page: sound UTF-8 beyond ASCII passes for nothing else, whatever is said about it.
  if (isUtf8(bytes) && !isAscii(bytes) && !bytes.includes(0) && !/iso-2022/i.test(contentType ?? ''))
    return 'utf-8';
  const mark = byteOrderMark(bytes) ?? silentUtf16(bytes);
  if (mark) return mark;
  const header = known(/charset\s*=\s*["']?\s*([\w-]+)/i.exec(contentType ?? '')?.[1]);
  const said = [header, declared(bytes)].filter((name): name is string => name !== null);
  const { sequences, broken } = utf8Evidence(bytes);
  // Chinese in GBK passes for UTF-8 only by rare accident, so clean multi-byte sequences outweigh any declaration.
  if (broken === 0 && sequences > 0) return said.find((name) => name.startsWith('iso-2022')) ?? 'utf-8';
  // ASCII throughout, and no NUL: it is not UTF-16, whatever the header says.
  if (sequences + broken === 0) return said.find((name) => !name.startsWith('utf-16')) ?? 'utf-8';
  // A few broken bytes in plain UTF-8 are a cut or pasted fragment, not another encoding.
  if (sequences > 20 * broken) return 'utf-8';
  const other = said.find((name) => name !== 'utf-8');
  if (other === undefined) return guessChinese(bytes);
  if (other !== 'gb18030' && other !== 'big5') {
    // Western single-byte labels on Chinese bytes are a server's default, not a statement.
    if (MULTIBYTE.has(other) || other === 'iso-2022-jp') return other;
    const guess = guessChinese(bytes);
    return plausibility(new TextDecoder(guess).decode(bytes.subarray(0, 200_000))) > 0.15 ? guess : other;
  }
  const guess = guessChinese(bytes);
  if (guess === other) return other;
  const score = (name: string) => plausibility(new TextDecoder(name).decode(bytes.subarray(0, 200_000)));
  return score(guess) > score(other) + 0.1 ? guess : other;
}

/** Bytes of 7 bits in which `~{` and `~}` enclose GB 2312 (RFC 1843). Browsers refuse it for what scripts could hide in it. */
function decodeHz(bytes: Uint8Array): string {
  const gb = Buffer.from(bytes);
  for (let i = 0, inside = false; i < gb.length; i++) {
    if (gb[i] === 0x7e && (gb[i + 1] === 0x7b || gb[i + 1] === 0x7d)) {
      inside = gb[i + 1] === 0x7b;
      i += 1;
    } else if (gb[i] === 0x0a) inside = false;
    else if (inside) gb[i] = (gb[i] ?? 0) | 0x80;
  }
  return new TextDecoder('gb18030')
    .decode(gb)
    .replace(/~[{}\n]/g, '')
    .replaceAll('~~', '~');
}

function decode(bytes: Uint8Array, charset: string): string {
  if (charset === 'hz') return decodeHz(bytes);
  // Node's own table lacks the characters of Hong Kong.
  if (charset === 'big5') return iconv.decode(bytes, 'big5-hkscs');
  return (charset === 'utf-8' ? UTF8 : new TextDecoder(charset)).decode(bytes);
}

const UTF8 = new TextDecoder();

/**
 * The text of an HTTP body. `contentType` is the response header as received, or null. The declared charset counts as
 * far as the bytes bear it out; text that somebody had decoded wrongly before it was stored is put right where that is
 * still possible. Never throws: what cannot be read becomes U+FFFD, counted in `replaced`.
 */
export function decodeBody(bytes: Uint8Array, contentType: string | null): Decoded {
  const charset = choose(bytes, contentType);
  const decoded = decode(bytes, charset);
  const mended = charset === 'utf-8' ? mend(decoded) : null;
  const text = (mended ?? decoded).replaceAll('\0', '').toWellFormed();
  return { text, charset, replaced: countReplaced(text) };
}
