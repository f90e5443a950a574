import { openCipher } from '../config/cipher.ts';
import { errorText } from '../config/errors.ts';
import { KnowledgeKeeper } from '../indexer/knowledge-keeper.ts';
import { learn, type Learnt } from '../indexer/learning/learn.ts';
import { adapt } from '../indexer/sentiment/adapt.ts';
import { shippedModel } from '../indexer/sentiment/shipped.ts';
import { cutWords } from '../indexer/steps/segment.ts';
import { analysed } from '../indexer/steps/simplify.ts';
import { openAuditLog } from '../store/audit.ts';
import { openStore, type Store } from '../store/pool.ts';
import type { LearnAnswer, ToLearn } from './learn-apart.ts';

/**
 * Learns from what people said about posts, with the model and the dictionary of this hub.
 * @param store with every office in its scope
 * @param officeId the hub's own office
 */
export async function learnNow(store: Store, officeId: number): Promise<Learnt> {
  const { segmenter } = await new KnowledgeKeeper(store).current();
  const shipped = shippedModel();
  return learn(store, officeId, {
    adapt,
    shipped,
    base: shipped.digest,
    read({ title, text }) {
      const read = analysed(title, text);
      return { analysed: read, words: cutWords(read, segmenter) };
    },
  });
}

async function learnFor({ databaseUrl, keys, officeId }: ToLearn): Promise<Learnt> {
  openAuditLog(openCipher(keys));
  const pool = openStore(databaseUrl, 'learn', { max: 1, settings: ['jiansheng.every=on'] });
  try {
    return await learnNow(pool, officeId);
  } finally {
    await pool.end();
  }
}

if (import.meta.main) {
  process.once('message', (request: ToLearn) => {
    learnFor(request)
      .then((learnt): LearnAnswer => ({ learnt }))
      .catch((error: unknown): LearnAnswer => ({ failed: errorText(error) }))
      .then((answer) => process.send?.(answer, () => process.disconnect()))
      .catch(() => process.exit(1));
  });
}
