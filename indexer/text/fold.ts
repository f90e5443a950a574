import traditionalFile from '../../config/defaults/traditional.json' with { type: 'json' };

/** Of a unit in `TABLE`: the whole text has to go through Unicode's own rules. No text that was cleaned holds a NUL. */
const BY_RULE = 0;

/** High surrogates whose characters fold into themselves: most emoji, and the ideographs of plane 2. */
const PLAIN_PLANES = [[0xd83d, 0xd83e] as const, [0xd840, 0xd87d] as const];

/** From so many traditional characters on, a text is read as traditional where a character could be either. */
const TRADITIONAL_FROM = 2;

/** Folded unit for each UTF-16 unit; made when first needed. */
let TABLE: Uint16Array | null = null;
let scratch = Buffer.alloc(2 * 4096);

/**
 * The form in which texts and what is looked for in them are compared: simplified characters, NFKC, lower case. One
 * traditional character becomes one simplified one, which is enough to find words; what a character means beside others is
 * looked at for a few only (config/defaults/traditional.json).
 */
export function fold(text: string): string {
  const table = (TABLE ??= makeTable());
  return unitByUnit(text, table, false) ?? byRule(text, table);
}

/** The same as far as it can be done unit for unit: what stands at a place there stands at the same place in the text. */
export function foldInPlace(text: string): string {
  const table = (TABLE ??= makeTable());
  return unitByUnit(text, table, true) as string;
}

/** Null when a character needs Unicode's own rules, and is not to be left as it is. */
function unitByUnit(text: string, table: Uint16Array, leaveRest: boolean): string | null {
  let from = 0;
  while (from < text.length && table[text.charCodeAt(from)] === text.charCodeAt(from)) from += 1;
  if (from === text.length) return text;
  if (scratch.length < 2 * text.length) scratch = Buffer.alloc(2 * text.length);
  const units = new Uint16Array(scratch.buffer, scratch.byteOffset, text.length);
  let traditional = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    let folded = table[unit] as number;
    if (folded === BY_RULE) {
      if (!leaveRest) return null;
      folded = unit;
    } else if (folded !== unit && unit >= 0x4e00 && unit <= 0x9fff) traditional += 1;
    units[at] = folded;
  }
  const folded = scratch.toString('utf16le', 0, 2 * text.length);
  return traditional < TRADITIONAL_FROM ? folded : inContext(folded);
}

/** Where a character becomes several, or several one. */
function byRule(text: string, table: Uint16Array): string {
  let folded = '';
  let traditional = 0;
  for (const unit of text.normalize('NFKC').toLowerCase().normalize('NFKC')) {
    const code = unit.charCodeAt(0);
    const to = unit.length > 1 || table[code] === BY_RULE ? unit : String.fromCharCode(table[code] as number);
    if (to !== unit) traditional += 1;
    folded += to;
  }
  return traditional < TRADITIONAL_FROM ? folded : inContext(folded);
}

function inContext(folded: string): string {
  let result = folded;
  for (const { from, to, notAfter, notBefore } of traditionalFile.inContext) {
    if (!result.includes(from)) continue;
    result = result.replaceAll(from, (_, at: number, all: string) => {
      const before = all[at - 1];
      const after = all[at + 1];
      const stays =
        (before !== undefined && notAfter.includes(before)) ||
        (after !== undefined && notBefore.includes(after));
      return stays ? from : to;
    });
  }
  return result;
}

function makeTable(): Uint16Array {
  const simplified = new Map<string, string>();
  for (let at = 0; at < traditionalFile.traditional.length; at += 1)
    simplified.set(traditionalFile.traditional[at] as string, traditionalFile.simplified[at] as string);
  const table = new Uint16Array(0x10000);
  for (let unit = 0; unit < 0x10000; unit += 1) table[unit] = foldedUnit(unit, simplified);
  return table;
}

function foldedUnit(unit: number, simplified: ReadonlyMap<string, string>): number {
  if (unit >= 0xdc00 && unit <= 0xdfff) return unit;
  if (unit >= 0xd800 && unit <= 0xdbff)
    return PLAIN_PLANES.some(([first, last]) => unit >= first && unit <= last) ? unit : BY_RULE;
  const character = String.fromCharCode(unit);
  // Most of all units: ideographs, syllables of Korean and private use have no other form in NFKC, and no case.
  if ((unit >= 0x3400 && unit <= 0x9fff) || (unit >= 0xac00 && unit <= 0xf8ff))
    return (simplified.get(character) ?? character).charCodeAt(0);
  // Variation selectors stand behind emoji and compose with nothing.
  if (unit >= 0xfe00 && unit <= 0xfe0f) return unit;
  if (/[\p{M}\u1100-\u11ff]/u.test(character)) return BY_RULE;
  const folded = character.normalize('NFKC').toLowerCase().normalize('NFKC');
  return folded.length === 1 ? (simplified.get(folded) ?? folded).charCodeAt(0) : BY_RULE;
}
