import iconv from 'iconv-lite';

// The commonest characters of both scripts: text decoded with the right table is full of them.
const COMMON = new Set(
  '的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過发發后後作里，。、：；“”「」！？（）《》',
);

/** How much a decoded sample looks like Chinese: common characters per non-ASCII one, less what could not be read. */
export function plausibility(text: string): number {
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

/** What UTF-8 looks like when it is read as GBK: the first two bytes of 的, of comma and stop, and their like. */
const AS_GBK = new Set(Array.from('鐨锛銆鍦涓浜绗鏄鍙鏈鍜鎴鏂鍥杩绯', (char) => char.charCodeAt(0)));

/** So many characters beyond ASCII tell whether a page is one that was decoded wrongly, and so far they are looked for. */
const TELLING = 400;
const LOOKED_AT = 20_000;

/**
 * A page whose UTF-8 somebody had read as GBK or as Latin-1 before storing it as UTF-8 again (妫€瀵熼櫌 for 检察院): the
 * text before that. Null when it is no such page. What got lost on the way is U+FFFD.
 */
export function mend(text: string): string | null {
  const table = misreadAs(text);
  if (table === null) return null;
  const bytes = table === 'gb18030' ? iconv.encode(text, table) : latinBytes(text);
  const mended = new TextDecoder().decode(bytes);
  const better = plausibility(mended.slice(0, LOOKED_AT)) - plausibility(text.slice(0, LOOKED_AT));
  return better > 0.15 && countReplaced(mended) < mended.length * 0.1 ? mended : null;
}

function misreadAs(text: string): 'gb18030' | 'latin' | null {
  let foreign = 0;
  let gbk = 0;
  let latin = 0;
  const end = Math.min(text.length, LOOKED_AT);
  for (let i = 0; i < end && foreign < TELLING; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    foreign++;
    // The first byte of a Chinese character in UTF-8, as Latin-1 has it.
    if (code >= 0xe3 && code <= 0xe9) latin++;
    else if (AS_GBK.has(code)) gbk++;
  }
  if (foreign < 20) return null;
  return latin > foreign * 0.2 ? 'latin' : gbk > foreign * 0.05 ? 'gb18030' : null;
}

/** Windows-1252, with the five bytes that it leaves undefined as Latin-1 has them. */
function latinBytes(text: string): Uint8Array {
  const bytes = iconv.encode(text, 'win1252');
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80 && code < 0xa0 && bytes.length === text.length) bytes[i] = code;
  }
  return bytes;
}

/** Characters that say that something could not be read: U+FFFD, and 锟斤拷, which is two of them read as GBK. */
export function countReplaced(text: string): number {
  let count = 0;
  for (const sign of ['\ufffd', '锟斤拷'])
    for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) count++;
  return count;
}
