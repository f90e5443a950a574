import { readFileSync } from 'node:fs';
import { openCipher } from '../../config/cipher.ts';
import { errorText, Refused } from '../../config/errors.ts';
import { hubActor } from '../../store/actor.ts';
import { openAuditLog } from '../../store/audit.ts';
import { readOfficeCsv } from '../../store/office-import-read.ts';
import { applyImport, planImport, type ImportPlan } from '../../store/office-import.ts';
import { firstOfficeId } from '../../store/offices.ts';
import { messages } from '../messages.ts';
import { configOption, configPath, parseOptions } from '../options.ts';
import { mustReach, withPool } from './engines.ts';

const words = messages.offices;

/** Of what is wrong, and of what would change: the terminal is no place for thousands of lines. */
const SHOWN = 30;

/**
 * `jiansheng offices import <file> [--apply]`: shows what a list of offices would change and, with `--apply`, does it. Also
 * makes offices that stand under none, which the desk does not.
 */
export async function offices(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...configOption, apply: { type: 'boolean' } });
  const [verb, path, ...rest] = positionals;
  if (verb !== 'import' || path === undefined || rest.length > 0) {
    console.error(words.usage);
    return 2;
  }
  const list = readOfficeCsv(readList(path));
  const reached = mustReach(configPath(values), 'offices import');
  openAuditLog(openCipher(reached.keys));
  return withPool(reached.databaseUrl, 'offices', async (pool) => {
    const plan = await planImport(pool, null, list, true);
    show(plan);
    if (plan.wrong.length > 0) return 1;
    if (!values.apply || plan.changes.length === 0) {
      if (plan.changes.length > 0) console.log(words.howToApply);
      return 0;
    }
    const actor = hubActor('command:offices', await firstOfficeId(pool));
    await applyImport(pool, actor, null, list, plan.hash, true);
    console.log(words.applied(plan.changes.length));
    return 0;
  });
}

/** @throws Refused `list-unreadable` */
function readList(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Refused('list-unreadable', words.unreadable(path, errorText(cause)), { cause });
  }
}

function show({ changes, unchanged, wrong }: ImportPlan): void {
  const fresh = changes.filter(({ before }) => before === null).length;
  console.log(words.summary(fresh, changes.length - fresh, unchanged, wrong.length));
  for (const { code, name, parent, before } of changes.slice(0, SHOWN)) {
    console.log(words.change(code, name, parent, before));
  }
  if (changes.length > SHOWN) console.log(words.more(changes.length - SHOWN));
  for (const { line, code, reason } of wrong.slice(0, SHOWN)) console.error(words.wrong(line, code, reason));
  if (wrong.length > SHOWN) console.error(words.more(wrong.length - SHOWN));
}
