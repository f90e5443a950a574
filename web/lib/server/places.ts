import { divisions, levelOf, placeName } from '../../../config/divisions.ts';

export type Place = { code: string; name: string };

const MOST = 20;

/** Divisions whose name holds these letters, provinces first; the whole name from the province down. */
export function findPlaces(text: string): Place[] {
  const wanted = text.replaceAll(/\s/gu, '');
  if (wanted === '') return [];
  const found: (Place & { rank: number })[] = [];
  for (const [code, own] of divisions) {
    const name = placeName(code) ?? own;
    if (!own.includes(wanted) && !name.includes(wanted)) continue;
    // What is called so itself stands before what lies within.
    const rank = (own.startsWith(wanted) ? 0 : own.includes(wanted) ? 4 : 8) + levelOf(code);
    found.push({ code, name, rank });
  }
  return found
    .toSorted((a, b) => a.rank - b.rank || a.code.localeCompare(b.code))
    .slice(0, MOST)
    .map(({ code, name }) => ({ code, name }));
}

/** The division of a form: the code that the picker has put in, or the one and only that is called as was typed. */
export function placeOf(code: string, typed: string): string | null {
  if (code !== '' && divisions.has(code)) return code;
  const wanted = typed.replaceAll(/\s/gu, '');
  if (wanted === '') return null;
  const same = [...divisions].filter(([each, own]) => own === wanted || placeName(each) === wanted);
  return same.length === 1 ? (same[0]?.[0] ?? null) : null;
}

export { placeName };
