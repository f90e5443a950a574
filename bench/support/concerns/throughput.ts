import { Concerns } from '../../../indexer/topics/concerns.ts';
import { manyConcerns } from './stream.ts';

/** As many posts as the hub groups in one transaction. */
const PORTION = 400;
const SHOWN = [10_000, 25_000, 50_000, 100_000];
const EVERY = 100_000;

/**
 * Posts a second of processor time that `Concerns` takes, settling, telling of changes and saving included; making the posts is not.
 */
export function measureThroughput(
  count: number,
  pool: readonly string[],
  say: (line: string) => void,
): number {
  const concerns = new Concerns();
  let [all, since, shown, told] = [0, 0, 0, 0];
  let portion: Parameters<Concerns['add']>[0][] = [];
  const group = () => {
    const before = process.cpuUsage();
    for (const post of portion) concerns.add(post);
    // As fast as they come: by the clock nothing would be due.
    const settled = concerns.due(0);
    if (settled) concerns.settle(0);
    told += concerns.take().moved.length;
    if (settled) concerns.snapshot();
    else concerns.journal();
    const { user, system } = process.cpuUsage(before);
    all += user + system;
    since += user + system;
    portion = [];
  };
  let n = 0;
  say('Posts a second (processor time), told of in portions of 400:');
  for (const post of manyConcerns(count, pool)) {
    portion.push(post);
    n += 1;
    if (portion.length === PORTION || n === count) group();
    if (n === count || SHOWN.includes(n) || n % EVERY === 0) {
      const { live, kept } = concerns.facts;
      const speed = Math.round((1e6 * (n - shown)) / since);
      say(
        `  up to ${n}: ${speed} (${live} texts live, ${kept} concerns kept of older ones, ${(told / n).toFixed(2)} told a post)`,
      );
      [since, shown] = [0, n];
    }
  }
  return Math.round((1e6 * n) / all);
}
