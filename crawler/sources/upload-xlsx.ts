import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { HubError, Refused } from '../../config/errors.ts';
import { uploadMessages as words } from '../messages.ts';
import type { FileRow } from './upload-row.ts';
import { drain, pull, type XmlReader } from './upload-xml.ts';
import { bookReader, linksReader, readSheet, stringsReader, stylesReader } from './upload-sheet.ts';

/**
 * What the parts of a workbook may unpack to, in bytes: what an archive says of itself is not believed, it is counted. The
 * sheet is read as a stream and never lies in memory; the strings, which its cells point at, do.
 */
const MOST = { entries: 5_000, small: 8 * 2 ** 20, strings: 96 * 2 ** 20, sheet: 512 * 2 ** 20 };

export type Workbook = { sheet: { name: string; others: number }; records: AsyncGenerator<FileRow> };

/**
 * The first visible sheet of an XLSX workbook, row by row.
 * @throws Refused `upload-format` when it is another kind of archive, `upload-broken`
 */
export async function openWorkbook(bytes: Uint8Array): Promise<Workbook> {
  return orBroken(async () => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const archive = await yauzl.fromBufferPromise(buffer, { lazyEntries: true });
    const parts = await entriesOf(archive);
    const stream = async (path: string): Promise<Readable | null> => {
      const entry = parts.get(path.toLowerCase());
      return entry ? archive.openReadStreamPromise(entry) : null;
    };
    const small = async <T>(path: string, reader: XmlReader<T>): Promise<T> => {
      const part = await stream(path);
      if (part) await drain(part, reader, MOST.small);
      return reader.result;
    };
    if (!parts.has(BOOK)) throw new Refused('upload-format', words.notWorkbook);
    const book = await small(BOOK, bookReader());
    const links = await small('xl/_rels/workbook.xml.rels', linksReader());
    const isDate = await small('xl/styles.xml', stylesReader());
    const chosen = book.sheets.find((sheet) => !sheet.hidden) ?? book.sheets[0];
    const path = inBook(links.get(chosen?.link ?? '') ?? 'worksheets/sheet1.xml');
    const strings = stringsReader();
    const shared = await stream('xl/sharedStrings.xml');
    if (shared) await drain(shared, strings, MOST.strings);
    const sheet = await stream(path);
    if (!chosen || !sheet) throw new Refused('upload-broken', words.brokenBook);
    const reader = readSheet({ strings: strings.result, isDate, since1904: book.since1904 });
    return {
      sheet: { name: chosen.name, others: book.sheets.length - 1 },
      records: rows(sheet, reader),
    };
  });
}

const BOOK = 'xl/workbook.xml';

/** Links are written against the folder of the book, or against the archive. */
function inBook(target: string): string {
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

async function entriesOf(archive: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> {
  const entries = new Map<string, yauzl.Entry>();
  for await (const entry of archive.eachEntry()) {
    if (entries.size >= MOST.entries) throw new Refused('upload-broken', words.brokenBook);
    entries.set(entry.fileName.toLowerCase(), entry);
  }
  return entries;
}

async function* rows(sheet: Readable, reader: XmlReader<FileRow[]>): AsyncGenerator<FileRow> {
  try {
    for await (const _ of pull(sheet, reader, MOST.sheet)) yield* reader.result.splice(0);
  } catch (error) {
    throw broken(error);
  }
}

async function orBroken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw broken(error);
  }
}

/** Whatever the archive or its XML are at fault with is the file's fault. */
function broken(cause: unknown): unknown {
  return cause instanceof HubError ? cause : new Refused('upload-broken', words.brokenBook, { cause });
}
