import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { brokenAt, type FileRow } from './upload-row.ts';

/** Longer than any sound row; a quote that is never closed must not swallow the file. UTF-16 units. */
const LONGEST_ROW = 500_000;
const PIECE = 65_536;

/**
 * The rows of a text with commas, semicolons or tabs.
 * @throws Refused `upload-broken`
 */
export async function* csvRecords(text: string): AsyncGenerator<FileRow> {
  const parser = parse({
    delimiter: delimiterOf(text),
    info: true,
    max_record_size: LONGEST_ROW,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  const source = Readable.from(pieces(text));
  source.pipe(parser);
  let before = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      // The parser tells the line that a row ends on.
      yield { line: before + 1, cells: record };
      before = info.lines;
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw brokenAt(before + 1, cause);
  } finally {
    source.destroy();
    parser.destroy();
  }
}

function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    let end = at + PIECE;
    // Never between the two halves of a character.
    if ((text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end += 1;
    yield text.slice(at, end);
    at = end;
  }
}

/** Spreadsheets save texts with commas, semicolons or tabs: whichever stands most often outside quotes in the first lines. */
function delimiterOf(text: string): string {
  const lines = text.slice(0, 20_000).split(/\r\n?|\n/u, 10);
  const bare = lines.map((line) => line.replace(/"[^"]*"/gu, '')).join('\n');
  const counts = [',', ';', '\t'].map((mark) => ({ mark, n: bare.split(mark).length }));
  return counts.reduce((best, each) => (each.n > best.n ? each : best)).mark;
}
