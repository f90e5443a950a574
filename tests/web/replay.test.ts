import { expect, test } from 'vitest';
import { trueness } from '../../web/lib/replay.ts';

const event = { id: 7, name: '云州食堂', found: null, leadMinutes: null };

test('a suggestion that belongs to no event is false only where events were marked', () => {
  expect(trueness({ events: [event] }, { event: 7 })).toEqual({ event: 7 });
  expect(trueness({ events: [event] }, { event: null })).toBe('false');
  expect(trueness({ events: [] }, { event: null })).toBe('unknown');
});
