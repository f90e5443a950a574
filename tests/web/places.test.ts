import { expect, test } from 'vitest';
import { findPlaces, placeOf } from '../../web/lib/server/places.ts';

test('places are found by a part of their name: what is called so itself stands before what lies within', () => {
  const [first] = findPlaces('朝阳');
  expect(first?.name).toBe('辽宁省朝阳市');
  expect(findPlaces('朝阳区').map(({ name }) => name)).toContain('北京市朝阳区');
  expect(findPlaces('北京朝阳')).toEqual([]);
  expect(findPlaces('北京市 朝阳')[0]).toEqual({ code: '110105', name: '北京市朝阳区' });
  expect(findPlaces('  ')).toEqual([]);
  expect(findPlaces('市').length).toBeLessThanOrEqual(20);
});

test('a form names a place by its code, or by a name that only one place has', () => {
  expect(placeOf('110105', '')).toBe('110105');
  expect(placeOf('999999', '')).toBeNull();
  expect(placeOf('', '北京市朝阳区')).toBe('110105');
  // There are several of this name.
  expect(placeOf('', '朝阳区')).toBeNull();
  expect(placeOf('', '没有这个地方')).toBeNull();
});
