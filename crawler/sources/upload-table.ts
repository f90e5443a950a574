import { setImmediate } from 'node:timers/promises';
import { Refused } from '../../config/errors.ts';
import { decodeBody } from '../fetch/encoding.ts';
import { uploadMessages as words } from '../messages.ts';
import { csvRecords } from './upload-csv.ts';
import { jsonColumns, jsonRecords } from './upload-jsonl.ts';
import { holdsPeople, type Column } from './upload-columns.ts';
import { ROWS_AT_ONCE, tooBig, UPLOAD_LIMITS, type FileRow } from './upload-row.ts';

export type Table = {
  format: 'csv' | 'xlsx' | 'jsonl';
  /** Of a text; null for a workbook. */
  charset: string | null;
  /** The sheet that is read, and how many others there are that are not. */
  sheet: { name: string; others: number } | null;
  columns: Column[];
  /** The rows below the head, once. @throws Refused `upload-broken`, `upload-too-big` when the file turns out to be so */
  rows: AsyncGenerator<FileRow>;
};

/** A file whose columns have names already, or whose first rows are to be looked through for them. */
type Opened = Pick<Table, 'format' | 'charset' | 'sheet'> & {
  names: string[] | null;
  records: AsyncGenerator<FileRow>;
};

/**
 * Opens a file of rows, whatever it is: what it is, its bytes tell.
 * @throws Refused `upload-format`, `upload-too-big`, `upload-broken`, `upload-empty`
 */
export async function openTable(bytes: Uint8Array): Promise<Table> {
  if (bytes.length > UPLOAD_LIMITS.bytes) throw tooBig();
  const { names, records, ...said } = await open(bytes);
  const first: FileRow[] = [];
  // The head is looked for among these, and what stands in a column tells what it is.
  while (first.length < 40) {
    const next = await records.next();
    if (next.done) break;
    first.push(next.value);
  }
  const head = names === null ? headAt(first) : -1;
  const given = names ?? first[head]?.cells ?? [];
  const below = first.slice(head + 1);
  if (below.length === 0) {
    await records.return(undefined);
    throw new Refused('upload-empty', words.empty);
  }
  const columns = nameColumns(given).map((name, n) => ({
    name,
    people: holdsPeople(
      name,
      below.map(({ cells }) => cells?.[n] ?? ''),
    ),
  }));
  const strict = said.format === 'csv';
  return { ...said, columns, rows: rowsOf(below, records, columns.length, strict) };
}

async function open(bytes: Uint8Array): Promise<Opened> {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    // Most hubs are never given a workbook.
    const { openWorkbook } = await import('./upload-xlsx.ts');
    const { sheet, records } = await openWorkbook(bytes);
    return { format: 'xlsx', charset: null, sheet, names: null, records };
  }
  // A compound file: a workbook of before 2007, or one with a password.
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) throw new Refused('upload-format', words.oldWorkbook);
  const { text, charset, replaced } = decodeBody(bytes, null);
  if (replaced > text.length / 100) throw new Refused('upload-format', words.notText);
  const said = { charset, sheet: null };
  const start = text.trimStart().slice(0, 1);
  if (start === '[') throw new Refused('upload-format', words.jsonArray);
  if (start !== '{') return { ...said, format: 'csv', names: null, records: csvRecords(text) };
  const names = await jsonColumns(text);
  return { ...said, format: 'jsonl', names, records: jsonRecords(text, names) };
}

/** The head is the first row that fills about as many cells as rows of this file do: above it stand titles. */
function headAt(first: readonly FileRow[]): number {
  const filled = first.map(({ cells }) => cells?.filter((cell) => cell.trim() !== '').length ?? 0);
  const usual = filled.filter((n) => n > 0).toSorted((a, b) => a - b);
  const least = Math.max(1, (usual[usual.length >> 1] ?? 0) * 0.7);
  return filled.findIndex((n) => n >= least);
}

/** Every column has a name of its own. */
function nameColumns(given: readonly string[]): string[] {
  const last = given.findLastIndex((name) => name.trim() !== '');
  const names: string[] = [];
  for (const [n, text] of given.slice(0, Math.min(last + 1, UPLOAD_LIMITS.columns)).entries()) {
    const name = text.replace(/\s+/gu, ' ').trim().slice(0, 100) || words.unnamed(n + 1);
    let own = name;
    for (let count = 2; names.includes(own); count++) own = `${name} (${count})`;
    names.push(own);
  }
  return names;
}

async function* rowsOf(
  first: readonly FileRow[],
  rest: AsyncGenerator<FileRow>,
  width: number,
  strict: boolean,
): AsyncGenerator<FileRow> {
  let count = 0;
  async function* all() {
    yield* first;
    yield* rest;
  }
  for await (const { line, cells } of all()) {
    if (cells?.every((cell) => cell.trim() === '')) continue;
    if (++count > UPLOAD_LIMITS.rows) throw tooBig();
    // Text lies in memory: nothing here would ever wait, and whoever else works in this process would.
    if (count % ROWS_AT_ONCE === 0) await setImmediate();
    // In a text, a row of another width has a quote or a comma too few: its cells stand in the wrong columns.
    const sound =
      cells && (!strict || (cells.length >= width && !cells.slice(width).some((cell) => cell.trim())));
    yield { line, cells: sound ? cells : null };
  }
}
