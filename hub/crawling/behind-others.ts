import { constants, setPriority } from 'node:os';

/**
 * Whoever reads a page at the desk, and the search engine, go before visits when there is not enough processor for all: a
 * source may be read a moment later. With the engine left behind, a flood also takes longer as a whole: it works in one
 * thread, which at the end would have to catch up alone.
 */
export function stayBehindOthers(): void {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
}
