import { wellFormed, type SearchEngine } from '../../../indexer/search/engine.ts';
import { searchSettings } from '../../../indexer/search/settings.ts';
import type { Store } from '../../../store/pool.ts';
import { searchRowsAfter } from '../../../store/search-outbox.ts';

/** Documents in one request: the engine takes requests together that wait, and merges into what it has only once. */
const REQUEST = 50_000;
const PAGE = 5_000;
const TIMEOUT_MS = 3_600_000;

/** The documents as lines of JSON, one text for each request. */
export async function documentsOf(store: Store, posts: number): Promise<string[]> {
  const requests: string[] = [];
  let lines: string[] = [];
  for (let after = 0, done = 0; done < posts;) {
    const rows = await searchRowsAfter(store, after, PAGE);
    if (rows.length === 0) throw new Error(`${done} of ${posts} posts are stored`);
    after = rows.at(-1)?.id ?? 0;
    done += rows.length;
    for (const row of rows) lines.push(JSON.stringify(wellFormed(row)));
    if (lines.length >= REQUEST || done >= posts) {
      requests.push(lines.join('\n'));
      lines = [];
    }
  }
  return requests;
}

/** @returns seconds from the first request until the last document is indexed */
export async function indexRaw(
  { client }: SearchEngine,
  requests: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  await client.createIndex('raw', { primaryKey: 'id' }).waitTask();
  const index = client.index('raw');
  await index.updateSettings(searchSettings).waitTask();
  const began = performance.now();
  const tasks = [];
  for (const request of requests) {
    tasks.push(await index.addDocumentsFromString(request, 'application/x-ndjson', {}));
  }
  say(`${requests.length} requests sent`);
  for (const task of tasks) {
    const done = await client.tasks.waitForTask(task, { timeout: TIMEOUT_MS, interval: 50 });
    if (done.status !== 'succeeded') throw new Error(`search engine: ${done.error?.message ?? done.status}`);
  }
  return (performance.now() - began) / 1000;
}
