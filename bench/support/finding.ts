import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { searchPosts } from '../../indexer/search/query.ts';
import type { SearchRow } from '../../store/search-outbox.ts';
import { fill, startSearchAlone } from './search-engine.ts';

type Judgment = { id: string; casename?: string; text: string };
type Question = { doc: string; q: string };

const TEN = 10;
/** Questions at the same time: as many as the machine has cores. */
const AT_ONCE = 2;

/** Mean reciprocal rank at ten of the judgment that each question was asked about. */
export async function findingFigure(folder: string, say: (line: string) => void): Promise<number> {
  if (!existsSync(folder)) throw new Error(`the data for this benchmark is absent: ${folder}`);
  const judgments = linesOf<Judgment>(folder, '_docs.jsonl');
  const questions = linesOf<Question>(folder, '_queries.jsonl');
  const numbers = new Map(judgments.map(({ id }, n) => [id, n + 1]));
  const engine = await startSearchAlone();
  try {
    const rows = judgments.map(({ casename, text }, n) => asPost(n + 1, casename ?? null, text));
    await fill(engine.search, rows, say);
    const ranks = Array.from(questions, () => 0);
    const took: number[] = [];
    let widened = 0;
    let next = 0;
    const ask = async () => {
      for (let n = next++; n < questions.length; n = next++) {
        const { doc, q } = questions[n] as Question;
        const began = performance.now();
        const found = await searchPosts(engine.search.posts, null, {
          ...{ text: q, sort: 'relevance', page: 1, perPage: TEN },
        });
        took.push(performance.now() - began);
        if (found.widened) widened += 1;
        ranks[n] = found.hits.findIndex(({ id }) => id === numbers.get(doc)) + 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    const share = (most: number) => ranks.filter((rank) => rank > 0 && rank <= most).length / ranks.length;
    const mrr = ranks.reduce((sum, rank) => sum + (rank > 0 ? 1 / rank : 0), 0) / ranks.length;
    took.sort((a, b) => a - b);
    say(`${judgments.length} judgments, ${questions.length} questions, ${widened} of them widened`);
    say(`the right one first: ${share(1).toFixed(3)}, among the first ten: ${share(TEN).toFixed(3)}`);
    say(
      `p50 ${took[took.length >> 1]?.toFixed(0)} ms, p95 ${took[Math.floor(took.length * 0.95)]?.toFixed(0)} ms`,
    );
    return Number(mrr.toFixed(4));
  } finally {
    await engine.stop();
  }
}

function linesOf<T>(folder: string, ending: string): T[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .toSorted()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as T);
}

function asPost(id: number, title: string | null, text: string): SearchRow {
  return {
    ...{
      id,
      officeId: 1,
      sourceId: 1,
      sourceKind: 'upload',
      kind: 'article',
      title,
      text,
      outlet: null,
      sites: [],
    },
    ...{ at: id, sentiment: 'neutral', place: null, city: null, province: null, line: null, voice: null },
    ...{ relevance: 'relevant', watches: [], copyOf: null, copies: 0, heat: 0 },
  };
}
