import { expect, test } from 'vitest';
import { background, Background, levelOf } from '../../../indexer/topics/background.ts';
import { CELLS, cellOf } from '../../../indexer/topics/cells.ts';
import { featureOf, featuresOf } from '../../../indexer/topics/features.ts';
import { Talk } from '../../../indexer/topics/talk.ts';
import { DAY, START } from './made-up.ts';

const WORD = featureOf('nobodysaysthis');
/** How much more the word says at a time than it always does. */
const moreAt = (talk: Talk, at: number, count: number, texts: number): number => {
  const never = new Talk();
  for (const one of [talk, never]) one.look(at);
  return talk.weight(WORD, count, texts) - never.weight(WORD, count, texts);
};

/** A thousand texts of thirty days, of which some in the middle have the word. */
function said(times: number, from = 15, days = 3): Talk {
  const talk = new Talk();
  for (let n = 0; n < 1_000; n += 1) talk.add(featuresOf([`only${n}`]), START + (n / 1_000) * 30 * DAY);
  for (let n = 0; n < times; n += 1)
    talk.add(featuresOf(['nobodysaysthis', `also${n}`]), START + (from + (n / times) * days) * DAY);
  return talk;
}

test('a word that many texts of some days have, and else none, says the more, the more of them there are', () => {
  const more = [2, 5, 20, 60].map((times) => moreAt(said(times), START + 16 * DAY, times, 1_500 + times));
  expect(more).toEqual(more.toSorted((a, b) => a - b));
  expect(more[0]).toBeGreaterThan(0);
  expect(more[3]).toBeGreaterThan(3);
});

test('at another time the same word says no more than always', () => {
  expect(moreAt(said(40), START + 2 * DAY, 40, 1_540)).toBe(0);
});

test('what an office speaks of all the time is hardly news of any of its days', () => {
  expect(moreAt(said(300, 0, 30), START + 16 * DAY, 300, 1_800)).toBeLessThan(0.5);
});

test('counts do not run into one another when the table grows', () => {
  const talk = new Talk();
  for (let n = 0; n < 30_000; n += 1) talk.add(featuresOf([`once${n}`, `too${n}`]), START);
  talk.look(START);
  const always = new Talk();
  always.look(START);
  for (let n = 0; n < 30_000; n += 997) {
    const feature = featureOf(`once${n}`);
    expect(talk.weight(feature, 1, 30_000)).toBe(always.weight(feature, 1, 30_000));
  }
});

test('when all is taken back nothing is talked about', () => {
  const talk = said(50);
  talk.clear();
  expect(moreAt(talk, START + 16 * DAY, 50, 1_550)).toBe(0);
});

test('the shares of other texts are kept to some per cent, and what none has counts for half a text', () => {
  for (const texts of [1, 2, 7, 90, 4_000]) {
    const levels = new Uint8Array(CELLS);
    levels[cellOf(WORD)] = levelOf(texts);
    const share = new Background(levels, 10_000).share(WORD);
    expect(share / ((texts + 0.5) / 10_001)).toBeGreaterThan(0.93);
    expect(share / ((texts + 0.5) / 10_001)).toBeLessThan(1.07);
  }
  expect(new Background(new Uint8Array(CELLS), 9_999).share(WORD)).toBeCloseTo(0.5 / 10_000, 8);
  expect(background().share(featureOf('没有'))).toBeGreaterThan(20 * background().share(featureOf('供餐')));
});
