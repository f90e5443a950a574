import { Refused } from '../../config/errors.ts';
import { uploadMessages as words } from '../messages.ts';
import { UPLOAD_LIMITS, type FileRow } from './upload-row.ts';
import { XmlReader } from './upload-xml.ts';

/** Office's own bound is 32,767 characters in a cell. */
const LONGEST_CELL = 40_000;
/** Texts of a workbook, each of which may be empty and still takes room. */
const MOST_STRINGS = 2_000_000;

export type Book = {
  sheets: { name: string; hidden: boolean; link: string }[];
  /** Days are counted from 1904, as old Macintoshes did. */
  since1904: boolean;
};

/** xl/workbook.xml */
export function bookReader(): XmlReader<Book> {
  const book: Book = { sheets: [], since1904: false };
  return new XmlReader(book, {
    open(name, given) {
      if (name === 'workbookPr') book.since1904 = isTrue(given['date1904']);
      if (name !== 'sheet' || book.sheets.length >= 1_000) return;
      const link = Object.entries(given).find(([key]) => key.endsWith(':id'))?.[1] ?? '';
      const hidden = given['state'] === 'hidden' || given['state'] === 'veryHidden';
      book.sheets.push({ name: (given['name'] ?? '').slice(0, 100), hidden, link });
    },
  });
}

/** xl/_rels/workbook.xml.rels: id → path. */
export function linksReader(): XmlReader<Map<string, string>> {
  const links = new Map<string, string>();
  return new XmlReader(links, {
    open(name, given) {
      if (name === 'Relationship') links.set(given['Id'] ?? '', given['Target'] ?? '');
    },
  });
}

/** xl/sharedStrings.xml: the texts that cells point at. How a text is pronounced is left out. */
export function stringsReader(): XmlReader<string[]> {
  const strings: string[] = [];
  let text = '';
  let inText = false;
  let aside = false;
  return new XmlReader(strings, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') aside = true;
      else if (name === 't') inText = !aside;
    },
    text(piece) {
      if (inText && text.length < LONGEST_CELL) text += piece;
    },
    close(name) {
      if (name === 't') inText = false;
      else if (name === 'rPh') aside = false;
      else if (name === 'si') {
        if (strings.length >= MOST_STRINGS) throw new Refused('upload-broken', words.brokenBook);
        strings.push(unescape(text));
      }
    },
  });
}

/** xl/styles.xml: of each cell style, whether its numbers are dates. */
export function stylesReader(): XmlReader<boolean[]> {
  const styles: boolean[] = [];
  const formats = new Map<number, boolean>();
  let inCells = false;
  return new XmlReader(styles, {
    open(name, given) {
      if (name === 'numFmt') formats.set(Number(given['numFmtId']), isDateFormat(given['formatCode'] ?? ''));
      else if (name === 'cellXfs') inCells = true;
      else if (name === 'xf' && inCells) {
        const id = Number(given['numFmtId'] ?? 0);
        styles.push(formats.get(id) ?? isBuiltInDate(id));
      }
    },
    close(name) {
      if (name === 'cellXfs') inCells = false;
    },
  });
}

/** ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are dates where Office is Chinese. */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

function isDateFormat(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*./giu, '');
  return /[ymdhs]/iu.test(bare) && !/general/iu.test(bare);
}

type SheetContext = { strings: readonly string[]; isDate: readonly boolean[]; since1904: boolean };

/** A sheet: rows gather in the result as they are read. Rows without any cell are left out. */
export function readSheet(context: SheetContext): XmlReader<FileRow[]> {
  const rows: FileRow[] = [];
  let line = 0;
  let cells: string[] = [];
  let place = -1;
  let type = 'n';
  let style = 0;
  let text = '';
  let inText = false;
  let aside = false;
  return new XmlReader(rows, {
    open(name, given) {
      if (name === 'row') {
        line = Number(given['r'] ?? line + 1) || line + 1;
        cells = [];
        place = -1;
      } else if (name === 'c') {
        place = given['r'] === undefined ? place + 1 : columnOf(given['r']);
        type = given['t'] ?? 'n';
        style = Number(given['s'] ?? 0);
        text = '';
      } else if (name === 'rPh') aside = true;
      else if (name === 'v' || name === 't') inText = !aside;
    },
    text(piece) {
      if (inText && text.length < LONGEST_CELL) text += piece;
    },
    close(name) {
      if (name === 'v' || name === 't') inText = false;
      else if (name === 'rPh') aside = false;
      else if (name === 'c' && place >= 0 && place < UPLOAD_LIMITS.columns && text !== '') {
        while (cells.length < place) cells.push('');
        cells[place] = valueOf(type, text, context.isDate[style] ?? false, context);
      } else if (name === 'row' && cells.length > 0) rows.push({ line, cells });
    },
  });
}

function valueOf(type: string, text: string, isDate: boolean, { strings, since1904 }: SheetContext): string {
  switch (type) {
    case 's':
      return strings[Number(text)] ?? '';
    case 'inlineStr':
    case 'str':
      return unescape(text);
    case 'd':
      return text;
    case 'e':
      // #N/A and the like: there is nothing in it.
      return '';
    case 'b':
      return text === '1' ? 'TRUE' : 'FALSE';
    default: {
      const number = Number(text);
      if (isDate && number >= 1) return serialDate(number + (since1904 ? 1462 : 0)) ?? text;
      return /^-?\d+$/u.test(text) || !Number.isFinite(number) ? text : String(number);
    }
  }
}

/**
 * A day of a spreadsheet, counted from 30 December 1899, as the clock showed it: `2026-11-03 08:05:00`.
 * @returns null for what no calendar has
 */
export function serialDate(serial: number): string | null {
  if (!(serial >= 1 && serial < 2_958_466)) return null;
  const at = new Date(Date.UTC(1899, 11, 30) + Math.round(serial * 86_400) * 1000);
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

/** `BC12` → 54. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}/u.exec(reference)?.[0] ?? '')
    column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** Characters that XML cannot hold are written `_x000D_`. */
function unescape(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/gu, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text;
}

function isTrue(text: string | undefined): boolean {
  return text === '1' || text === 'true';
}
