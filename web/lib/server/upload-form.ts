import type { UploadMapping } from '../../../config/sources/upload.ts';
import { uploadFields, type UploadField } from '../../../config/upload-fields.ts';
import { UPLOAD_LIMITS } from '../../../crawler/sources/upload-row.ts';
import { intakeMessages } from '../messages/intake.ts';
import { readForm } from './body.ts';
import { field } from './form.ts';

const words = intakeMessages.upload;

/** The fields around the file. */
const AROUND = 2 ** 20;

export type UploadForm = {
  bytes: Uint8Array;
  /** What somebody has chosen for each column; null: nothing was asked yet. */
  mapping: Partial<UploadMapping> | null;
  hash: string;
  rows: number | null;
};

/** The file that a form brings for a source, with what its columns are. */
export async function readUploadForm(request: Request): Promise<UploadForm | { problem: string }> {
  const sent = await readForm(request, UPLOAD_LIMITS.bytes + AROUND);
  if (sent === 'too-large') return { problem: words.tooBig };
  const file = sent === 'no-form' ? null : sent.get('file');
  if (sent === 'no-form' || !(file instanceof File) || file.size === 0) return { problem: words.noFile };
  const mapping = readMapping(sent);
  if (typeof mapping === 'string') return { problem: mapping };
  const rows = Number(field(sent, 'rows'));
  return {
    bytes: new Uint8Array(await file.arrayBuffer()),
    mapping,
    hash: field(sent, 'hash'),
    rows: Number.isSafeInteger(rows) && rows > 0 ? rows : null,
  };
}

/** @returns a sentence when two columns are to be one thing */
function readMapping(sent: FormData): Partial<UploadMapping> | string | null {
  const texts = (name: string) => sent.getAll(name).filter((value) => typeof value === 'string');
  const columns = texts('column');
  if (columns.length === 0) return null;
  const chosen = texts('use');
  const mapping: Partial<Record<UploadField, string>> = {};
  for (const [n, column] of columns.entries()) {
    const use = uploadFields.find((each) => each === chosen[n]);
    if (!use) continue;
    if (mapping[use] !== undefined) return words.twice(words.fields[use]);
    mapping[use] = column;
  }
  return mapping;
}
