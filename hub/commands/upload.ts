import { readFileSync } from 'node:fs';
import { openCipher } from '../../config/cipher.ts';
import { errorText, Refused } from '../../config/errors.ts';
import type { UploadMapping } from '../../config/sources/upload.ts';
import { uploadFields, type UploadField } from '../../config/upload-fields.ts';
import { reasons } from '../../crawler/messages.ts';
import { KnowledgeKeeper } from '../../indexer/knowledge-keeper.ts';
import { hubActor } from '../../store/actor.ts';
import { openAuditLog } from '../../store/audit.ts';
import { intakeSourcesByKey, type IntakeSource } from '../../store/intake.ts';
import type { Queryable } from '../../store/pool.ts';
import { importUpload } from '../intake/import.ts';
import { previewUpload, type Preview, type WrongRow } from '../intake/preview.ts';
import { messages } from '../messages.ts';
import { configOption, configPath, parseOptions } from '../options.ts';
import { mustReach, withPool } from './engines.ts';

const words = messages.upload;

/** The terminal is no place for thousands of lines. */
const SHOWN = 30;

/**
 * `jiansheng upload <file> --source <key>`: takes a file of rows into a source; with `--preview`, shows what it would bring
 * and keeps nothing. Ends with 1 when a row could not be taken.
 */
export async function upload(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...configOption,
    source: { type: 'string' },
    office: { type: 'string' },
    preview: { type: 'boolean' },
    map: { type: 'string' },
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0 || values.source === undefined) {
    console.error(words.usage);
    return 2;
  }
  const key = values.source;
  const mapping = values.map === undefined ? null : readMap(values.map);
  const bytes = readFile(path);
  const reached = mustReach(configPath(values), 'upload');
  openAuditLog(openCipher(reached.keys));
  return withPool(reached.databaseUrl, 'upload', async (pool) => {
    const source = await sourceOf(pool, key, values.office ?? null);
    const knowledge = await new KnowledgeKeeper(pool).current();
    const preview = await previewUpload(pool, source, bytes, mapping, knowledge);
    show(preview);
    if (preview.problem !== null) return 1;
    if (values.preview) {
      showWrong(preview.wrong, preview.counts?.wrong ?? 0);
      console.log(words.howToImport);
      return preview.wrong.length > 0 ? 1 : 0;
    }
    const actor = hubActor('command:upload', source.officeId);
    const { hash, counts } = preview;
    const done = await importUpload(pool, source, bytes, {
      ...{ actor, mapping: preview.mapping, hash, rows: counts?.rows ?? null, knowledge },
      onProgress(rows) {
        if (process.stdout.isTTY) process.stdout.write(`\r${rows}`);
      },
    });
    const { expected, fresh, copies, known, failed } = done;
    console.log(`${process.stdout.isTTY ? '\r' : ''}${words.done(expected, fresh, copies, known, failed)}`);
    showWrong(done.wrong, failed);
    return failed > 0 ? 1 : 0;
  });
}

/** @throws Refused `upload-unreadable` */
function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Refused('upload-unreadable', words.unreadable(path, errorText(cause)), { cause });
  }
}

/** `text=诉求内容,title=标题` @throws Refused `wrong-option` */
function readMap(text: string): Partial<UploadMapping> {
  const mapping: Partial<Record<UploadField, string>> = {};
  for (const part of text.split(/[,，]/u)) {
    const [, name, column] = /^\s*([a-zA-Z]+)\s*=\s*(.+?)\s*$/u.exec(part) ?? [];
    const field = uploadFields.find((each) => each === name);
    if (!field || !column) throw new Refused('wrong-option', words.badMap(part));
    mapping[field] = column;
  }
  return mapping;
}

/** @throws Refused `source-unknown` */
async function sourceOf(db: Queryable, key: string, office: string | null): Promise<IntakeSource> {
  const [source, ...others] = await intakeSourcesByKey(db, key, office);
  if (!source) throw new Refused('source-unknown', words.noSource(key));
  if (others.length === 0) return source;
  const codes = [source, ...others].map((each) => each.office);
  throw new Refused('source-unknown', words.ambiguous(key, codes.join('、')));
}

function show({ sheet, columns, mapping, problem, counts }: Preview): void {
  if (sheet) console.log(words.sheet(sheet.name, sheet.others));
  console.log(words.columns);
  const fields = new Map(Object.entries(mapping).map(([field, name]) => [name, field]));
  for (const { name, people } of columns) {
    console.log(words.column(name, people ? words.people : (fields.get(name) ?? words.unused)));
  }
  if (problem !== null) console.error(problem);
  if (!counts) return;
  const { rows, usable, known, repeated, undated } = counts;
  console.log(words.counts(rows, usable, counts.wrong, known, repeated, undated));
}

function showWrong(wrong: readonly WrongRow[], all: number): void {
  for (const { line, code } of wrong.slice(0, SHOWN)) console.error(words.wrongRow(line, reasons[code]));
  if (all > SHOWN) console.error(words.more(all - SHOWN));
}
