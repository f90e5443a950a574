import { openCipher } from '../../config/cipher.ts';
import { drawKey } from '../../config/keys.ts';
import { auditCommand, openAuditLog } from '../../store/audit.ts';
import { reseal, type Resealed } from '../../store/sealed.ts';
import { messages } from '../messages.ts';
import { configOption, configPath, parseOptions } from '../options.ts';
import { mustReach, withPool } from './engines.ts';

const words = messages.keys;

/** `jiansheng keys new` draws a key; `jiansheng keys rotate` seals anew what an older key has sealed. */
export async function keys(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, configOption);
  switch (positionals.join(' ')) {
    case 'new':
      console.log(drawKey());
      return 0;
    case 'rotate':
      return rotate(configPath(values));
    default:
      console.error(words.usage);
      return 2;
  }
}

async function rotate(config: string | null): Promise<number> {
  const reached = mustReach(config, 'keys rotate');
  const cipher = openCipher(reached.keys);
  openAuditLog(cipher);
  const key = cipher.current.split('.')[1] ?? '';
  const done = await withPool(reached.databaseUrl, 'keys', (rest) =>
    withPool(reached.identityUrl, 'keys', async (identity) => {
      const resealed = await reseal(cipher, (what) => (what === 'identity' ? identity : rest));
      if (resealed.resealed > 0) {
        const after = { resealed: resealed.resealed, failed: resealed.failed.length };
        await auditCommand(rest, 'command:keys', { action: 'key-rotate', subject: `key:${key}`, after });
      }
      return resealed;
    }),
  );
  return report(done, key, reached.keys.length > 1);
}

function report({ resealed, failed }: Resealed, key: string, hasOld: boolean): number {
  console.log(resealed > 0 ? words.rotated(resealed, key) : words.nothingStale(key));
  for (const { table, id, why } of failed) console.error(words.failed(table, id, why.message));
  if (hasOld) console.log(words.keepOld);
  return failed.length === 0 ? 0 : 1;
}
