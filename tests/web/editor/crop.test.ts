import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cornersOf,
  drawn,
  formOf,
  largest,
  moved,
  partOf,
  scaled,
  type Part,
} from '../../../web/lib/editor/crop.ts';

const form = fc.option(fc.double({ min: 0.2, max: 5, noNaN: true }));
const by = fc.double({ min: -2, max: 2, noNaN: true });
const step = fc.oneof(
  fc.record({ do: fc.constant('move' as const), x: by, y: by }),
  fc.record({ do: fc.constant('scale' as const), x: fc.double({ min: 0.1, max: 10, noNaN: true }), y: by }),
  fc.record({
    do: fc.constantFrom('nw' as const, 'ne' as const, 'sw' as const, 'se' as const),
    x: by,
    y: by,
  }),
);

function after(
  part: Part,
  given: typeof step extends fc.Arbitrary<infer S> ? S : never,
  form: number | null,
): Part {
  if (given.do === 'move') return moved(part, given.x, given.y);
  if (given.do === 'scale') return scaled(part, given.x);
  return drawn(part, given.do, given.x, given.y, form);
}

test('however a part is moved, scaled and drawn, it lies within the picture and keeps its form', () => {
  fc.assert(
    fc.property(form, fc.array(step, { maxLength: 12 }), (form, steps) => {
      const part = steps.reduce((now, each) => after(now, each, form), largest(form));
      const least = 1e-9;
      expect(part.x).toBeGreaterThanOrEqual(-least);
      expect(part.y).toBeGreaterThanOrEqual(-least);
      expect(part.x + part.w).toBeLessThanOrEqual(1 + least);
      expect(part.y + part.h).toBeLessThanOrEqual(1 + least);
      expect(Math.min(part.w, part.h)).toBeGreaterThan(0);
      if (form !== null) expect(part.w / part.h).toBeCloseTo(form, 6);
    }),
  );
});

test('the largest square of a picture of 3 to 2 is its whole height, from the middle', () => {
  expect(cornersOf(largest(formOf(1, 1_200, 800)))).toEqual([0.16667, 0, 0.83333, 1]);
});

test('a part is stored as its corners and read back', () => {
  expect(cornersOf({ x: 0.1, y: 0, w: 0.8, h: 1 })).toEqual([0.1, 0, 0.9, 1]);
  expect(partOf([0.25, 0, 0.75, 0.5])).toEqual({ x: 0.25, y: 0, w: 0.5, h: 0.5 });
});

test('corners that enclose nothing are no part', () => {
  expect(partOf([])).toBeNull();
  expect(partOf([0.5, 0, 0.5, 1])).toBeNull();
});
