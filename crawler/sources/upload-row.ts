import { Refused } from '../../config/errors.ts';
import { uploadMessages as words } from '../messages.ts';

/** What a file may hold. Bytes as they lie in the file; an XLSX is a tenth of what is in it. */
export const UPLOAD_LIMITS = { bytes: 20 * 2 ** 20, rows: 100_000, columns: 200 };

/** After so many rows, others have their turn. */
export const ROWS_AT_ONCE = 200;

/** A row as its file has it; `line` counts as the file is shown (rows of a sheet, lines of a text). `cells` null: unreadable. */
export type FileRow = { line: number; cells: readonly string[] | null };

export function tooBig(): Refused {
  return new Refused('upload-too-big', words.tooBig(UPLOAD_LIMITS.rows, UPLOAD_LIMITS.bytes / 2 ** 20));
}

export function brokenAt(line: number, cause?: unknown): Refused {
  return new Refused('upload-broken', words.brokenRow(line), { cause });
}
