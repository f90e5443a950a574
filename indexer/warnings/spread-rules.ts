import type { SpreadRule } from '../../config/spread.ts';

/** One finished cascade: how often it was reposted, and after how many seconds it had reached each count of `steps`. */
export interface Finished {
  size: number;
  after: readonly number[];
}

/** Counts at which the time is kept: each half as many again as the one before, so that few serve any size. */
export const steps: readonly number[] = Array.from({ length: 20 }, (_, index) =>
  Math.round(8 * 1.35 ** index),
);

export interface SpreadSetting {
  /** The share of the pool that counts as large. */
  large: number;
  /** A large one is to be warned of before this share of its reposts. */
  before: number;
  /** The share of the large ones whose pace the last rule must allow, and how much slower still. */
  pass: number;
  slack: number;
  /** Early rules ask for less time than the fastest small cascade took, by this factor. */
  faster: number;
}

export const usualSetting: SpreadSetting = {
  large: 0.05,
  before: 0.1985,
  pass: 0.96,
  slack: 1,
  faster: 0.15,
};

/**
 * The rules a pool teaches. The last one asks for the count that the least of the large cascades has at the share
 * wanted, within the time that nearly all of them needed. The early ones ask for a pace that no cascade ending
 * below that count ever had.
 */
export function learnRules(pool: readonly Finished[], setting: SpreadSetting = usualSetting): SpreadRule[] {
  const sizes = pool.map(({ size }) => size).sort((a, b) => b - a);
  const least = sizes[Math.max(0, Math.round(pool.length * setting.large) - 1)] ?? 0;
  const last = Math.floor(setting.before * least);
  const large = pool.filter(({ size }) => size >= least).map((one) => timeTo(last, one));
  const small = pool.filter(({ size }) => size <= last);
  const rules: SpreadRule[] = [];
  for (const count of steps.filter((step) => step < last)) {
    const times = small.filter(({ size }) => size >= count).map((one) => timeTo(count, one));
    // The fastest of a handful says little about the fastest there can be.
    if (times.length >= 20) rules.push({ count, within: setting.faster * Math.min(...times) });
  }
  large.sort((a, b) => a - b);
  const allowed = large[Math.min(large.length - 1, Math.floor(setting.pass * large.length))] ?? 0;
  rules.push({ count: last, within: setting.slack * allowed });
  return rules;
}

/** When a cascade reached a count, between the kept steps by proportion of logarithms. */
function timeTo(count: number, { after }: Finished): number {
  const above = steps.findIndex((step) => step >= count);
  const last = after.length - 1;
  if (above <= 0) return after[0] ?? Infinity;
  if (above > last) return after[last] ?? Infinity;
  const low = steps[above - 1] ?? 1;
  const high = steps[above] ?? 1;
  const share = Math.log(count / low) / Math.log(high / low);
  const from = Math.log(1 + (after[above - 1] ?? 0));
  return Math.exp(from + share * (Math.log(1 + (after[above] ?? 0)) - from)) - 1;
}
