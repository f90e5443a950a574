import { setImmediate } from 'node:timers/promises';
import { Refused } from '../../config/errors.ts';
import type { UploadMapping } from '../../config/sources/upload.ts';
import { NotGot, type ReasonCode } from '../../crawler/errors.ts';
import { partial, reasons } from '../../crawler/messages.ts';
import { draftOf } from '../../crawler/sources/upload-drafts.ts';
import { ingest, NO_TEXT } from '../../indexer/ingest.ts';
import type { Knowledge } from '../../indexer/knowledge.ts';
import type { Actor } from '../../store/actor.ts';
import { appendAudit } from '../../store/audit.ts';
import type { AnyDraft } from '../../store/drafts.ts';
import {
  endInterrupted,
  noteProgress,
  rememberMapping,
  type IntakeCounts,
  type IntakeSource,
} from '../../store/intake.ts';
import { exclusively } from '../../store/locks.ts';
import { tellLive } from '../../store/live.ts';
import { transaction, type Store } from '../../store/pool.ts';
import { beginVisit, finishVisit, type VisitOutcome } from '../../store/visits.ts';
import { messages } from '../messages.ts';
import { mustTake, openFile, wholeMapping, type OpenedFile } from './open.ts';
import type { WrongRow } from './preview.ts';

const words = messages.upload;

export type Imported = IntakeCounts & {
  outcome: VisitOutcome;
  /** Usable rows whose time cannot be read. */
  undated: number;
  /** The rows that were not taken, the first of them. */
  wrong: WrongRow[];
};

export type ImportOptions = {
  actor: Actor;
  mapping: Partial<UploadMapping> | null;
  /** Of the preview that was agreed to; null: there was none. */
  hash: string | null;
  /** Rows that the file has, where that is known. */
  rows: number | null;
  onProgress?: (done: number) => void;
  /** As `ingest`. */
  knowledge?: Knowledge;
};

/** One transaction each; small, so that whoever else works in this process need not wait long. */
const BATCH = 50;
const PROGRESS_MS = 1_000;
const WRONG_KEPT = 10_000;

/**
 * Takes a file into a source, as a visit. Nothing of the file is kept but what becomes of its rows. The same file again
 * brings nothing new, so that one which was cut off is simply taken once more.
 * @throws Refused `source-off`, `source-busy`, `upload-changed`, `upload-mapping`, or as `openFile`
 */
export async function importUpload(
  store: Store,
  source: IntakeSource,
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<Imported> {
  mustTake(source);
  const file = await openFile(source, bytes, options.mapping);
  if (options.hash !== null && options.hash !== file.hash) {
    throw new Refused('upload-changed', words.changed);
  }
  let imported: Imported | null = null;
  await exclusively(store, 'source', source.id, async () => {
    imported = await takeIn(store, source, file, bytes.length, options);
  });
  if (!imported) throw new Refused('source-busy', words.busy);
  return imported;
}

async function takeIn(
  store: Store,
  source: IntakeSource,
  file: OpenedFile,
  size: number,
  { actor, rows, onProgress, knowledge }: ImportOptions,
): Promise<Imported> {
  const { table, mapping, hash } = file;
  const context = file.context(Date.now());
  const visitId = await begin(store, source, actor, { format: table.format, bytes: size, hash, mapping });
  const done: Imported = {
    ...{ outcome: 'complete', expected: 0, got: 0, fresh: 0, copies: 0, known: 0, failed: 0 },
    ...{ failures: {}, undated: 0, wrong: [] },
  };
  let told = Date.now();
  const refuse = (line: number, code: ReasonCode) => {
    done.failed += 1;
    done.failures[code] = (done.failures[code] ?? 0) + 1;
    if (done.wrong.length < WRONG_KEPT) done.wrong.push({ line, code });
  };
  const batch = new Map<AnyDraft, number>();
  const flush = async () => {
    const result = await ingest(store, source, [...batch.keys()], context.now, knowledge);
    for (const { draft, why } of result.refused) {
      refuse(batch.get(draft) ?? 0, why === NO_TEXT ? 'no-text' : 'item-broken');
    }
    const usable = batch.size - result.refused.length;
    done.got += usable;
    done.fresh += result.fresh;
    done.copies += result.copies;
    done.known += usable - result.fresh;
    batch.clear();
    onProgress?.(done.expected);
    if (Date.now() - told >= PROGRESS_MS) {
      told = Date.now();
      await noteProgress(store, source, visitId, { ...done, expected: rows });
    }
    await setImmediate();
  };
  try {
    for await (const row of table.rows) {
      done.expected += 1;
      const made = draftOf(row, context);
      if (made instanceof NotGot) refuse(row.line, made.code);
      else {
        if (made.undated) done.undated += 1;
        batch.set(made.draft, row.line);
      }
      if (batch.size >= BATCH) await flush();
    }
    await flush();
  } catch (error) {
    await end(store, source, visitId, done, 'interrupted');
    throw error;
  }
  return end(store, source, visitId, done, null);
}

async function begin(
  store: Store,
  source: IntakeSource,
  actor: Actor,
  about: { format: string; bytes: number; hash: string; mapping: Partial<UploadMapping> },
): Promise<number> {
  return transaction(store, async (client) => {
    await endInterrupted(client, source.id, reasons.interrupted);
    const visit = { officeId: source.officeId, sourceId: source.id, slot: Date.now() };
    const visitId = await beginVisit(client, visit);
    if (visitId === null) throw new Refused('source-busy', words.busy);
    await rememberMapping(client, source.id, wholeMapping(about.mapping));
    await appendAudit(client, {
      ...{ ...actor, action: 'source-upload', subject: `source:${source.id}` },
      after: { visit: visitId, ...about },
    });
    return visitId;
  });
}

async function end(
  store: Store,
  source: IntakeSource,
  visitId: number,
  done: Imported,
  why: ReasonCode | null,
): Promise<Imported> {
  const first = why ?? done.wrong[0]?.code ?? null;
  const sentence = first && reasons[first];
  done.outcome = first === null ? 'complete' : done.got === 0 ? 'failed' : 'partial';
  await finishVisit(store, visitId, {
    ...done,
    reason: first,
    detail: why ? sentence : sentence && partial(done.failed, done.expected, sentence),
    unsettled: false,
  });
  await tellLive(store, { kind: 'visit', officeId: source.officeId, sourceId: source.id });
  return done;
}
