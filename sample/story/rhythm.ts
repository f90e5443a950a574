import { shanghai } from './time.ts';

/** Shares of a day per hour for people who post from home and from the bus. */
const people = [
  0.35, 0.2, 0.12, 0.08, 0.08, 0.15, 0.45, 0.9, 1.7, 1.75, 1.6, 1.15, 1.6, 1.55, 1.0, 0.95, 0.95, 1.05, 1.2,
  1.7, 1.85, 1.85, 1.6, 0.8,
];
/** The same for newsrooms and offices. */
const desk = [
  0.05, 0.03, 0.02, 0.02, 0.03, 0.1, 0.6, 1.6, 2.4, 2.5, 2.3, 1.6, 1.1, 1.0, 1.5, 1.8, 1.9, 1.7, 1.2, 0.9,
  0.7, 0.5, 0.3, 0.15,
];

function mean(shares: readonly number[]): number {
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
const peopleMean = mean(people);
const deskMean = mean(desk);

/** How much busier than average this moment is; 1 is an average hour of an average day. */
export function rhythm(at: number, who: 'people' | 'desk'): number {
  const { hour, weekday } = shanghai(at);
  const weekend = weekday === 0 || weekday === 6;
  const [shares, average, quiet] = who === 'people' ? [people, peopleMean, 0.68] : [desk, deskMean, 0.4];
  // 5 working days and 2 quiet ones average to 1.
  const scale = 7 / (5 + 2 * quiet);
  return ((shares[hour] ?? 1) / average) * scale * (weekend ? quiet : 1);
}

/** True in the hours in which hardly anybody answers. */
export function asleep(at: number): boolean {
  const { hour } = shanghai(at);
  return hour >= 1 && hour < 6;
}
