import type { KnownWatch } from '../knowledge.ts';
import { names } from './names.ts';
import { parseQuery } from './parser.ts';
import { WatchSet, type CompiledWatch } from './watch-set.ts';

/**
 * Compiles the watches as the desk has them. Each was read without a fault when it was saved; one that is not understood any
 * more (a line that was renamed) matches nothing, and the others go on.
 */
export function compileWatches(watches: readonly KnownWatch[]): WatchSet {
  const compiled: CompiledWatch[] = [];
  for (const { id, officeId, query } of watches) {
    const parsed = parseQuery(query, names);
    if ('query' in parsed) compiled.push({ id, officeId, query: parsed.query });
  }
  return new WatchSet(compiled);
}
