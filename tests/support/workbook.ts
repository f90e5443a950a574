import { crc32, deflateRawSync } from 'node:zlib';

/** A ZIP archive of these parts, as office programs write them. */
export function zip(parts: Record<string, string | Buffer>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(parts)) {
    const raw = Buffer.from(text);
    const packed = deflateRawSync(raw);
    const path = Buffer.from(name);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(crc32(raw), 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(raw.length, 22);
    head.writeUInt16LE(path.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    // Version, flags, method, time, checksum and sizes stand in both heads in the same order.
    head.copy(entry, 6, 4, 30);
    entry.writeUInt16LE(0, 30);
    entry.writeUInt32LE(at, 42);
    bodies.push(head, path, packed);
    directory.push(entry, path);
    at += head.length + path.length + packed.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length / 2, 8);
  end.writeUInt16LE(directory.length / 2, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, entries, end]);
}

/** A cell of a test's sheet: a text, a number, a number shown as a date, or XML as it stands. */
export type Cell = string | number | { date: number } | { xml: string } | null;

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

function column(n: number): string {
  return n < 26 ? String.fromCharCode(65 + n) : column(Math.floor(n / 26) - 1) + column(n % 26);
}

/** A workbook with one sheet after a hidden one. Texts are shared, as Excel keeps them. */
export function workbook(rows: readonly (readonly Cell[])[], change: Record<string, string> = {}): Buffer {
  const strings: string[] = [];
  const cell = (value: Cell, reference: string): string => {
    if (value === null) return '';
    if (typeof value === 'number') return `<c r="${reference}"><v>${value}</v></c>`;
    if (typeof value === 'string') {
      return `<c r="${reference}" t="s"><v>${strings.push(value) - 1}</v></c>`;
    }
    return 'xml' in value
      ? value.xml.replace('<c', `<c r="${reference}"`)
      : `<c r="${reference}" s="1"><v>${value.date}</v></c>`;
  };
  const sheet = rows
    .map(
      (cells, n) =>
        `<row r="${n + 1}">${cells.map((each, c) => cell(each, column(c) + (n + 1))).join('')}</row>`,
    )
    .join('');
  const rels = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return zip({
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': `<?xml version="1.0" encoding="UTF-8"?><workbook ${NS} xmlns:r="${rels}"><workbookPr/><sheets>
      <sheet name="说明" sheetId="1" state="hidden" r:id="rId1"/><sheet name="十月" sheetId="2" r:id="rId2"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>
      <Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet ${NS}><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\\ h:mm"/></numFmts>
      <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="176"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst ${NS}>${strings.map((text) => `<si><t>${escape(text)}</t></si>`).join('')}</sst>`,
    'xl/worksheets/sheet1.xml': `<worksheet ${NS}><sheetData/></worksheet>`,
    'xl/worksheets/sheet2.xml': `<worksheet ${NS}><sheetData>${sheet}</sheetData></worksheet>`,
    ...change,
  });
}
