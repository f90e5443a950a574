import { expect, test } from 'vitest';
import { readSearch, searchParams, timesOf, toggled } from '../../web/lib/search-params.ts';

const read = (query: string) => readSearch(new URLSearchParams(query));

test('what an address states is written back as it was', () => {
  const query =
    'q=%E4%B8%8D%E8%B5%B7%E8%AF%89&from=2026-11-22T09%3A00&to=2026-11-22T10%3A00&source=3&source=5' +
    '&sentiment=negative&kind=post&withCopies=1&sort=relevance&page=2';
  expect(searchParams(read(query))).toBe(query);
});

test('an empty search has an empty address', () => {
  expect(searchParams(read(''))).toBe('');
});

test('what cannot be read is left out', () => {
  expect(
    read('from=yesterday&source=x&source=-1&sentiment=angry&kind=video&page=0&sort=best&range=1y'),
  ).toEqual(read(''));
});

test('times in the address are those of Asia/Shanghai', () => {
  expect(read('from=2026-11-22T09:00').from?.toISOString()).toBe('2026-11-22T01:00:00.000Z');
});

test('a preset ends with the running hour, as the overview does', () => {
  const times = timesOf(read('range=24h'), new Date('2026-11-22T04:30:00Z'));
  expect([times.from?.toISOString(), times.to?.toISOString()]).toEqual([
    '2026-11-21T05:00:00.000Z',
    '2026-11-22T05:00:00.000Z',
  ]);
});

test('a chip switches its value on and off', () => {
  expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
  expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
});
