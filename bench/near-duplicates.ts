import { parseArgs } from 'node:util';
import { similarity } from '../indexer/dedupe/similarity.ts';
import { fold } from '../indexer/text/fold.ts';
import { Chain } from './support/near-duplicates/chain.ts';
import { jsonLines, textOf } from './support/near-duplicates/data.ts';
import { measureLookup } from './support/near-duplicates/lookup.ts';
import { fillPosts } from './support/near-duplicates/million.ts';
import { deriveRarity } from './support/near-duplicates/rarity.ts';
import { measureReprints } from './support/near-duplicates/reprints.ts';
import { spearman } from './support/near-duplicates/spearman.ts';
import { chinesePages } from './extraction.ts';
import { startBenchEngines } from './support/engines.ts';
import { makeBenchSources } from './support/sources.ts';

/**
 * How well texts are told that say the same. Needs ../shared/data, throws when it is absent.
 *
 * - `spearmanShort`, `spearmanLong`: rank correlation × 100 of `similarity` with the labels of the SOHU pairs (0 unrelated,
 *   3 same topic, 5 same event), short with short and short with long.
 * - `reprintPairF1`: half of the Chinese pages are stored among a million posts of one office; then come reprints of every
 *   page, and the other half, which nothing may be linked with but its own reprints. A reprint has another title, and a
 *   source line, and a third cut from anywhere, or all of that. A pair is a reprint with what it is linked to.
 * - `lookupMillisecondsAtMillion`: mean time for one post, asked in batches as posts are stored.
 *
 * `--posts` makes less of it; `--derive` counts the table of rarities anew and does no more.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args,
    options: { posts: { type: 'string', default: '1000000' }, derive: { type: 'boolean' } },
  });
  if (values.derive) return deriveRarity();
  const pairs = {
    spearmanShort: correlation('near-duplicates/sohu_dd.jsonl'),
    spearmanLong: correlation('near-duplicates/sohu_dc.jsonl'),
  };
  console.log(
    `SOHU pairs, Spearman × 100: short ${pairs.spearmanShort}, short with long ${pairs.spearmanLong}`,
  );
  console.log(
    '  (published: word2vec 55.0 / 20.7, text2vec-base 70.3 / 50.4, character-bigram Jaccard 70.1 / –)',
  );
  const engines = await startBenchEngines();
  try {
    const pages = chinesePages().map((page) => page.gold);
    const posts = [...jsonLines('events/posts.jsonl'), ...jsonLines('search/dev_docs.jsonl')].map(textOf);
    const [source, other] = await makeBenchSources(engines.owner, 2);
    if (!source || !other) throw new Error('two sources were made');
    const chain = new Chain([...pages, ...posts], 4711);
    await fillPosts(engines.owner, source, Number(values.posts), chain, say);
    say('indexes built');
    const reprintPairF1 = await measureReprints(engines.appUrl, [source, other], pages, say);
    const lookupMillisecondsAtMillion = await measureLookup(
      engines.appUrl,
      source.officeId,
      chain,
      pages,
      say,
    );
    return { ...pairs, reprintPairF1, lookupMillisecondsAtMillion };
  } finally {
    await engines.stop();
  }
}

const since = performance.now();
function say(line: string): void {
  console.log(`${((performance.now() - since) / 1000).toFixed(0).padStart(5)} s  ${line}`);
}

function correlation(file: string): number {
  const rows = jsonLines(file);
  const alike = rows.map((row) => similarity(fold(String(row['sentence1'])), fold(String(row['sentence2']))));
  return Number(
    spearman(
      alike,
      rows.map((row) => Number(row['label'])),
    ).toFixed(2),
  );
}
