import { expect, test } from 'vitest';
import { watches } from '../../config/defaults.ts';

test.each([['watches', watches.map(({ key }) => key)]])('no %s stand twice', (_, list) => {
  expect(list.filter((item, at) => list.indexOf(item) !== at)).toEqual([]);
});
