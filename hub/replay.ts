import { errorText } from '../config/errors.ts';
import { KnowledgeKeeper } from '../indexer/knowledge-keeper.ts';
import { replayOffice } from '../indexer/warnings/replay-office.ts';
import { openStore } from '../store/pool.ts';
import { endReplay, noteReplay } from '../store/replays.ts';
import type { ReplayAnswer, ToReplay } from './replay-apart.ts';

async function replayFor({ databaseUrl, id, officeId, from, to }: ToReplay): Promise<void> {
  const pool = openStore(databaseUrl, 'replay', { max: 1, settings: ['jiansheng.every=on'] });
  try {
    await noteReplay(pool, id, 0);
    const { segmenter } = await new KnowledgeKeeper(pool).current();
    const range = { from: new Date(from), to: new Date(to) };
    const result = await replayOffice(pool, officeId, range, segmenter, (progress) =>
      noteReplay(pool, id, progress),
    );
    await endReplay(pool, id, result);
  } finally {
    await pool.end();
  }
}

if (import.meta.main) {
  process.once('message', (request: ToReplay) => {
    replayFor(request)
      .then((): ReplayAnswer => ({ failed: null }))
      .catch((error: unknown): ReplayAnswer => ({ failed: errorText(error) }))
      .then((answer) => process.send?.(answer, () => process.disconnect()))
      .catch(() => process.exit(1));
  });
}
