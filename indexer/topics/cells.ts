/** Counters of a vocabulary: a feature's is told by the upper bits of its hash. */
export const CELLS = 2 ** 20;

export const cellOf = (feature: number): number => feature >>> 12;
