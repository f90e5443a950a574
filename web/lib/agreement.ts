import { percent } from './format.ts';

/** With fewer reviews a share says nothing, and would be read as if it did. */
export const LEAST_REVIEWS = 20;

export type Counted = { n: number; agreed: number };

/** The share of reviews in which the program was right, in words; null: too few to say. */
export function agreementOf({ n, agreed }: Counted): string | null {
  return n < LEAST_REVIEWS ? null : percent(agreed, n);
}

/** 95 % interval of that share in whole percent (Wilson's score interval); null: too few to say. */
export function intervalOf({ n, agreed }: Counted): { low: number; high: number } | null {
  if (n < LEAST_REVIEWS) return null;
  const z = 1.96;
  const share = agreed / n;
  const middle = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  // Where all or none agree, the bound is 1 or 0 but for rounding.
  const low = Math.max(0, Math.floor((middle - half) * 100));
  return { low, high: Math.min(100, Math.ceil((middle + half) * 100)) };
}
