import { describe, expect, test } from 'vitest';
import type { Warning, WarningState } from '../../store/warnings.ts';
import { remaining } from '../../web/lib/remaining.ts';
import {
  columns,
  isLate,
  matches,
  pressClock,
  readFilter,
  respondClock,
  sightOf,
  stoppedOf,
} from '../../web/lib/warning-board.ts';

const at = new Date('2026-11-20T01:00:00Z');
const after = (hours: number) => new Date(at.getTime() + hours * 3_600_000);
const warning = (state: WarningState, change: Partial<Warning> = {}): Warning => ({
  ...({ id: 1, officeId: 1, officeName: '云州市人民检察院', title: '校园食堂' } as Warning),
  ...{ state, confirmedAt: at, respondBy: after(5), pressBy: after(24), pressAt: null, ...change },
});

test('the gravest column comes first', () => {
  expect(columns).toEqual(['red', 'orange', 'yellow', 'blue', 'green']);
});

describe('a clock', () => {
  test('for the answer runs from the confirmation until there is one', () => {
    for (const state of ['confirmed', 'handling'] as const) {
      expect(respondClock(warning(state))).toEqual({ since: at, until: after(5) });
    }
    for (const state of ['suggested', 'answered', 'assessed', 'lifted', 'dismissed'] as const) {
      expect(respondClock(warning(state))).toBeNull();
    }
    expect(respondClock(warning('confirmed', { respondBy: null }))).toBeNull();
  });

  test('for the press conference runs beside it, also after the answer, until that is settled', () => {
    expect(pressClock(warning('answered'))).toEqual({ since: at, until: after(24) });
    expect(pressClock(warning('answered', { pressAt: at }))).toBeNull();
    expect(pressClock(warning('lifted'))).toBeNull();
  });

  test('that has run out makes a warning late, to the moment', () => {
    expect(isLate(warning('handling'), after(4.99))).toBe(false);
    expect(isLate(warning('handling'), after(5))).toBe(true);
    expect(isLate(warning('answered'), after(6))).toBe(false);
    expect(isLate(warning('answered'), after(24))).toBe(true);
  });

  test.each([
    [0, '0 分 00 秒'],
    [59_999, '0 分 59 秒'],
    [3_599_999, '59 分 59 秒'],
    [3_600_000, '1 小时 00 分'],
    [47.99 * 3_600_000, '47 小时 59 分'],
    [48 * 3_600_000, '2 天 00 小时'],
    [-5, '0 分 00 秒'],
  ])('with %d ms left says %s', (left, text) => {
    expect(remaining(left)).toBe(text);
  });
});

describe('a filter', () => {
  test('that the address does not know shows everything', () => {
    expect(readFilter('late')).toBe('late');
    expect(readFilter('toString')).toBe('all');
    expect(readFilter(null)).toBe('all');
  });

  test.each([
    ['all', ['suggested', 'confirmed', 'handling', 'answered', 'assessed']],
    ['suggested', ['suggested']],
    ['active', ['confirmed', 'handling']],
    ['settled', ['answered', 'assessed']],
    ['late', ['confirmed', 'handling']],
  ] as const)('%s shows what it says', (filter, shown) => {
    const open = ['suggested', 'confirmed', 'handling', 'answered', 'assessed'] as const;
    expect(open.filter((state) => matches(warning(state), filter, after(6)))).toEqual(shown);
  });
});

const standing = (judging: Date | null, grouping: Date | null, officeName = '云州') => ({
  ...{ judging, grouping, officeName, among: 2 },
});

test('a board is quiet only where everything can be seen', () => {
  const going = { judging: null, grouping: null };
  expect(sightOf(4, 0, going)).toBe('clear');
  expect(sightOf(4, 1, going)).toBe('partly');
  expect(sightOf(4, 4, going)).toBe('blind');
  expect(sightOf(0, 0, going)).toBe('none');
  expect(sightOf(4, 0, stoppedOf([standing(null, at)]))).toBe('behind');
  expect(sightOf(4, 1, stoppedOf([standing(at, at)]))).toBe('stopped');
});

test('offices that are not judged count from the one that was left longest', () => {
  const still = [standing(after(2), null, '青石'), standing(after(1), at, '白鹭')];
  expect(stoppedOf(still)).toEqual({
    judging: { since: after(1), offices: ['白鹭', '青石'], all: true },
    grouping: { since: at, offices: ['白鹭'], all: false },
  });
  expect(stoppedOf([])).toEqual({ judging: null, grouping: null });
});
