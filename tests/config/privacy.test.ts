import { expect, test } from 'vitest';
import { readAnnotation } from '../../config/privacy.ts';
import { shanghaiDay, shanghaiHour } from '../../config/shanghai.ts';
import { heldData } from '../../web/lib/privacy.ts';

test('a comment says that a column is not personal, or what, why and for how long', () => {
  expect(readAnnotation('personal=no')).toBeNull();
  expect(readAnnotation('personal=public-text why=listening kept=raw-text-days')).toEqual({
    personal: 'public-text',
    why: 'listening',
    kept: 'raw-text-days',
  });
});

test.each([
  null,
  '',
  'the text',
  'personal=yes',
  'personal=public-text',
  'personal=public-text why=listening',
  'personal=nickname why=listening kept=raw-text-days',
  'personal=public-text why=curiosity kept=raw-text-days',
  'personal=public-text why=listening kept=forever',
  'personal=public-text why=listening kept=raw-text-days and more',
])('%j says nothing', (comment) => {
  expect(readAnnotation(comment)).toBeUndefined();
});

test('what is held is grouped by kind, purpose and time, citizens’ data first', () => {
  const column = (
    table: string,
    name: string,
    personal: 'public-text' | 'staff-name',
    kept: 'raw-text-days' | 'one-day',
  ) => ({ table, column: name, personal, why: 'listening', kept }) as const;
  expect(
    heldData([
      column('people', 'name', 'staff-name', 'one-day'),
      column('posts', 'title', 'public-text', 'raw-text-days'),
      column('posts', 'text', 'public-text', 'raw-text-days'),
      column('drafts', 'text', 'public-text', 'one-day'),
    ]),
  ).toEqual({
    citizens: [
      {
        personal: 'public-text',
        uses: [
          {
            why: 'listening',
            kept: 'raw-text-days',
            tables: ['posts'],
            columns: ['posts.title', 'posts.text'],
          },
          { why: 'listening', kept: 'one-day', tables: ['drafts'], columns: ['drafts.text'] },
        ],
      },
    ],
    staff: [
      {
        personal: 'staff-name',
        uses: [{ why: 'listening', kept: 'one-day', tables: ['people'], columns: ['people.name'] }],
      },
    ],
  });
});

test('the day in Asia/Shanghai begins eight hours before that in UTC', () => {
  const evening = new Date('2026-11-21T16:00:00Z');
  expect(shanghaiDay(evening)).toBe('2026-11-22');
  expect(shanghaiHour(evening)).toBe(0);
  expect(shanghaiDay(new Date(evening.getTime() - 1))).toBe('2026-11-21');
});
