import { z } from 'zod';
import divisionsFile from './defaults/divisions.json' with { type: 'json' };
import wordsFile from './defaults/place-words.json' with { type: 'json' };

/** Of the division tree: province, city, county. */
export type DivisionLevel = 0 | 1 | 2;

const code = z.string().regex(/^[1-9]\d{5}$/);
const word = z.string().min(1);
const words = z.array(word);

/** GB/T 2260 code → full name, in order of the codes: all provincial, prefectural and county divisions. */
export const divisions: ReadonlyMap<string, string> = new Map(
  Object.entries(z.record(code, word).parse(divisionsFile)),
);

/** How texts speak of divisions, and what stands beside a name that makes it something else. */
export const placeWords = z
  .strictObject({
    /** Names beside the full one and its short form: abbreviations, names of old. */
    also: z.record(code, words),
    /** Short forms (and full names) that are also something else: they count with their city or an institution only. */
    ordinary: words,
    /** Short forms of county level that everybody knows. */
    known: words,
    /** What holds a name and names no place. */
    phrases: words,
    /** What ends a full name; the longer stand before the shorter. */
    suffixes: words,
    /** How the ending of an autonomous division is shortened. */
    autonomous: z.record(word, words),
    /** What cities were called before they were cities. */
    prefecture: word,
    /** Peoples in the names of autonomous divisions. */
    peoples: words,
    /** Weight → institutions that stand right behind the name of what they serve. */
    institutions: z.record(z.string().regex(/^\d+$/), words),
    /** Right before a name: somebody's home, or where a platform says that a post was sent from. */
    notBefore: words,
    /** Right behind a name: somebody's origin, an outlet, a firm, a dish, a street; and what begins alike but counts. */
    notAfter: words,
    notAfterBut: words,
    /** Right behind a name: says little about the place. */
    faintAfter: words,
    /** What ends the name of a city, and what stands before that where it names none ("our city"). */
    cityEndings: words,
    own: words,
    /** What may stand before a name of two characters that ends in "county". */
    boundary: words,
  })
  .parse(wordsFile);

/** Level in the tree, as the code says. */
export function levelOf(division: string): DivisionLevel {
  return division.endsWith('0000') ? 0 : division.endsWith('00') ? 1 : 2;
}

/** The division above; null for provinces. Counties that a province (or municipality) governs itself have no city. */
export function divisionAbove(division: string): string | null {
  const level = levelOf(division);
  if (level === 0) return null;
  const city = `${division.slice(0, 4)}00`;
  return level === 2 && divisions.has(city) ? city : `${division.slice(0, 2)}0000`;
}

/** From the province down to the division itself; empty where the code is not known. */
export function divisionPath(division: string): string[] {
  const path: string[] = [];
  for (let at: string | null = divisions.has(division) ? division : null; at !== null; at = divisionAbove(at))
    path.unshift(at);
  return path;
}

/** As people write it, from the province down; null where the code is not known. */
export function placeName(division: string): string | null {
  return (
    divisionPath(division)
      .map((each) => divisions.get(each))
      .join('') || null
  );
}
