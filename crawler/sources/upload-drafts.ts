import { createHash } from 'node:crypto';
import { Refused } from '../../config/errors.ts';
import type { UploadMapping } from '../../config/sources/upload.ts';
import { uploadFields, type UploadField } from '../../config/upload-fields.ts';
import type { PostKind, SentDraft } from '../../store/drafts.ts';
import { NotGot } from '../errors.ts';
import { canonicalUrl } from '../extract/canonical.ts';
import { readCount } from '../extract/counts.ts';
import { readDate } from '../extract/dates.ts';
import { uploadMessages as words } from '../messages.ts';
import { guessMapping, type Column } from './upload-columns.ts';
import type { FileRow } from './upload-row.ts';
import { serialDate } from './upload-sheet.ts';

/** Where each field stands in a row. */
export type Places = Partial<Record<UploadField, number>>;

/**
 * The mapping that a file is read with: the given one, as far as the file has its columns, else what the names say. What
 * holds people is in none.
 * @param wanted null: told by the names alone
 */
export function mappingFor(
  columns: readonly Column[],
  wanted: Partial<UploadMapping> | null,
): Partial<UploadMapping> {
  const readable = new Set(columns.filter((column) => !column.people).map(({ name }) => name));
  if (wanted?.text === undefined || !readable.has(wanted.text)) return guessMapping(columns);
  return Object.fromEntries(Object.entries(wanted).filter(([, name]) => name && readable.has(name)));
}

/**
 * @throws Refused `upload-mapping` when there is no text, a column is not there, holds people, or is to be two things
 */
export function placesOf(columns: readonly Column[], mapping: Partial<UploadMapping>): Places {
  const places: Places = {};
  const taken = new Set<string>();
  for (const field of uploadFields) {
    const name = mapping[field];
    if (name === undefined) continue;
    const place = columns.findIndex((column) => column.name === name);
    if (place < 0) throw new Refused('upload-mapping', words.noColumn(name));
    if (columns[place]?.people) throw new Refused('upload-mapping', words.peopleColumn(name));
    if (taken.has(name)) throw new Refused('upload-mapping', words.twice(name));
    taken.add(name);
    places[field] = place;
  }
  if (places.text === undefined) throw new Refused('upload-mapping', words.noText);
  return places;
}

export type RowContext = {
  places: Places;
  kind: PostKind;
  /** Of rows that name none. */
  outlet: string | null;
  /** Unix ms. */
  now: number;
  /** How often the same words at the same time have come in this file. */
  seen: Map<string, number>;
};

export type RowDraft = {
  draft: SentDraft;
  /** The row says a time that cannot be read. */
  undated: boolean;
};

/** A row as a draft, or why it is none. Only the mapped columns are looked at. */
export function draftOf({ cells }: FileRow, context: RowContext): RowDraft | NotGot {
  if (cells === null) return new NotGot('row-broken');
  const { places, now } = context;
  const cell = (field: UploadField) => cells[places[field] ?? -1]?.trim() ?? '';
  const text = cell('text');
  const title = cell('title') || null;
  if (text === '' && title === null) return new NotGot('no-text');
  const time = cell('publishedAt');
  const publishedAt = readTime(time, now);
  const url = canonicalUrl(cell('url'));
  const draft: SentDraft = {
    kind: context.kind,
    url,
    externalId: cell('id') || url || ownKey([text, title ?? '', String(publishedAt)], context.seen),
    parentUrl: null,
    title,
    // Some lists have nothing but a title.
    text: text || (title as string),
    publishedAt,
    outlet: cell('outlet') || context.outlet,
    counts: {
      likes: readCount(cell('likes')),
      comments: readCount(cell('comments')),
      shares: readCount(cell('shares')),
      times: readCount(cell('times')) || null,
    },
  };
  return { draft, undated: time !== '' && publishedAt === null };
}

/**
 * What a row without id and address is told apart by: its words, its time, and which of the same it is in the file. The
 * same file, or a longer one of the same days, so gives the same keys again.
 */
function ownKey(parts: string[], seen: Map<string, number>): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 24);
  const nth = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, nth);
  return `row:${hash}:${nth}`;
}

/** A time as a person or a spreadsheet writes it, in Asia/Shanghai where it names no zone. Unix ms. */
function readTime(text: string, now: number): number | null {
  if (text === '') return null;
  // A spreadsheet's count of days, from a column that was not formatted as dates: 1954 to 2119.
  const serial = /^\d{5}(?:\.\d+)?$/u.test(text) ? Number(text) : 0;
  return readDate((serial >= 20_000 && serial < 80_000 ? serialDate(serial) : null) ?? text, now);
}
