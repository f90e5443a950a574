import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { searchPosts } from '../../indexer/search/query.ts';
import type { SearchQuery } from '../../indexer/search/result.ts';
import { manyPosts } from './many-posts.ts';
import { fill, startSearchAlone } from './search-engine.ts';

const LEXICONS = '../shared/data/lexicons';
const NOW = Date.UTC(2026, 10, 22, 4);
const DAY = 86_400_000;
const ROUNDS = 20;

/** What people type: themes that stand in many posts, words that stand in few, several together, nothing at all. */
const TYPED = [
  ...['河道污染', '拖欠工资 检察院', '食品安全', '居民', '处理得很快 电信诈骗', '司法救助 希望公开', '版权'],
  ...[
    '未成年人保护',
    '"虚假诉讼" -整改',
    '检察听证 去年',
    '',
    '窨井盖 村民',
    '消费者 让人担心',
    '养老诈骗 立案',
  ],
];

/** One question of the desk after the other: words, times, filters and orders in turn. */
function questionOf(n: number): SearchQuery {
  const days = [30, 365, 7][n % 3] as number;
  return {
    text: TYPED[n % TYPED.length] as string,
    from: new Date(NOW - days * DAY),
    to: new Date(NOW + DAY),
    ...(n % 4 === 1 && { sentiments: ['negative'] as const }),
    ...(n % 5 === 2 && { kinds: ['post', 'comment'] as const }),
    ...(n % 7 === 3 && { lines: ['public-interest'] }),
    relevance: ['relevant'],
    sort: n % 4 === 3 ? 'relevance' : n % 8 === 2 ? 'heat' : 'time',
    page: n % 6 === 5 ? 2 : 1,
    perPage: 20,
  };
}

/** p95 of the desk's search in milliseconds. */
export async function latencyFigure(
  count: number,
  folder: string | undefined,
  say: (line: string) => void,
): Promise<number> {
  if (!existsSync(LEXICONS)) throw new Error(`the data for this benchmark is absent: ${LEXICONS}`);
  const engine = await startSearchAlone(folder);
  const { posts } = engine.search;
  try {
    if (!engine.filled) {
      await fill(engine.search, manyPosts(count, words(), NOW / 1000), say);
      if (folder !== undefined) writeFileSync(join(folder, 'filled'), '');
    }
    const all = ROUNDS * TYPED.length;
    const bare = (n: number) =>
      posts.search(questionOf(n).text, { limit: 20, locales: ['cmn'], matchingStrategy: 'all' });
    const desk = (n: number) => searchPosts(posts, null, questionOf(n));
    const unfaceted = (n: number) => {
      const { text, sort } = questionOf(n);
      return posts.search(text, {
        ...{ filter: ['copyOf IS NULL'], hitsPerPage: 20, locales: ['cmn'], matchingStrategy: 'all' },
        sort: sort === 'relevance' ? [] : ['at:desc'],
      });
    };
    for (let n = 0; n < TYPED.length; n += 1) await desk(n);
    const times: Record<string, number[]> = { desk: [], 'engine, no facets': [], 'engine, words alone': [] };
    for (let n = 0; n < all; n += 1) {
      // In turn, so that whatever the machine does besides falls on all alike.
      times['desk']?.push(await timed(() => desk(n)));
      times['engine, no facets']?.push(await timed(() => unfaceted(n)));
      times['engine, words alone']?.push(await timed(() => bare(n)));
    }
    for (const [name, list] of Object.entries(times)) {
      const at = (share: number) => percentile(list, share).toFixed(1);
      say(`${name.padEnd(20)} p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, slowest ${at(1)} ms`);
    }
    return Number(percentile(times['desk'] ?? [], 0.95).toFixed(1));
  } finally {
    await engine.stop();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Words of the law and names of places in turn, the common ones first (THUOCL, MIT). */
function words(): string[] {
  const [law, places] = ['law', 'diming'].map((name) =>
    readFileSync(join(LEXICONS, `thuocl_${name}.csv`), 'utf8')
      .replaceAll(/^\ufeff/gmu, '')
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]?.trim() ?? '')
      .filter((word) => word !== ''),
  ) as [string[], string[]];
  return places.flatMap((place, n) => {
    const term = law[n];
    return term === undefined ? [place] : [term, place];
  });
}
