import { constants, crc32, deflateRawSync } from 'node:zlib';

const { Z_FULL_FLUSH: FLUSH, Z_FINISH: FINISH } = constants;

/**
 * A workbook of one sheet of texts (ECMA-376), whose rows come page by page: each page is compressed when it comes, and
 * nothing before it is kept but its bytes. Texts are texts: nothing in them is ever run as a formula.
 * @param name of the sheet
 */
export async function* writeXlsx(
  name: string,
  pages: AsyncIterable<readonly (readonly string[])[]>,
): AsyncGenerator<Uint8Array> {
  const archive = new Archive();
  for (const [path, text] of Object.entries(around(name))) yield* archive.whole(path, text);
  yield archive.open('xl/worksheets/sheet1.xml');
  yield archive.part(SHEET_HEAD);
  let line = 0;
  for await (const rows of pages) {
    yield archive.part(rows.map((cells) => rowOf(cells, (line += 1))).join(''));
  }
  yield archive.close(SHEET_END);
  yield archive.end();
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const SHEET_HEAD = `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetData>`;
const SHEET_END = '</sheetData></worksheet>';

function around(name: string): Record<string, string> {
  const part = (path: string, type: string) =>
    `<Override PartName="${path}" ContentType="${TYPES}.${type}+xml"/>`;
  return {
    '[Content_Types].xml': `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${part('/xl/workbook.xml', 'sheet.main')}${part('/xl/worksheets/sheet1.xml', 'worksheet')}</Types>`,
    '_rels/.rels': `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escaped(name.slice(0, 31))}" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  };
}

/** The most that a cell of the usual program holds. */
const LONGEST_CELL = 32_767;

function rowOf(cells: readonly string[], line: number): string {
  const filled = cells.map((text) => {
    return `<c t="inlineStr"><is><t xml:space="preserve">${escaped(text.slice(0, LONGEST_CELL))}</t></is></c>`;
  });
  return `<row r="${line}">${filled.join('')}</row>`;
}

/** What XML does not know as a character would make the whole workbook unreadable. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/**
 * A ZIP archive (APPNOTE 6.3.10), written in one go: sizes and sums follow each file (4.3.9). A file's parts are compressed
 * by themselves and put one after the other; that is one deflate stream as long as only the last block says that it is the
 * last, which each part but the last is flushed without.
 */
class Archive {
  readonly #directory: Uint8Array[] = [];
  #offset = 0;
  #file: { path: Buffer; offset: number; sum: number; packed: number; size: number } | null = null;

  *whole(path: string, text: string): Generator<Uint8Array> {
    yield this.open(path);
    yield this.close(text);
  }

  open(path: string): Uint8Array {
    const name = Buffer.from(path);
    this.#file = { path: name, offset: this.#offset, sum: 0, packed: 0, size: 0 };
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(FLAGS, 6);
    head.writeUInt16LE(DEFLATED, 8);
    head.writeUInt32LE(EPOCH, 10);
    head.writeUInt16LE(name.length, 26);
    return this.#count(Buffer.concat([head, name]));
  }

  part(text: string): Uint8Array {
    return this.#pack(text, FLUSH);
  }

  /** Ends the file that is open. */
  close(text: string): Uint8Array {
    const packed = this.#pack(text, FINISH);
    const file = this.#open();
    const after = Buffer.alloc(16);
    after.writeUInt32LE(0x08074b50, 0);
    after.writeUInt32LE(file.sum, 4);
    after.writeUInt32LE(file.packed, 8);
    after.writeUInt32LE(file.size, 12);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    entry.writeUInt16LE(20, 6);
    entry.writeUInt16LE(FLAGS, 8);
    entry.writeUInt16LE(DEFLATED, 10);
    entry.writeUInt32LE(EPOCH, 12);
    entry.writeUInt32LE(file.sum, 16);
    entry.writeUInt32LE(file.packed, 20);
    entry.writeUInt32LE(file.size, 24);
    entry.writeUInt16LE(file.path.length, 28);
    entry.writeUInt32LE(file.offset, 42);
    this.#directory.push(entry, file.path);
    this.#file = null;
    return Buffer.concat([packed, this.#count(after)]);
  }

  end(): Uint8Array {
    const directory = Buffer.concat(this.#directory);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.#directory.length / 2, 8);
    end.writeUInt16LE(this.#directory.length / 2, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(this.#offset, 16);
    return Buffer.concat([directory, end]);
  }

  #pack(text: string, finishFlush: number): Uint8Array {
    const file = this.#open();
    const bytes = Buffer.from(text);
    const packed = deflateRawSync(bytes, { finishFlush });
    file.sum = crc32(bytes, file.sum);
    file.size += bytes.length;
    file.packed += packed.length;
    return this.#count(packed);
  }

  #open() {
    if (!this.#file) throw new Error('no file of the archive is open');
    return this.#file;
  }

  #count(bytes: Uint8Array): Uint8Array {
    this.#offset += bytes.length;
    return bytes;
  }
}

/** Sizes follow the file; names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATED = 8;
/** 1980-01-01: the archive says nothing about when it was made. */
const EPOCH = 0x00210000;
