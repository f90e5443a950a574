import { isAscii, isUtf8 } from 'node:buffer';

/** Bytes as text. */
export type Decoded = {
  /** Well-formed, without NUL and without a byte-order mark. */
  text: string;
  /** WHATWG name of the encoding used. */
  charset: string;
  /** How many U+FFFD the decoder had to write: 0 for a sound page. */
  replaced: number;
};

const DECLARATION_BYTES = 4096;
const MULTIBYTE = new Set(['gb18030', 'big5', 'euc-jp', 'shift_jis', 'euc-kr']);

/** WHATWG name for a declared charset, the GB family widened to gb18030; null when Node knows no such encoding. */
function known(label: string | undefined): string | null {
  const name = label
    ?.trim()
    .toLowerCase()
    .replace(/^["']+|["';]+$/g, '');
  if (!name) return null;
  if (/^(?:x-)?(?:gb|hz|cp936|ms936|windows-936|csgb|chinese)/.test(name)) return 'gb18030';
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

/** What a document says about itself: XML declaration, `<meta charset>` or http-equiv, in its first 4 kB. */
function declared(bytes: Uint8Array): string | null {
  const head = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    Math.min(bytes.length, DECLARATION_BYTES),
  ).latin1Slice();
  const xml = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']?([\w-]+)/i.exec(head);
  const meta = /<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w-]+)/i.exec(head);
  const name = known(meta?.[1]) ?? known(xml?.[1]);
  // A page that could be read as ASCII to find the word is not UTF-16, whatever it says.
  return name?.startsWith('utf-16') ? 'utf-8' : name;
}

/** UTF-16 without a mark shows as NULs in every second byte. */
function silentUtf16(bytes: Uint8Array): string | null {
  const size = Math.min(bytes.length, 512) & ~1;
  if (size < 8) return null;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < size; i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  if (odd > size * 0.2 && even === 0) return 'utf-16le';
  return even > size * 0.2 && odd === 0 ? 'utf-16be' : null;
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

// The commonest characters of both scripts: text decoded with the right table is full of them.
const COMMON = new Set(
  '的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過发發后後作里，。、：；“”「」！？（）《》',
);

/** How much a decoded sample looks like Chinese: common characters per non-ASCII one, less what could not be read. */
function plausibility(text: string): number {
  let common = 0;
  let odd = 0;
  let total = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x80) continue;
    total++;
    if (COMMON.has(char)) common++;
    else if (code === 0xfffd || (code >= 0xe000 && code < 0xf900) || code > 0xffff) odd++;
  }
  return total === 0 ? 0 : (common - 2 * odd) / total;
}

function guessChinese(bytes: Uint8Array): string {
  // Markup comes first on most pages: enough bytes to reach some text.
  const sample = bytes.subarray(0, 200_000);
  const [gb, big] = ['gb18030', 'big5'].map((name) => plausibility(new TextDecoder(name).decode(sample)));
  return (big ?? 0) > (gb ?? 0) ? 'big5' : 'gb18030';
}

/** The encoding to use: the mark, else the declarations as far as the bytes bear them out, else what the bytes say. */
function choose(bytes: Uint8Array, contentType: string | null): string {
  const mark = byteOrderMark(bytes) ?? silentUtf16(bytes);
  if (mark) return mark;
  const header = known(/charset\s*=\s*["']?\s*([\w-]+)/i.exec(contentType ?? '')?.[1]);
  const said = [header, declared(bytes)].filter((name): name is string => name !== null);
  const { sequences, broken } = utf8Evidence(bytes);
  // Chinese in GBK passes for UTF-8 only by rare accident, so clean multi-byte sequences outweigh any declaration.
  if (broken === 0 && sequences > 0) return said.find((name) => name.startsWith('iso-2022')) ?? 'utf-8';
  if (sequences + broken === 0) return said[0] ?? 'utf-8';
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

/**
 * The text of an HTTP body. `contentType` is the response header as received, or null. The declared charset counts as
 * far as the bytes bear it out. Never throws: what cannot be decoded becomes U+FFFD, counted in `replaced`.
 */
export function decodeBody(bytes: Uint8Array, contentType: string | null): Decoded {
  const charset = choose(bytes, contentType);
  const text = new TextDecoder(charset).decode(bytes).replaceAll('\0', '').toWellFormed();
  let replaced = 0;
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', at + 1)) replaced++;
  return { text, charset, replaced };
}
