import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { openTable, type Table } from '../../../crawler/sources/upload-table.ts';
import type { FileRow } from '../../../crawler/sources/upload-row.ts';
import { workbook, zip } from '../../support/workbook.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function all(table: Table): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  for await (const row of table.rows) rows.push(row);
  return rows;
}

const read = async (file: Uint8Array) => {
  const table = await openTable(file);
  return { table, names: table.columns.map(({ name }) => name), rows: await all(table) };
};

describe('a text with separators', () => {
  const text = '编号,标题,内容\n1,校园餐,"食材变质,\n请查处"\n2,噪音,夜间施工\n';

  test.each([
    ['utf-8', bytes(text)],
    ['utf-8 with a mark', bytes(`\ufeff${text}`)],
    ['gb18030', iconv.encode(text.repeat(3), 'gb18030')],
    ['utf-16le', iconv.encode(text, 'utf-16le', { addBOM: true })],
  ])('is read in %s', async (_, file) => {
    const { names, rows } = await read(file);
    expect(names).toEqual(['编号', '标题', '内容']);
    expect(rows[0]).toEqual({ line: 2, cells: ['1', '校园餐', '食材变质,\n请查处'] });
    expect(rows[1]?.line).toBe(4);
  });

  test.each([',', ';', '\t'])('may part its cells by %j', async (mark) => {
    const { names, rows } = await read(bytes(`编号${mark}内容\n1${mark}"a,b;c"\n2${mark}含有，中文；标点\n`));
    expect(names).toEqual(['编号', '内容']);
    expect(rows.map(({ cells }) => cells?.[1])).toEqual(['a,b;c', '含有，中文；标点']);
  });

  test('may have a title above its head, and empty lines', async () => {
    const { names, rows } = await read(bytes('十月诉求汇总,,\n\n编号,内容,件数\n1,占道,3\n,,\n2,噪音,4\n'));
    expect(names).toEqual(['编号', '内容', '件数']);
    expect(rows.map(({ cells }) => cells?.[0])).toEqual(['1', '2']);
  });

  test('a row with a comma or a quote too few is told, and the others are read', async () => {
    const { rows } = await read(bytes('a,b\n1,2\n3\n4,5,6\n7,8,\n9,"x"y\n'));
    expect(rows.map(({ line, cells }) => [line, cells?.slice(0, 2)])).toEqual([
      [2, ['1', '2']],
      [3, undefined],
      [4, undefined],
      [5, ['7', '8']],
      [6, ['9', '"x"y']],
    ]);
  });

  test('a quote that is never closed is named by its line', async () => {
    const file = bytes(`a,b\n1,2\n3,"x\n${'long line without an end\n'.repeat(40_000)}`);
    await expect(read(file)).rejects.toMatchObject({ code: 'upload-broken', message: /第 3 行/ });
  });

  test('columns of one name, or without one, have names of their own', async () => {
    const { names } = await read(bytes('内容,内容,,时间\na,b,c,d\n'));
    expect(names).toEqual(['内容', '内容 (2)', '第 3 列', '时间']);
  });
});

describe('JSON lines', () => {
  test('have the keys of all objects as columns; what is inside an object comes with dots', async () => {
    const { table, names, rows } = await read(
      bytes(
        '{"id":1,"data":{"text":"一"},"user":{"name":"张三"}}\n\n{"id":2,"n":[1],"at":1793664000,"ok":true,"none":null}\nnot json\n[1]\n',
      ),
    );
    expect(table.format).toBe('jsonl');
    expect(names).toEqual(['id', 'data.text', 'user.name', 'at', 'ok']);
    expect(table.columns.filter(({ people }) => people).map(({ name }) => name)).toEqual(['user.name']);
    expect(rows).toEqual([
      { line: 1, cells: ['1', '一', '张三', '', ''] },
      { line: 3, cells: ['2', '', '', '1793664000', 'true'] },
      { line: 4, cells: null },
      { line: 5, cells: null },
    ]);
  });

  test('may hold keys that mean something to the language', async () => {
    const { names, rows } = await read(bytes('{"__proto__":"x","constructor":"y","text":"z"}\n'));
    expect(names).toEqual(['__proto__', 'constructor', 'text']);
    expect(rows[0]?.cells).toEqual(['x', 'y', 'z']);
  });
});

