import { BurstDetector } from '../../../indexer/warnings/burst-detector.ts';
import { ShareDetector } from '../../../indexer/warnings/share-detector.ts';
import { Chance } from '../../../tests/support/chance.ts';
import type { Series } from './nab-data.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SERIES = 40;

/** Two thirds of a day's posts in its one half, weekends with half as many. */
function rhythm(mean: number, at: number): number {
  return mean * (1 + 0.8 * Math.sin((at / DAY) * 2 * Math.PI)) * ((at / DAY) % 7 < 5 ? 1.2 : 0.5);
}

/** Counts by the hour that follow their rhythm and nothing else, and bursts of twelve hours put into them. */
export function calm(): void {
  console.log(`\nhourly counts with a daily and weekly rhythm, made up: ${SERIES} series of 90 days each`);
  for (const mean of [0.02, 0.2, 1, 5, 30]) {
    const chance = new Chance(3);
    const more = 4 * Math.sqrt(mean) + 3;
    let false90 = 0;
    let found = 0;
    let total = 0;
    let delay = 0;
    for (let index = 0; index < SERIES; index += 1) {
      const quiet = new BurstDetector();
      const busy = new BurstDetector();
      let told = true;
      for (let at = 0; at < 90 * DAY; at += HOUR) {
        const into = (at - 30 * DAY) % (10 * DAY);
        const inside = at >= 30 * DAY && into < 12 * HOUR;
        if (isRising(quiet.next(at, chance.poisson(rhythm(mean, at))))) false90 += 1;
        const seen = isRising(busy.next(at, chance.poisson(rhythm(mean, at) + (inside ? more : 0))));
        if (inside && into === 0) {
          told = false;
          total += 1;
        }
        if (!seen || !inside || told) continue;
        told = true;
        found += 1;
        delay += into / HOUR;
      }
    }
    console.log(
      `mean ${mean}: ${(false90 / SERIES).toFixed(2)} false rising bursts in 90 days; of those put in (+${more.toFixed(1)} an hour) ` +
        `${found} of ${total} found, after ${(1 + delay / Math.max(1, found)).toFixed(1)} hours`,
    );
  }
}

/** Hours that grow by a share of the usual each day: told, as what, and when. */
export function growth(): void {
  console.log('\nslow growth, 2 posts an hour and a daily rhythm, growing from day 45');
  for (const perDay of [0.05, 0.1, 0.2, 0.4]) {
    const chance = new Chance(11);
    const days: number[] = [];
    let shifts = 0;
    for (let index = 0; index < SERIES; index += 1) {
      const detector = new BurstDetector();
      for (let at = 0; at < 75 * DAY; at += HOUR) {
        const grown = 1 + perDay * Math.max(0, at / DAY - 45);
        const verdict = detector.next(
          at,
          chance.poisson(2 * (1 + 0.6 * Math.sin((at / DAY) * 2 * Math.PI)) * grown),
        );
        if (at < 45 * DAY || !isRising(verdict)) continue;
        days.push(at / DAY - 45);
        if (verdict.kind === 'shift') shifts += 1;
        break;
      }
    }
    const day = median(days);
    console.log(
      `+${perDay * 100} % of usual a day: found ${days.length} of ${SERIES}, on day ${day.toFixed(1)} ` +
        `(then ${(1 + perDay * day).toFixed(1)} times the usual), told as a shift: ${shifts}`,
    );
  }
}

/** A share of 20 % that is 60 % for twelve hours; once as chance has it, once with a share that wanders. */
export function shares(): void {
  console.log('\nnegative share, usually 20 %, 60 % for 12 hours every 10 days; 30 series of 90 days each');
  for (const wander of [0, 0.5]) {
    for (const mean of [0.3, 1, 3, 10, 50]) {
      const chance = new Chance(5);
      let rising = 0;
      let found = 0;
      let total = 0;
      for (let index = 0; index < 30; index += 1) {
        const detector = new ShareDetector();
        let told = true;
        let off = 0;
        for (let at = 0; at < 90 * DAY; at += HOUR) {
          const into = (at - 30 * DAY) % (10 * DAY);
          const inside = at >= 30 * DAY && into < 12 * HOUR;
          if (inside && into === 0) {
            told = false;
            total += 1;
          }
          off = 0.9 * off + wander * Math.sqrt(1 - 0.81) * chance.normal();
          const share = inside ? 0.6 : 1 / (1 + 4 * Math.exp(-off));
          const whole = chance.poisson(mean * (1 + 0.7 * Math.sin((at / DAY) * 2 * Math.PI)));
          let part = 0;
          for (let post = 0; post < whole; post += 1) if (chance.next() < share) part += 1;
          if (!isRising(detector.next(at, part, whole))) continue;
          if (!inside) rising += 1;
          else if (!told) {
            told = true;
            found += 1;
          }
        }
      }
      console.log(
        `${mean} posts an hour${wander > 0 ? ', share wandering by half its odds' : ''}: found ${found} of ${total}, ` +
          `false rising in 90 days ${(rising / 30).toFixed(2)}`,
      );
    }
  }
}

/** The tweet series with holes of two to fourteen hours; once known as holes, once filled with zeros. */
export function gaps(series: readonly Series[]): void {
  console.log('\nholes in collection, tweet series');
  for (const mode of ['not known', 'not known, all of it comes back at once', 'taken for zeros'] as const) {
    const chance = new Chance(7);
    let holes = 0;
    let bursts = 0;
    for (const { at, value, windows } of series) {
      const [whole, holed] = [new BurstDetector(), new BurstDetector()];
      let end = 0;
      let piled = 0;
      for (let row = 0; row < at.length; row += 1) {
        const known = whole.next(at[row] ?? 0, value[row] ?? 0).burst;
        const apart = windows.every(({ first, last }) => row + 240 < first || row > last + 40);
        if (row > 1000 && row > end + 60 && apart && chance.next() < 0.005) {
          end = row + 24 + Math.floor(chance.next() * 144);
          holes += 1;
        }
        if (row < end) {
          piled += value[row] ?? 0;
          if (holed.next(at[row] ?? 0, mode === 'taken for zeros' ? 0 : Number.NaN).burst) bursts += 1;
          continue;
        }
        const back = mode.endsWith('at once') ? piled : 0;
        const burst = holed.next(at[row] ?? 0, (value[row] ?? 0) + back).burst;
        piled = 0;
        if (burst && !known && end > 0 && row < end + 36) bursts += 1;
      }
    }
    console.log(`${mode}: ${holes} holes, ${bursts} bursts told in them or in the three hours after`);
  }
}

function isRising({ burst, direction }: { burst: boolean; direction: number }): boolean {
  return burst && direction > 0;
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? Number.NaN;
}
