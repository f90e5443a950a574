import { createHash } from 'node:crypto';
import { Refused } from '../../config/errors.ts';
import { upload, uploadMapping, type UploadMapping } from '../../config/sources/upload.ts';
import { uploadFields } from '../../config/upload-fields.ts';
import type { RowContext } from '../../crawler/sources/upload-drafts.ts';
import { mappingFor, placesOf } from '../../crawler/sources/upload-drafts.ts';
import { openTable, type Table } from '../../crawler/sources/upload-table.ts';
import type { IntakeSource } from '../../store/intake.ts';
import { messages } from '../messages.ts';

const words = messages.upload;

export type OpenedFile = {
  table: Table;
  mapping: Partial<UploadMapping>;
  /** Of the file together with its mapping: an import is done only as it was shown. */
  hash: string;
  context(now: number): RowContext;
};

/**
 * Opens a file for a source.
 * @param wanted the mapping that somebody has chosen; null: the one last used for the source, that of hub.yaml, or what the
 *   names of the columns say
 * @throws Refused `not-upload`, or as `openTable`
 */
export async function openFile(
  source: IntakeSource,
  bytes: Uint8Array,
  wanted: Partial<UploadMapping> | null,
): Promise<OpenedFile> {
  if (source.kind !== 'upload') throw new Refused('not-upload', words.notUpload(source.name));
  const settings = upload.shape.settings.parse(source.settings);
  const table = await openTable(bytes);
  const mapping = wanted ?? mappingFor(table.columns, source.mapping ?? settings.mapping ?? null);
  return {
    table,
    mapping,
    hash: createHash('sha256')
      .update(bytes)
      .update(JSON.stringify(inOrder(mapping)))
      .digest('hex'),
    context: (now) => ({
      places: placesOf(table.columns, mapping),
      kind: settings.postKind,
      outlet: source.outlet,
      now,
      seen: new Map(),
    }),
  };
}

/** Whoever writes a mapping down may have its fields in any order. */
function inOrder(mapping: Partial<UploadMapping>): (string | null)[] {
  return uploadFields.map((field) => mapping[field] ?? null);
}

/** A mapping as it may be kept. */
export function wholeMapping(mapping: Partial<UploadMapping>): UploadMapping {
  return uploadMapping.parse(mapping);
}

/** @throws Refused `source-off` when the source takes nothing now */
export function mustTake(source: IntakeSource): void {
  if (source.off !== null) throw new Refused('source-off', words.off[source.off]);
}
