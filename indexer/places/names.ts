import { divisionAbove, divisions, levelOf, placeWords } from '../../config/divisions.ts';

/** One string under which texts speak of divisions. */
export type PlaceName = {
  text: string;
  /** Codes of the divisions that it may mean, the highest first. */
  codes: readonly string[];
  /** With its ending ("…city"); without it a name is short, and more often something else. */
  full: boolean;
  /** Is also an ordinary word, or a district of many cities. */
  ordinary: boolean;
  /** Short, of county level, and known to everybody. */
  known: boolean;
};

/** A short form has at least this many characters. */
const LEAST_SHORT = 2;

/**
 * All names of all divisions (GB/T 2260): full, short, of autonomous divisions also without their peoples, and those
 * from the list (abbreviations, names of old). A full name of today wins over what others were once called.
 */
export function placeNames(): PlaceName[] {
  const found = new Map<string, { codes: Set<string>; full: boolean }>();
  const add = (text: string, code: string, full: boolean) => {
    const name = found.get(text) ?? { codes: new Set<string>(), full };
    name.codes.add(code);
    name.full ||= full;
    found.set(text, name);
  };
  const all = [...divisions].map(([code, name]) => ({ code, name, ...parted(name) }));
  for (const { code, name } of all) add(name, code, true);
  const official = new Set(found.keys());
  for (const [code, names] of Object.entries(placeWords.also))
    for (const name of names) if (!official.has(name)) add(name, code, hasEnding(name));
  for (const { code, ending, base } of all) {
    if (base.length < LEAST_SHORT) continue;
    add(base, code, false);
    const others = placeWords.autonomous[ending] ?? (levelOf(code) === 1 ? [placeWords.prefecture] : []);
    for (const other of others) if (!official.has(base + other)) add(base + other, code, true);
  }
  const ordinary = new Set(placeWords.ordinary);
  const known = new Set(placeWords.known);
  return [...found].map(([text, { codes, full }]) => ({
    text,
    codes: meant(codes),
    full,
    ordinary: ordinary.has(text),
    known: known.has(text),
  }));
}

/** A full name without its ending, and of an autonomous division without its peoples. */
function parted(name: string): { ending: string; base: string } {
  const ending = placeWords.suffixes.find((suffix) => name.endsWith(suffix)) ?? '';
  let base = name.slice(0, name.length - ending.length);
  if (!Object.hasOwn(placeWords.autonomous, ending)) return { ending, base };
  for (let people: string | undefined; ; base = base.slice(0, base.length - people.length)) {
    const ends = (one: string) => base.length > one.length && base.endsWith(one);
    people = placeWords.peoples.find(ends);
    if (people === undefined) return { ending, base };
  }
}

const hasEnding = (name: string) =>
  name.length > LEAST_SHORT && placeWords.suffixes.some((suffix) => name.endsWith(suffix));

/** A province bears its name before all others, and a city before the county within it. */
function meant(codes: ReadonlySet<string>): string[] {
  const sorted = [...codes].sort((a, b) => levelOf(a) - levelOf(b) || a.localeCompare(b));
  const first = sorted[0];
  if (first !== undefined && levelOf(first) === 0) return [first];
  return sorted.filter((code) => !codes.has(divisionAbove(code) ?? ''));
}
