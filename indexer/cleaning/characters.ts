/**
 * Characters that no reader sees or that break an engine: controls but tab and newline (NUL stops PostgreSQL), zero-width
 * and directional marks, private use (search marks its hits with them), byte order marks, non-characters.
 */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff\ufff9-\uffff]/gu;

const PLAIN = 0;
/** A space or a line break as they stay. */
const SPACE = 1;
/** Whatever else has to be looked at: unseen, another white space, half of a pair. */
const ODD = 2;

let KINDS: Uint8Array | null = null;

/**
 * Text as a person sees it: well-formed, no unseen characters, spaces folded, empty lines gone; cut to `max` UTF-16
 * units, never inside a character. Most texts are so already, which one look at each unit tells.
 */
export function tidy(text: string, max: number): string {
  if (text.length <= max && isTidy(text)) return text;
  return text
    .slice(0, max)
    .toWellFormed()
    .replace(UNSEEN, '')
    .split(/[\n\u2028\u2029]/u)
    .map((line) => line.replace(/\s+/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

function isTidy(text: string): boolean {
  KINDS ??= makeKinds();
  const kinds = KINDS;
  let before = SPACE;
  for (let at = 0; at < text.length; at += 1) {
    const kind = kinds[text.charCodeAt(at)] as number;
    if (kind === ODD || (kind === SPACE && before === SPACE)) return false;
    before = kind;
  }
  return (before === PLAIN || text === '') && text.isWellFormed();
}

function makeKinds(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  for (let unit = 0; unit < 0x10000; unit += 1) {
    const character = String.fromCharCode(unit);
    if (character === ' ' || character === '\n') kinds[unit] = SPACE;
    else if (/\s/u.test(character) || character.replace(UNSEEN, '') === '') kinds[unit] = ODD;
  }
  return kinds;
}
