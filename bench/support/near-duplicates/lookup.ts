import { sketchOf } from '../../../indexer/dedupe/sketch.ts';
import { fold } from '../../../indexer/text/fold.ts';
import { linkPosts } from '../../../store/likenesses.ts';
import { openStore } from '../../../store/pool.ts';
import { oneOffice, scoped } from '../../../store/scope.ts';
import type { Sketch } from '../../../store/sketches.ts';
import type { Chain } from './chain.ts';
import { drawText } from './million.ts';

const BATCHES = 20;
const BATCH = 200;
const SINGLE = 1_000;

/** @returns the mean time for one post in batches, in milliseconds */
export async function measureLookup(
  appUrl: string,
  officeId: number,
  chain: Chain,
  pages: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  const pool = openStore(appUrl, 'bench', { max: 1 });
  const store = scoped(pool, oneOffice(officeId));
  let id = 2 ** 40;
  // Every fifth is a page: stored, and long.
  const drawn = (many: number): { id: number; sketch: Sketch | null }[] =>
    Array.from({ length: many }, (_, n) => {
      const text = n % 5 === 0 ? chain.pick(pages) : drawText(chain);
      return { id: (id += 1), sketch: sketchOf(fold(text)) };
    });
  try {
    await linkPosts(store, officeId, drawn(BATCH));
    const batches: number[] = [];
    let links = 0;
    for (let n = 0; n < BATCHES; n += 1) {
      const posts = drawn(BATCH);
      const began = performance.now();
      links += (await linkPosts(store, officeId, posts)).size;
      batches.push((performance.now() - began) / BATCH);
    }
    const single: number[] = [];
    for (const post of drawn(SINGLE)) {
      const began = performance.now();
      await linkPosts(store, officeId, [post]);
      single.push(performance.now() - began);
    }
    const mean = batches.reduce((sum, each) => sum + each, 0) / batches.length;
    say(
      `looked up in batches of ${BATCH}: mean ${mean.toFixed(3)} ms a post, slowest batch ${quantile(batches, 1).toFixed(3)} (${links} linked); ` +
        `one by one: median ${quantile(single, 0.5).toFixed(2)} ms, p95 ${quantile(single, 0.95).toFixed(2)} ms`,
    );
    return Number(mean.toFixed(4));
  } finally {
    await pool.end();
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
