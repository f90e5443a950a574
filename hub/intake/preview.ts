import { Refused } from '../../config/errors.ts';
import type { UploadMapping } from '../../config/sources/upload.ts';
import { NotGot, type ReasonCode } from '../../crawler/errors.ts';
import type { Column } from '../../crawler/sources/upload-columns.ts';
import { draftOf, type RowContext } from '../../crawler/sources/upload-drafts.ts';
import type { Table } from '../../crawler/sources/upload-table.ts';
import { contextOf } from '../../indexer/ingest.ts';
import { defaultKnowledge, type Knowledge } from '../../indexer/knowledge.ts';
import { runSteps } from '../../indexer/steps/index.ts';
import type { StepContext } from '../../indexer/steps/types.ts';
import { keyOf, type SentDraft } from '../../store/drafts.ts';
import type { IntakeSource } from '../../store/intake.ts';
import type { Queryable } from '../../store/pool.ts';
import { identityOf, knownIdentities, type NewPost } from '../../store/posts.ts';
import { openFile } from './open.ts';

/** A row as it would be stored: cleaned and masked. */
export type SampleRow = { line: number } & Pick<
  NewPost,
  'title' | 'text' | 'outlet' | 'url' | 'publishedAt' | 'dateProblem' | 'sentiment' | 'redactions' | 'times'
>;

export type WrongRow = { line: number; code: ReasonCode };

export type Preview = Pick<Table, 'format' | 'charset' | 'sheet'> & {
  columns: Column[];
  mapping: Partial<UploadMapping>;
  hash: string;
  /** Why nothing can be read with this mapping; the counts are then null. */
  problem: string | null;
  counts: Counts | null;
  sample: SampleRow[];
  /** The first of them. */
  wrong: WrongRow[];
};

export type Counts = {
  rows: number;
  usable: number;
  wrong: number;
  /** Usable rows whose time cannot be read. */
  undated: number;
  /** Of the usable: the hub has them already; they stand earlier in the file. */
  known: number;
  repeated: number;
};

export const SAMPLE_ROWS = 20;
const WRONG_SHOWN = 300;
const ASK_AT_ONCE = 2_000;
/** So much of a text shows what it is. */
const SHOWN_TEXT = 280;

/**
 * What a file would bring, without keeping anything of it.
 * @throws Refused as `openFile`
 */
export async function previewUpload(
  db: Queryable,
  source: IntakeSource,
  bytes: Uint8Array,
  wanted: Partial<UploadMapping> | null,
  knowledge: Knowledge = defaultKnowledge(),
): Promise<Preview> {
  const { table, mapping, hash, context } = await openFile(source, bytes, wanted);
  const { format, charset, sheet, columns } = table;
  const preview: Preview = {
    ...{ format, charset, sheet, columns, mapping, hash },
    ...{ problem: null, counts: null, sample: [], wrong: [] },
  };
  let rowContext: RowContext;
  try {
    rowContext = context(Date.now());
  } catch (error) {
    await table.rows.return(undefined);
    // The columns are shown all the same: somebody chooses among them.
    if (error instanceof Refused) return { ...preview, problem: error.message };
    throw error;
  }
  const stepContext = await contextOf(db, source, rowContext.now, knowledge);
  const counts: Counts = { rows: 0, usable: 0, wrong: 0, undated: 0, known: 0, repeated: 0 };
  const keys = new Set<string>();
  let asked: Buffer[] = [];
  const ask = async () => {
    counts.known += (await knownIdentities(db, source.id, asked)).size;
    asked = [];
  };
  const refuse = (line: number, code: ReasonCode) => {
    counts.wrong += 1;
    if (preview.wrong.length < WRONG_SHOWN) preview.wrong.push({ line, code });
  };
  for await (const row of table.rows) {
    counts.rows += 1;
    const made = draftOf(row, rowContext);
    if (made instanceof NotGot) {
      refuse(row.line, made.code);
      continue;
    }
    const key = keyOf(made.draft);
    const repeated = keys.has(key);
    if (!repeated && preview.sample.length < SAMPLE_ROWS) {
      const shown = sampleOf(row.line, made.draft, stepContext);
      if (!shown) {
        refuse(row.line, 'no-text');
        continue;
      }
      preview.sample.push(shown);
    }
    counts.usable += 1;
    if (made.undated) counts.undated += 1;
    if (repeated) counts.repeated += 1;
    else {
      keys.add(key);
      asked.push(identityOf(key));
    }
    if (asked.length >= ASK_AT_ONCE) await ask();
  }
  await ask();
  return { ...preview, counts };
}

function sampleOf(line: number, draft: SentDraft, context: StepContext): SampleRow | null {
  const post = runSteps(draft, context);
  if (!post) return null;
  const { title, outlet, url, publishedAt, dateProblem, sentiment, redactions, times } = post;
  const text =
    post.text.length > SHOWN_TEXT ? `${post.text.slice(0, SHOWN_TEXT).toWellFormed()}……` : post.text;
  return { line, title, text, outlet, url, publishedAt, dateProblem, sentiment, redactions, times };
}
