import { expect, test } from 'vitest';
import { Chance } from '../../support/chance.ts';
import { ShareDetector } from '../../../indexer/warnings/share-detector.ts';
import { HOUR, MONDAY, rising } from './made-up.ts';

/** Hours of `whole` posts on average of which a share is negative; the indices at which a rise of it is told. */
function told(days: number, whole: number, share: (day: number) => number, seed = 3): number[] {
  const chance = new Chance(seed);
  const detector = new ShareDetector();
  const found: number[] = [];
  for (let index = 0; index < days * 24; index += 1) {
    const posts = chance.poisson(whole);
    let negative = 0;
    for (let post = 0; post < posts; post += 1) if (chance.next() < share(index / 24)) negative += 1;
    if (rising(detector.next(MONDAY + index * HOUR, negative, posts))) found.push(index);
  }
  return found;
}

test('a negative share that trebles is told within hours', () => {
  const found = told(30, 10, (day) => (day >= 25 && day < 25.5 ? 0.6 : 0.2));
  expect(found).toHaveLength(1);
  expect(found[0]).toBeGreaterThanOrEqual(25 * 24);
  expect(found[0]).toBeLessThan(25 * 24 + 9);
});

test('twice as many posts with the same share are not', () => {
  const detector = new ShareDetector();
  for (let index = 0; index < 40 * 24; index += 1) {
    const posts = index > 35 * 24 ? 100 : 10;
    expect(rising(detector.next(MONDAY + index * HOUR, posts / 5, posts))).toBe(false);
  }
});

test('a share as chance has it is not told, nor are two of two among few posts', () => {
  for (const whole of [0.3, 1, 10]) expect(told(90, whole, () => 0.2)).toHaveLength(0);
  const detector = new ShareDetector();
  for (let index = 0; index < 20 * 24; index += 1) {
    detector.next(MONDAY + index * HOUR, 0, index % 6 === 0 ? 1 : 0);
  }
  expect(detector.next(MONDAY + 20 * 24 * HOUR, 2, 2)).toMatchObject({ burst: false, strength: 0 });
});

test('hours without posts, and hours not known, say nothing and teach nothing', () => {
  const detector = new ShareDetector();
  for (let index = 0; index < 200; index += 1) detector.next(MONDAY + index * HOUR, 2, 10);
  const before = detector.save();
  expect(detector.next(MONDAY + 200 * HOUR, 0, 0)).toMatchObject({ burst: false, kind: null });
  expect(detector.next(MONDAY + 201 * HOUR, Number.NaN, Number.NaN)).toMatchObject({ burst: false });
  expect(detector.save()).toEqual(before);
  expect(detector.next(MONDAY + 202 * HOUR, 2, 10).expected).toBeCloseTo(0.2, 1);
});

test('kept and brought back, it goes on with the very same verdicts', () => {
  const [detector, chance] = [new ShareDetector(), new Chance(1)];
  let kept = new ShareDetector();
  for (let index = 0; index < 400; index += 1) {
    if (index % 61 === 0) kept = ShareDetector.restore(kept.save()) ?? new ShareDetector();
    const posts = chance.poisson(6);
    const negative = Math.min(posts, chance.poisson(1));
    expect(kept.next(MONDAY + index * HOUR, negative, posts)).toEqual(
      detector.next(MONDAY + index * HOUR, negative, posts),
    );
  }
  expect(kept.save().length).toBeLessThanOrEqual(8192);
  expect(ShareDetector.restore(kept.save().subarray(8))).toBeUndefined();
});
