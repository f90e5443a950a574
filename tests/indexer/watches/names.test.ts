import { expect, test } from 'vitest';
import { names } from '../../../indexer/watches/names.ts';

test.each([
  ['public-interest', 'public-interest'],
  ['公益诉讼检察', 'public-interest'],
  ['公益诉讼', 'public-interest'],
  ['刑事', 'criminal'],
  ['刑事执行', 'enforcement'],
  ['公', null],
  ['无此线', null],
])('the line %s is %s', (name, key) => {
  expect(names.line(name)).toBe(key);
});

test.each([
  ['云南省', ['530000']],
  ['云南', ['530000']],
  ['北京市朝阳区', ['110105']],
  ['无此地', []],
])('the place %s is %j', (name, codes) => {
  expect(names.place(name)).toEqual(codes);
});

test('a name that several divisions bear is each of them', () => {
  expect(names.place('朝阳区').length).toBeGreaterThan(1);
});
