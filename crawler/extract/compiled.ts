import { compile } from 'css-select';

type Compiled = ReturnType<typeof compile>;

const known = new Map<string, Compiled>();
const MOST = 5_000;

/** A selector ready to run: a source's selectors run on each of its pages. Throws on one that cannot be understood. */
export function compiled(selector: string): Compiled {
  const found = known.get(selector);
  if (found) return found;
  if (known.size >= MOST) known.clear();
  const made = compile(selector);
  known.set(selector, made);
  return made;
}
