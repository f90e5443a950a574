import { openCipher } from '../../config/cipher.ts';
import { openAuditLog } from '../../store/audit.ts';
import { firstOfficeId } from '../../store/offices.ts';
import { learnNow } from '../learn.ts';
import { messages } from '../messages.ts';
import { commonOptions } from '../options.ts';
import { mustReach, withPool } from './engines.ts';

const words = messages.learn;

/** `jiansheng learn`: learns from reviews at once, as the nightly job does. */
export async function learn(args: string[]): Promise<number> {
  const reached = mustReach(commonOptions(args).config, 'learn');
  openAuditLog(openCipher(reached.keys));
  return withPool(reached.databaseUrl, 'learn', async (pool) => {
    const learnt = await learnNow(pool, await firstOfficeId(pool));
    const { outcome, n } = learnt;
    if (outcome === 'better' || outcome === 'worse') {
      console.log(words[outcome](n, share(learnt.before), share(learnt.after)));
    } else console.log(words[outcome](n));
    return 0;
  });
}

function share(part: number): string {
  return `${(part * 100).toFixed(1)}%`;
}
