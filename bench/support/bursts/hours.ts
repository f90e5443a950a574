import { BurstDetector } from '../../../indexer/warnings/burst-detector.ts';
import type { Series } from './nab-data.ts';

const HOUR = 3_600_000;
const MINUTES = 5;

/**
 * The tweet series counted by the hour, as the hub counts, and looked at every five minutes by `during`: how many episodes (looks with
 * less than twelve hours between) are told, how many of them outside the windows of the benchmark, and how much sooner than
 * at the end of the hour.
 */
export function hours(series: readonly Series[]): void {
  console.log(
    '\nhours that have not ended, tweet series at a thirtieth of their size, looked at every 5 minutes',
  );
  for (const thinned of [1, 30]) {
    let told = 0;
    let outside = 0;
    let windowsFound = 0;
    let windowsAll = 0;
    let days = 0;
    for (const { at, value, windows } of series) {
      const detector = new BurstDetector();
      const found = new Set<number>();
      let hour = Math.floor((at[0] ?? 0) / HOUR);
      let count = 0;
      let last = -Infinity;
      for (let row = 0; row < at.length; row += 1) {
        const time = at[row] ?? 0;
        if (Math.floor(time / HOUR) !== hour) {
          detector.next(hour * HOUR, Math.round(count / thinned));
          hour = Math.floor(time / HOUR);
          count = 0;
        }
        count += value[row] ?? 0;
        const { burst } = detector.during(hour * HOUR, time + MINUTES * 60_000, Math.round(count / thinned));
        if (!burst) continue;
        const inside = windows.findIndex(({ first, last: end }) => row >= first && row <= end);
        if (inside >= 0) found.add(inside);
        if (time - last > 12 * HOUR) {
          told += 1;
          if (inside < 0) outside += 1;
        }
        last = time;
      }
      windowsFound += found.size;
      windowsAll += windows.length;
      days += ((at.at(-1) ?? 0) - (at[0] ?? 0)) / (24 * HOUR);
    }
    console.log(
      `counts ${thinned === 1 ? 'as they are' : `divided by ${thinned}`}: ${told} episodes in ${days.toFixed(0)} days, ` +
        `${outside} outside the windows; ${windowsFound} of ${windowsAll} windows found`,
    );
  }
}
