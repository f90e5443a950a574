import { searchRowsAfter } from '../../store/search-outbox.ts';
import type { Store } from '../../store/pool.ts';
import { wellFormed, type SearchEngine } from '../../indexer/search/engine.ts';
import { searchSettings } from '../../indexer/search/settings.ts';

/** Large: the engine merges each batch into all that it has. */
const BATCH = 100_000;
const BATCH_TIMEOUT_MS = 900_000;

/** Puts so many posts into the search engine, as the outbox would. */
export async function fillIndex(
  store: Store,
  { client, posts }: SearchEngine,
  documents: number,
  say: (line: string) => void,
): Promise<void> {
  await client.createIndex('posts', { primaryKey: 'id' }).waitTask();
  await posts.updateSettings(searchSettings).waitTask();
  for (let done = 0, last = 0; done < documents;) {
    const rows = await searchRowsAfter(store, last, Math.min(BATCH, documents - done));
    if (rows.length === 0) break;
    last = rows.at(-1)?.id ?? 0;
    const task = await posts.addDocuments(rows.map(wellFormed)).waitTask({ timeout: BATCH_TIMEOUT_MS });
    if (task.status !== 'succeeded') throw new Error(`search engine: ${task.error?.message ?? task.status}`);
    done += rows.length;
    say(`${done} posts in the search engine`);
  }
}
