import { lineNames } from '../../config/class-names.ts';
import { divisions, placeName } from '../../config/divisions.ts';
import { placeNames } from '../places/names.ts';
import type { Names } from './parser.ts';

/** What queries may call lines and places. */
export const names: Names = {
  lines: Object.values(lineNames),
  line(name) {
    if (Object.hasOwn(lineNames, name)) return name;
    // Also shortened, as long as it can only be one; of two, the one that is nearer.
    const fitting =
      name.length < 2 ? [] : Object.entries(lineNames).filter(([, full]) => full.startsWith(name));
    return fitting.toSorted((a, b) => a[1].length - b[1].length)[0]?.[0] ?? null;
  },
  place: (name) => (byName ??= placesByName()).get(name) ?? [],
};

/** Made when a query first names a place by its name. */
let byName: ReadonlyMap<string, readonly string[]> | null = null;

/** Every name → the codes that it may mean; with all that is above it, a division is told from others of its name. */
function placesByName(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const code of divisions.keys()) found.set(placeName(code) as string, [code]);
  for (const { text, codes } of placeNames()) found.set(text, codes);
  return found;
}
