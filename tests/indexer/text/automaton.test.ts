import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Automaton } from '../../../indexer/text/automaton.ts';

type Hit = [pattern: number, end: number];

function found(patterns: readonly string[], text: string): Hit[] {
  const hits: Hit[] = [];
  new Automaton(patterns).scan(text, (pattern, end) => hits.push([pattern, end]));
  return hits;
}

/** The same by looking for each pattern at each place. */
function looked(patterns: readonly string[], text: string): Hit[] {
  return patterns.flatMap((pattern, at) =>
    [...text.split('').keys()]
      .filter((start) => pattern !== '' && text.startsWith(pattern, start))
      .map((start): Hit => [at, start + pattern.length]),
  );
}

const sorted = (hits: Hit[]) => hits.toSorted((a, b) => a[1] - b[1] || a[0] - b[0]);

describe('every place of every pattern is told', () => {
  test('patterns within patterns, overlapping ones and their ends', () => {
    const patterns = ['检察', '检察院', '人民检察院', '院', '察院官'];
    expect(sorted(found(patterns, '云州市人民检察院官网'))).toEqual([
      [0, 7],
      [1, 8],
      [2, 8],
      [3, 8],
      [4, 9],
    ]);
  });

  test('of those that end together the longest first', () => {
    expect(found(['c', 'bc', 'abc'], 'abc').map(([pattern]) => pattern)).toEqual([2, 1, 0]);
  });

  test('a pattern that stands twice in the list is told twice', () => {
    expect(sorted(found(['甲', '乙', '甲'], '甲'))).toEqual([
      [0, 1],
      [2, 1],
    ]);
  });

  test('an empty pattern is never found, and no patterns find nothing', () => {
    expect(found(['', '甲'], '甲')).toEqual([[1, 1]]);
    expect(found([], '甲乙丙')).toEqual([]);
  });

  test('characters outside the basic plane', () => {
    expect(found(['😀', '𠮷野'], '𠮷野😀')).toEqual([
      [1, 3],
      [0, 5],
    ]);
  });

  test('as by looking for each of them', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '检', '察', '😀'), maxLength: 6 });
    const words = fc.string({ unit: fc.constantFrom('a', 'b', '检', '察', '😀'), maxLength: 40 });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 30 }), words, (patterns, text) => {
        expect(sorted(found(patterns, text))).toEqual(sorted(looked(patterns, text)));
      }),
      { numRuns: 500 },
    );
  });

  test('as by looking for each of them, with any units at all', () => {
    const any = fc.string({ unit: 'binary', maxLength: 4 });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), fc.array(any, { maxLength: 30 }), (patterns, pieces) => {
        const text = [...pieces, ...patterns].join('');
        expect(sorted(found(patterns, text))).toEqual(sorted(looked(patterns, text)));
      }),
    );
  });
});

test('a list of many thousand patterns is built and every one of them is found', () => {
  const patterns = Array.from({ length: 20_000 }, (_, n) => `词${n.toString(36)}。`);
  const hits = found(patterns, patterns.join(''));
  expect(new Set(hits.map(([pattern]) => pattern)).size).toBe(patterns.length);
});
