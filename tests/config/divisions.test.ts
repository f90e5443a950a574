import { expect, test } from 'vitest';
import {
  divisionAbove,
  divisionPath,
  divisions,
  levelOf,
  placeName,
  placeWords,
} from '../../config/divisions.ts';

test('all provincial divisions are there, and about as many cities and counties as the country has', () => {
  const count = [0, 0, 0];
  for (const code of divisions.keys()) count[levelOf(code)]! += 1;
  expect(count[0]).toBe(34);
  expect(count[1]).toBe(333);
  expect(count[2]).toBeGreaterThan(2840);
});

test('every division lies in one that is there', () => {
  const lost = [...divisions.keys()].filter((code) => {
    const above = divisionAbove(code);
    return above !== null && !divisions.has(above);
  });
  expect(lost).toEqual([]);
});

test('a division is named from its province down', () => {
  expect(placeName('530102')).toBe('云南省昆明市五华区');
  expect(placeName('110105')).toBe('北京市朝阳区');
  expect(placeName('469005')).toBe('海南省文昌市');
  expect(placeName('990000')).toBeNull();
  expect(divisionPath('441900')).toEqual(['440000', '441900']);
});

test('names beside the official ones belong to divisions that are there', () => {
  expect(Object.keys(placeWords.also).filter((code) => !divisions.has(code))).toEqual([]);
});

test.each(['ordinary', 'known', 'phrases', 'notBefore', 'notAfter', 'notAfterBut'] as const)(
  'nothing stands twice among %s',
  (list) => {
    const words = placeWords[list];
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
  },
);

test('no name is both ordinary and known to everybody', () => {
  expect(placeWords.known.filter((name) => placeWords.ordinary.includes(name))).toEqual([]);
});
