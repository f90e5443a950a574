import { describe, expect, test } from 'vitest';
import { identify } from '../../indexer/steps/identify.ts';
import { time } from '../../indexer/steps/time.ts';
import { context, draft, now, working } from './working.ts';

const MINUTE = 60_000;

describe('a stated time counts when it can be true', () => {
  test.each([
    ['an hour ago', now - 60 * MINUTE],
    ['this moment', now],
    ['minutes ahead, as clocks of sites run', now + 15 * MINUTE],
    ['the first day of the Chinese web', Date.UTC(1994, 0, 1)],
  ])('%s', (_, publishedAt) => {
    expect(time(working({ draft: draft({ publishedAt }) }), context)).toMatchObject({
      publishedAt: new Date(publishedAt),
      dateProblem: null,
    });
  });

  test.each([
    ['missing', 'none', null],
    ['missing', 'not a number', Number.NaN],
    ['missing', 'endless', Number.POSITIVE_INFINITY],
    ['future', 'a moment too far ahead', now + 15 * MINUTE + 1],
    ['future', 'milliseconds taken for seconds', now * 1000],
    ['ancient', 'the zero of a program', 0],
    ['ancient', 'before zero', -1],
    ['ancient', 'a moment too early', Date.UTC(1994, 0, 1) - 1],
  ])('%s: %s', (dateProblem, _, publishedAt) => {
    expect(time(working({ draft: draft({ publishedAt }) }), context)).toMatchObject({
      publishedAt: null,
      dateProblem,
    });
  });
});

describe('an item is stored once under', () => {
  const identity = (changes: Parameters<typeof draft>[0]) =>
    identify(working({ draft: draft(changes) }), context).identity.toString('hex');

  test('its own id, wherever it stands', () => {
    const url = 'https://a.example/2';
    expect(identity({ externalId: '7', url })).toBe(identity({ externalId: '7' }));
    expect(identity({ externalId: '7' })).not.toBe(identity({ externalId: '8' }));
  });

  test('its address where it has no id, whatever its words', () => {
    expect(identity({ text: '甲' })).toBe(identity({ text: '乙' }));
    expect(identity({ url: 'https://a.example/2' })).not.toBe(identity({}));
  });

  test('sixteen bytes', () => {
    expect(identify(working(), context).identity).toHaveLength(16);
  });
});
