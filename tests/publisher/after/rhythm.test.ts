import { expect, test } from 'vitest';
import { nextLookAt } from '../../../publisher/after/rhythm.ts';

const published = new Date('2026-11-22T01:00:00Z');
const minutesLater = (minutes: number) => new Date(published.getTime() + minutes * 60_000);

test.each([
  ['ten minutes', 10, 30],
  ['two hours', 120, 240],
  ['a day', 1440, 1440],
  ['29 days', 29 * 1440, 1440],
])('%s after it went out it is looked at again %i → %i minutes later', (_, age, pause) => {
  expect(nextLookAt(published, minutesLater(age))).toEqual(minutesLater(age + pause));
});

test('after thirty days nobody looks any more', () => {
  expect(nextLookAt(published, minutesLater(30 * 1440))).toBeNull();
});
