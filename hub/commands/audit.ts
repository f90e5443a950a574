import { constants, createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { openCipher } from '../../config/cipher.ts';
import { errorText, Refused } from '../../config/errors.ts';
import { fingerprint, ownFingerprint } from '../../store/audit-export.ts';
import { verifyExport, type FileVerdict, type Origin } from '../../store/audit-file.ts';
import { tellFileFinding, tellFinding } from '../../store/audit-findings.ts';
import { openAuditLog } from '../../store/audit.ts';
import { verifyAudit } from '../../store/audit-verify.ts';
import { messages } from '../messages.ts';
import { configOption, configPath, parseOptions } from '../options.ts';
import { mustReach, reach, withPool, type Reached } from './engines.ts';

const words = messages.audit;

/** `jiansheng audit verify`: says whether the audit log, or an export of it, is as it was written; exit code 1 when not. */
export async function audit(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...configOption, file: { type: 'string' } });
  if (positionals.join(' ') !== 'verify') {
    console.error(words.usage);
    return 2;
  }
  const config = configPath(values);
  if (values.file !== undefined) return verifyFile(values.file, reach(config));
  return verifyLog(mustReach(config, 'audit verify'));
}

async function verifyLog({ databaseUrl, keys }: Reached): Promise<number> {
  openAuditLog(openCipher(keys));
  const terminal = process.stderr.isTTY;
  const since = performance.now();
  const verdict = await withPool(databaseUrl, 'audit', (pool) =>
    verifyAudit(pool, (entries) => {
      if (terminal) process.stderr.write(`\r${words.progress(entries)}`);
    }),
  );
  if (terminal) process.stderr.write('\r\x1b[K');
  const { entries, lastSeq, findings, total } = verdict;
  if (total === 0) {
    console.log(words.good(entries, lastSeq, ((performance.now() - since) / 1000).toFixed(1)));
    return 0;
  }
  return tell(words.bad(total), findings.map(tellFinding), total);
}

async function verifyFile(path: string, reached: Reached | null): Promise<number> {
  if (!reached) return tellFile(await checkFile(path, null), null);
  return withPool(reached.databaseUrl, 'audit', async (db) => {
    const origin = { cipher: openCipher(reached.keys), db };
    return tellFile(await checkFile(path, origin), await ownFingerprint(db, origin.cipher));
  });
}

async function checkFile(path: string, origin: Origin | null): Promise<FileVerdict> {
  try {
    await access(path, constants.R_OK);
  } catch (cause) {
    throw new Refused('export-unreadable', words.fileUnreadable(path, errorText(cause)), { cause });
  }
  return verifyExport(linesOf(path), origin);
}

/** @param own fingerprint of the hub that was asked; null: none was at hand */
function tellFile({ manifest, entries, findings, total }: FileVerdict, own: string | null): number {
  if (total > 0 || !manifest) return tell(words.fileBad(total), findings.map(tellFileFinding), total);
  const signer = fingerprint(manifest.publicKey);
  console.log(words.fileGood(entries));
  console.log(words.made(manifest.madeAt, manifest.by, manifest.officeId));
  console.log(words.signer(signer));
  if (own === null) console.log(words.compareSigner);
  else console.log(own === signer ? words.ownSigner : words.otherSigner);
  return own === null || own === signer ? 0 : 1;
}

/** At line feeds only: `readline` also splits at U+2028, which may stand in an entry. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function tell(title: string, lines: string[], total: number): number {
  console.log(title);
  for (const line of lines) console.log(`  · ${line}`);
  if (total > lines.length) console.log(words.more(total - lines.length));
  return 1;
}
