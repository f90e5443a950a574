import { expect, test } from 'vitest';
import { openWorkbook } from '../../crawler/sources/upload-xlsx.ts';
import { csvRows } from '../../store/csv.ts';
import { writeXlsx } from '../../store/xlsx.ts';

async function* pages(...all: string[][][]): AsyncGenerator<string[][]> {
  yield* all;
}

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/** As the hub itself reads workbooks that people bring. */
async function readWorkbookRows(file: Buffer): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const { cells } of (await openWorkbook(file)).records) rows.push([...(cells ?? [])]);
  return rows;
}

test('a workbook holds what was written, page by page', async () => {
  const first = [
    ['标题', '内容'],
    ['甲 <b> & "乙"', '第一行\n第二行'],
  ];
  const second = Array.from({ length: 500 }, (_, n) => [`第 ${n} 条`, '云州'.repeat(200)]);
  const file = await bytesOf(writeXlsx('帖文', pages(first, second)));
  expect(await readWorkbookRows(file)).toEqual([...first, ...second]);
});

test('texts stay texts, whatever they begin with; what XML cannot hold is left out', async () => {
  const file = await bytesOf(writeXlsx('a', pages([['=1+1', '@SUM(A1)', '\u0001\ud800尾']])));
  expect(await readWorkbookRows(file)).toEqual([['=1+1', '@SUM(A1)', '\ufffd尾']]);
  expect(csvRows([['=1+1', '+1', '-1', '@x', '平常']])).toBe("'=1+1,'+1,'-1,'@x,平常\r\n");
});