describe('a workbook', () => {
  test('is read from its first sheet that can be seen, with its dates', async () => {
    const { table, names, rows } = await read(
      workbook([
        ['十月汇总'],
        ['编号', '来电时间', '诉求内容', '件数'],
        [20261101, { date: 46327.336805555555 }, '甲 & 乙 <丙>', 3],
        [],
        [
          null,
          { date: 46328 },
          { xml: '<c t="inlineStr"><is><r><t>分</t></r><r><t>段</t></r><rPh><t>fen</t></rPh></is></c>' },
        ],
        [
          'x',
          { xml: '<c t="e"><v>#N/A</v></c>' },
          { xml: '<c t="str"><f>A1</f><v>公式_x000D_</v></c>' },
          0.1,
        ],
      ]),
    );
    expect(table).toMatchObject({ format: 'xlsx', charset: null, sheet: { name: '十月', others: 1 } });
    expect(names).toEqual(['编号', '来电时间', '诉求内容', '件数']);
    expect(rows).toEqual([
      { line: 3, cells: ['20261101', '2026-11-01 08:05:00', '甲 & 乙 <丙>', '3'] },
      { line: 5, cells: ['', '2026-11-02 00:00:00', '分段'] },
      { line: 6, cells: ['x', '', '公式\r', '0.1'] },
    ]);
  });

  test('may count its days from 1904, and name its parts with prefixes', async () => {
    const ns = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
    const file = workbook([], {
      'xl/workbook.xml': `<x:workbook ${ns}><x:workbookPr date1904="1"/><x:sheets><x:sheet name="s" sheetId="1" r:id="rId2"/></x:sheets></x:workbook>`,
      'xl/worksheets/sheet2.xml': `<x:worksheet ${ns}><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>内容</x:t></x:is></x:c></x:row><x:row><x:c s="1"><x:v>44865</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
    });
    expect((await read(file)).rows[0]?.cells).toEqual(['2026-11-01 00:00:00']);
  });

  test.each([
    [
      'openpyxl',
      [
        ['1', '2026-11-03 08:05:07', '某人', '食堂食材变质\n请查处', '3'],
        ['A2', '2026-11-04 00:00:00', '某人', '带<符号>&"引号"'],
      ],
    ],
    [
      'xlsxwriter',
      [
        ['t', '正文一', '2026-11-03 08:05:00', 'https://a.example/1'],
        ['t2', '正文二', '2026-11-05 00:00:00'],
        ['', '一二三'],
        ['', '😀 表情'],
      ],
    ],
  ])('of another program is read: %s', async (name, cells) => {
    const { rows } = await read(readFileSync(new URL(`files/${name}.xlsx`, import.meta.url)));
    expect(rows.map((row) => row.cells)).toEqual(cells);
  });
});

describe('a file that cannot be read is refused with a reason', () => {
  const bomb = 'x'.repeat(100 * 2 ** 20);
  const sheet = (xml: string) => workbook([['a'], ['b']], { 'xl/worksheets/sheet2.xml': xml });
  test.each<[string, string, Uint8Array]>([
    ['nothing', 'upload-empty', bytes('')],
    ['a head alone', 'upload-empty', bytes('标题,内容\n')],
    ['an old workbook', 'upload-format', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
    ['a picture', 'upload-format', Buffer.from(Array.from({ length: 4000 }, (_, n) => (n * 7919) % 256))],
    ['a JSON array', 'upload-format', bytes('[{"a":1}]')],
    ['another archive', 'upload-format', zip({ 'a.txt': 'x' })],
    ['half an archive', 'upload-broken', workbook([['a'], ['b']]).subarray(0, 300)],
    ['an archive with a wrong size', 'upload-broken', lying(workbook([['a'], ['b']]))],
    [
      'texts that unpack without end',
      'upload-broken',
      workbook([['a'], ['b']], { 'xl/sharedStrings.xml': bomb }),
    ],
    ['an attribute without end', 'upload-broken', sheet(`<worksheet a="${'x'.repeat(5_000_000)}`)],
    ['a nest without end', 'upload-broken', sheet('<a>'.repeat(100_000))],
    [
      'a workbook without its sheet',
      'upload-broken',
      zip({ 'xl/workbook.xml': '<workbook><sheets/></workbook>' }),
    ],
    ['too many bytes', 'upload-too-big', new Uint8Array(20 * 2 ** 20 + 1)],
    ['too many rows', 'upload-too-big', bytes(`a\n${'1\n'.repeat(100_001)}`)],
  ])('%s', async (_, code, file) => {
    await expect(read(file)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/\p{Script=Han}/u),
    });
  });

  test('entities of a document are not resolved', async () => {
    const { rows } = await read(
      sheet(
        '<!DOCTYPE a [<!ENTITY x "boom"><!ENTITY y "&x;&x;">]><worksheet><sheetData><row><c t="inlineStr"><is><t>h</t></is></c></row><row><c t="inlineStr"><is><t>&y;</t></is></c></row></sheetData></worksheet>',
      ),
    );
    expect(rows[0]?.cells).toEqual(['&y;']);
  });
});

/** The archive with the size of every unpacked part stated as 1. */
function lying(file: Buffer): Buffer {
  const changed = Buffer.from(file);
  for (
    let at = changed.indexOf('PK\x01\x02', 0, 'latin1');
    at !== -1;
    at = changed.indexOf('PK\x01\x02', at + 4, 'latin1')
  ) {
    changed.writeUInt32LE(1, at + 24);
  }
  return changed;
}

test('whatever a file holds, it is read to its end or refused in words', async () => {
  const pieces = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .array(
        fc.constantFrom(
          'a',
          '内容',
          ',',
          ';',
          '\t',
          '"',
          '\n',
          '\r',
          '{',
          '}',
          '[',
          ':',
          '\0',
          '\ud83d',
          '\ufeff',
        ),
        { maxLength: 200 },
      )
      .map((parts) => bytes(parts.join(''))),
    fc.nat({ max: 1_500 }).map((n) =>
      workbook([
        ['a', 'b'],
        ['c', { date: 5 }],
      ]).subarray(0, n),
    ),
    fc.tuple(fc.nat({ max: 1_500 }), fc.nat({ max: 255 })).map(([at, byte]) => {
      const file = workbook([
        ['a', 'b'],
        ['c', { date: 5 }],
      ]);
      file[at % file.length] = byte;
      return file;
    }),
  );
  await fc.assert(
    fc.asyncProperty(pieces, async (file) => {
      try {
        for (const { cells } of (await read(file)).rows)
          expect(cells === null || Array.isArray(cells)).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({
          code: expect.stringMatching(/^upload-/),
          message: expect.stringMatching(/\p{Script=Han}/u),
        });
      }
    }),
    { numRuns: 1_500 },
  );
});
