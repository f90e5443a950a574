import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMeilisearch } from '../../hub/engines/meilisearch.ts';
import { openSearch, POSTS_INDEX, type SearchEngine } from '../../indexer/search/engine.ts';
import { applySettings, searchSettings } from '../../indexer/search/settings.ts';

const KEY = 'a-key-for-benchmarks-of-16';
/** Large batches, each of which the engine merges into all that it has, and what they may take. */
const BATCH = 100_000;
const WAIT = { timeout: 1_800_000, interval: 100 };

export type AloneEngine = {
  /** Whether the folder was there before, with what an earlier run has put into it. */
  filled: boolean;
  search: SearchEngine;
  stop(): Promise<void>;
};

/** The search engine as the hub starts it, without a database. @param kept a folder that stays for another run */
export async function startSearchAlone(kept?: string): Promise<AloneEngine> {
  const filled = kept !== undefined && existsSync(join(kept, 'filled'));
  if (kept !== undefined && !filled) rmSync(join(kept, 'meilisearch'), { recursive: true, force: true });
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'jiansheng-bench-'));
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const engine = await startMeilisearch(folder, KEY);
  return {
    filled,
    search: openSearch(engine.url, KEY, 600_000),
    async stop() {
      await engine.stop();
      if (kept === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Puts documents into the engine with the hub's own settings. */
export async function fill(
  { client, posts }: SearchEngine,
  documents: Iterable<{ id: number }>,
  say: (line: string) => void,
): Promise<void> {
  await client.createIndex(POSTS_INDEX, { primaryKey: 'id' }).waitTask(WAIT);
  await applySettings(posts, searchSettings);
  let lines: string[] = [];
  let sent = 0;
  const tasks: number[] = [];
  const send = async () => {
    if (lines.length === 0) return;
    const body = lines.join('\n');
    const task = await posts.addDocumentsFromString(body, 'application/x-ndjson', { primaryKey: 'id' });
    tasks.push(task.taskUid);
    sent += lines.length;
    lines = [];
  };
  for (const document of documents) {
    lines.push(JSON.stringify(document));
    if (lines.length === BATCH) await send();
  }
  await send();
  for (const task of tasks) {
    const done = await client.tasks.waitForTask(task, WAIT);
    if (done.status !== 'succeeded') throw new Error(`search engine: ${done.error?.message ?? done.status}`);
  }
  say(`${sent} documents in the search engine`);
}
