import { parseArgs } from 'node:util';
import { findingFigure } from './support/finding.ts';
import { latencyFigure } from './support/search-latency.ts';

/**
 * Whether what is searched is found, and how soon.
 *
 * - `mrrAt10`: mean reciprocal rank of the right judgment among the first ten, over all questions, through the hub's own
 *   search on a real engine. `--questions <folder>` takes other `*_docs.jsonl` and `*_queries.jsonl`.
 * - `p95MillisecondsAtMillion`: of the desk's search (all facets, filters, sorted by time, by heat or by relevance) among
 *   1,000,000 posts. Beside it: the engine with the same words and nothing else.
 *
 * `--data <folder>` keeps the million posts for another run; `--posts` makes less of it; `--only mrr|latency`.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      questions: { type: 'string', default: '../shared/data/search' },
      posts: { type: 'string', default: '1000000' },
      only: { type: 'string' },
    },
  });
  const figures: Record<string, number> = {};
  if (values.only !== 'latency') figures['mrrAt10'] = await findingFigure(values.questions, say);
  if (values.only !== 'mrr') {
    figures['p95MillisecondsAtMillion'] = await latencyFigure(Number(values.posts), values.data, say);
  }
  return figures;
}

const since = performance.now();
function say(line: string): void {
  console.log(`${((performance.now() - since) / 1000).toFixed(0).padStart(5)} s  ${line}`);
}
