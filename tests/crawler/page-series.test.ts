import { expect, test } from 'vitest';
import { numberInSeries } from '../../crawler/extract/page-series.ts';

const number = (address: string, first: string) =>
  numberInSeries(new URL(address, 'https://www.example.cn'), new URL(first, 'https://www.example.cn'));

test.each([
  ['/2026/1122/c1_2.html', '/2026/1122/c1.html', 2],
  ['/2026/1122/c1-3.htm', '/2026/1122/c1.htm', 3],
  ['/a/1001/2', '/a/1001', 2],
  ['/a/1001/page/4/', '/a/1001/', 4],
  ['/threads/loushui.1001/page-2', '/threads/loushui.1001/', 2],
  ['/list/', '/list/index_2.html', null],
  ['/list/index_2.html', '/list/', 2],
  ['/list/index_2.html', '/list/index.html', 2],
  ['/thread-9-2-1.html', '/thread-9-1-1.html', 2],
  ['/thread-10-1-1.html', '/thread-9-1-1.html', null],
  ['/viewtopic.php?t=9&start=20', '/viewtopic.php?t=9', 20],
  ['/viewtopic.php?t=10', '/viewtopic.php?t=9', null],
  ['/read.php?tid=9&page=2', '/read.php?tid=9&page=1', 2],
  ['/read.php?tid=9&page=2', '/read.php?tid=9', 2],
  ['/p/9?pn=3', '/p/9', 3],
  ['/?p=124', '/?p=123', null],
  ['/1002.html', '/1001.html', null],
  ['/2026/1123/c1.html', '/2026/1122/c1.html', null],
  ['/news/2.html', '/news/1.html', null],
  ['/a/1001.html', '/a/1001.html', null],
  ['/a/1001.html?from=x', '/a/1001.html', null],
  ['/a/1001_2.html?page=2', '/a/1001.html', null],
  ['https://other.example.cn/a/1001_2.html', '/a/1001.html', null],
  ['/a/1001_99999.html', '/a/1001.html', null],
])('%s after %s: %s', (address, first, expected) => {
  expect(number(address, first)).toBe(expected);
});
