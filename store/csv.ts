import { parse, CsvError } from 'csv-parse/sync';
import { Refused } from '../config/errors.ts';
import { messages } from './messages.ts';

const words = messages.csv;

/** A list as its columns' names have it; `line` is the line of the file that a row begins on. */
export type CsvRow<C extends string> = { line: number; cells: Record<C, string> };
export type CsvFile<C extends string> = {
  rows: CsvRow<C>[];
  /** Lines with another number of cells than the head. */
  uneven: { line: number; cells: number }[];
  /** How many cells the head has. */
  width: number;
};

export type CsvLimits = { rows: number; bytes: number };

/** More than any sound row needs; a quote that is never closed must not swallow the file. */
const LONGEST_ROW = 4_000;
const TOO_LONG_LINE = new RegExp(`[^\\r\\n]{${LONGEST_ROW + 1}}`);
/** On average: a file that is all commas would become millions of empty cells. */
const CELLS_PER_ROW = 20;
/** What a text of people never holds. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ue000-\uf8ff]/u;

/**
 * Text of an uploaded list: UTF-8, with or without a mark, or else GB18030, which spreadsheets of this country write.
 * @throws Refused `csv-not-text` for anything else
 */
export function csvText(bytes: Uint8Array): string {
  // A workbook is a ZIP archive.
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3) {
    throw new Refused('csv-not-text', words.workbook);
  }
  const text = decode(bytes).normalize('NFC');
  if (CONTROL.test(text)) throw new Refused('csv-not-text', words.notText);
  return text;
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/**
 * Reads a list whose first line names its columns, in any order and among others.
 * @param columns name → the words that it may go by in the file, in lower case
 * @param optional columns that a file may leave out: their cells are empty
 * @throws Refused `csv-too-big`, `csv-not-text`, `csv-columns`, `csv-broken`
 */
export function readCsv<C extends string>(
  bytes: Uint8Array,
  columns: Record<C, readonly string[]>,
  limits: CsvLimits,
  optional: readonly C[] = [],
): CsvFile<C> {
  if (bytes.length > limits.bytes) throw tooBig(limits);
  const [head, ...records] = parseText(csvText(bytes), limits);
  if (records.length > limits.rows) throw tooBig(limits);
  const names = (head?.cells ?? []).map((name) => name.trim().toLowerCase());
  const places = {} as Record<C, number>;
  const missing: string[] = [];
  for (const [column, known] of Object.entries(columns) as [C, readonly string[]][]) {
    places[column] = names.findIndex((name) => known.includes(name));
    if (places[column] < 0 && !optional.includes(column)) missing.push(known[0] ?? column);
  }
  if (missing.length > 0) throw new Refused('csv-columns', words.columns(missing));
  const file: CsvFile<C> = { rows: [], uneven: [], width: names.length };
  for (const { line, cells } of records) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    if (cells.length !== names.length) file.uneven.push({ line, cells: cells.length });
    else file.rows.push({ line, cells: pick(cells, places) });
  }
  return file;
}

function pick<C extends string>(cells: string[], places: Record<C, number>): Record<C, string> {
  const entries = Object.entries<number>(places).map(([column, place]) => [
    column,
    readCell(cells[place] ?? ''),
  ]);
  return Object.fromEntries(entries) as Record<C, string>;
}

function parseText(text: string, limits: CsvLimits): { line: number; cells: string[] }[] {
  const delimiter = delimiterOf(text.slice(0, text.search(/\r|\n|$/)));
  if (TOO_LONG_LINE.test(text)) throw new Refused('csv-broken', words.longLine);
  let cells = 0;
  for (let at = text.indexOf(delimiter); at !== -1; at = text.indexOf(delimiter, at + 1)) cells++;
  if (cells > limits.rows * CELLS_PER_ROW) throw tooBig(limits);
  try {
    const records = parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      max_record_size: LONGEST_ROW,
      to: limits.rows + 2,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    // The parser tells the line that a record ends on.
    return records.map(({ record }, n) => ({ line: (records[n - 1]?.info.lines ?? 0) + 1, cells: record }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new Refused('csv-broken', words.broken(Number(cause['lines'] ?? 0)), { cause });
  }
}

/** Spreadsheets save lists with commas, semicolons or tabs: whichever the head has most of. */
function delimiterOf(head: string): string {
  const counts = [',', ';', '\t'].map((mark) => ({ mark, n: head.split(mark).length }));
  return counts.reduce((best, each) => (each.n > best.n ? each : best)).mark;
}

function tooBig({ rows, bytes }: CsvLimits): Refused {
  return new Refused('csv-too-big', words.tooBig(rows, bytes / 2 ** 20));
}

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function readCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}

/** What a list for spreadsheets begins with, so that they read it as UTF-8. */
export const csvMark = '\ufeff';

/** Lines of a list for spreadsheets, with a quote before whatever they would run. */
export function csvRows(rows: readonly (readonly string[])[]): string {
  const safe = (text: string) => (FORMULA.test(text) ? `'${text}` : text);
  return csvList(rows.map((row) => row.map(safe)));
}

/** A whole list for spreadsheets. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return csvMark + csvRows(rows);
}

/** A list for `readCsv`, as it stands. */
export function csvList(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
