import { decodeRuntime, type Runtime } from '../../config/runtime.ts';
import { readEnv } from '../../config/env.ts';
import { StartRefused } from '../../config/errors.ts';
import { readHubFile } from '../../config/hub.ts';
import { openSearch } from '../../indexer/search/engine.ts';
import { rebuildIndex } from '../../indexer/search/rebuild.ts';
import { openStore } from '../../store/pool.ts';
import { readRunning } from '../data-folder.ts';
import { messages } from '../messages.ts';
import { commonOptions } from '../options.ts';
import { dataFolder } from '../start.ts';

/** The running hub of this data folder; null when none runs. */
export function runningRuntime(config: string | null): Runtime | null {
  const env = readEnv();
  const running = readRunning(dataFolder(config === null ? null : readHubFile(config), env));
  return running?.runtime ? decodeRuntime({ ...env, JIANSHENG_RESOLVED: running.runtime }) : null;
}

/** `jiansheng reindex`: builds the search index anew from the database while the hub runs. */
export async function reindex(args: string[]): Promise<number> {
  const { config } = commonOptions(args);
  const env = readEnv();
  const engines =
    env.DATABASE_URL && env.MEILI_URL
      ? { databaseUrl: env.DATABASE_URL, meiliUrl: env.MEILI_URL, meiliKey: env.MEILI_KEY ?? '' }
      : runningRuntime(config);
  if (!engines) throw new StartRefused('not-running', messages.notRunning('reindex'));
  const store = openStore(engines.databaseUrl, 'reindex', { max: 2, settings: ['jiansheng.every=on'] });
  try {
    const count = await rebuildIndex(store, openSearch(engines.meiliUrl, engines.meiliKey), (done) => {
      if (process.stdout.isTTY) process.stdout.write(`\r${done}`);
    });
    console.log(`${process.stdout.isTTY ? '\r' : ''}${messages.reindexDone(count)}`);
    return 0;
  } finally {
    await store.end();
  }
}
