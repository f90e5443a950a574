import { describe, expect, test } from 'vitest';
import { agreementOf, intervalOf, LEAST_REVIEWS } from '../../web/lib/agreement.ts';
import { choiceKeys, choicesOf, keysFor, labelOf, readChoice } from '../../web/lib/review-fields.ts';

describe('the share in which people agree with the program', () => {
  test('is unknown while too little was reviewed, which is neither nothing nor all', () => {
    expect(agreementOf({ n: 0, agreed: 0 })).toBeNull();
    expect(agreementOf({ n: LEAST_REVIEWS - 1, agreed: LEAST_REVIEWS - 1 })).toBeNull();
    expect(intervalOf({ n: LEAST_REVIEWS - 1, agreed: 0 })).toBeNull();
  });

  test('is a share from then on, also when it is nothing or all', () => {
    expect(agreementOf({ n: LEAST_REVIEWS, agreed: 0 })).toBe('0%');
    expect(agreementOf({ n: LEAST_REVIEWS, agreed: LEAST_REVIEWS })).toBe('100%');
    expect(agreementOf({ n: 120, agreed: 109 })).toBe('91%');
  });

  test('comes with an interval that holds it, narrower the more was reviewed, never beyond 0 and 100', () => {
    for (const [n, agreed] of [
      [20, 0],
      [20, 20],
      [50, 45],
      [2000, 1800],
    ] as const) {
      const { low, high } = intervalOf({ n, agreed }) ?? { low: NaN, high: NaN };
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(100);
      expect(low).toBeLessThanOrEqual((agreed / n) * 100);
      expect(high).toBeGreaterThanOrEqual((agreed / n) * 100);
    }
    const width = (n: number) => {
      const { low, high } = intervalOf({ n, agreed: 0.9 * n }) ?? { low: 0, high: 0 };
      return high - low;
    };
    expect(width(2000)).toBeLessThan(width(50));
    // Wilson's interval for 90 of 100 is .826 to .945.
    expect(intervalOf({ n: 100, agreed: 90 })).toEqual({ low: 82, high: 95 });
  });
});

describe('what a field may be', () => {
  test('is read from a form when it is one of the choices, and nothing else is', () => {
    expect(readChoice('sentiment', 'negative')).toBe('negative');
    expect(readChoice('sentiment', 'angry')).toBeUndefined();
    expect(readChoice('sentiment', '')).toBeUndefined();
    expect(readChoice('line', '')).toBeNull();
    expect(readChoice('place', '110000')).toBeUndefined();
  });

  test('has a word for each choice, and keys enough for all of them', () => {
    for (const field of ['sentiment', 'line', 'voice', 'relevance'] as const) {
      const choices = choicesOf(field) ?? [];
      expect(choices.length).toBeGreaterThan(2);
      expect(choices.length).toBeLessThanOrEqual(choiceKeys.length);
      for (const { value, label } of choices) expect(labelOf(field, value)).toBe(label);
    }
    expect([keysFor(3), keysFor(9), keysFor(12)]).toEqual(['1–3', '1–9', '1–9、a–c']);
    expect(choicesOf('place')).toBeNull();
    // Whatever a later program may have stored is shown as it is.
    expect(labelOf('line', 'unheard-of')).toBe('unheard-of');
  });
});
