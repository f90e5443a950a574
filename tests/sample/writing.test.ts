import { expect, test } from 'vitest';
import { createWriter, type Bank } from '../../sample/story/grammar.ts';
import { syntheticBankCard, syntheticIdNumber, syntheticPhone } from '../../sample/story/personal-data.ts';
import { burst } from '../../sample/story/phrases/burst.ts';
import { common } from '../../sample/story/phrases/common.ts';
import { everyday } from '../../sample/story/phrases/everyday.ts';
import { noise } from '../../sample/story/phrases/noise.ts';
import { praised } from '../../sample/story/phrases/praised.ts';
import { slow } from '../../sample/story/phrases/slow.ts';
import { createRandom } from '../../sample/story/random.ts';
import { anchor, everything, share, world } from './world-helpers.ts';

const history = everything(world, anchor);
const plain = (text: string): string => text.replace(/#[^#]*#|\[[^\]]*\]/g, '');
const personal = /1380000\d{4}|1990000\d{4}|110101190001\d{5}[\dX]|6222\d{15}|@example\.com/;

test('every slot of every phrase can be filled', () => {
  for (const theme of [...everyday, ...noise, praised, burst, slow]) {
    const { slots = {}, key: _key, ...lists } = theme;
    const write = createWriter(createRandom(7), slots, { fact: theme.facts }, common);
    for (const phrase of [...Object.values(lists).flat(), ...Object.values(slots).flat()]) {
      expect(write(phrase.replaceAll('{', '{~').replaceAll('{~~', '{~'))).not.toMatch(/[{}]/);
    }
  }
});

test('a slot keeps its word within one writer unless it is asked anew, and a typo throws', () => {
  const bank: Bank = { place: ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛'] };
  const write = createWriter(createRandom(3), bank);
  const first = write('{place}');
  expect(write('{place}{place}')).toBe(first + first);
  expect(new Set(Array.from({ length: 40 }, () => write('{~place}'))).size).toBeGreaterThan(3);
  expect(Number(write('{3-20}'))).toBeLessThanOrEqual(20);
  expect(() => write('{plaec}')).toThrow('{plaec}');
});

test('texts have the length of their kind', () => {
  for (const item of history) {
    if (personal.test(item.text) || item.reprintOf !== undefined) continue;
    const length = plain(item.text).length;
    if (item.kind === 'article') {
      expect(length, item.text).toBeGreaterThanOrEqual(40);
      expect(length, item.text).toBeLessThanOrEqual(620);
      expect(item.text.split('\n').length, item.text).toBeLessThanOrEqual(6);
    } else if (item.kind !== 'thread') {
      expect(length, item.text).toBeGreaterThanOrEqual(12);
      expect(length, item.text).toBeLessThanOrEqual(130);
    }
    expect(item.text).not.toMatch(/[{}]|undefined/);
  }
});

test('articles and threads have titles, posts and replies have none', () => {
  for (const item of history)
    expect(item.title !== undefined).toBe(['article', 'thread'].includes(item.kind));
});

test('reprints resemble what they repeat without being it', () => {
  const ids = new Map(history.map((item) => [item.id, item]));
  for (const copy of history.filter((item) => item.reprintOf !== undefined)) {
    const source = ids.get(copy.reprintOf ?? '');
    expect(copy.text.includes(source?.text.split('\n')[0] ?? '?')).toBe(true);
    expect([copy.title, copy.text]).not.toEqual([source?.title, source?.text]);
  }
});

test('about one text in a hundred gives away personal data', () => {
  const leaking = share(history, (item) => personal.test(item.text));
  expect(leaking).toBeGreaterThan(0.005);
  expect(leaking).toBeLessThan(0.02);
});

test('synthetic personal data passes the checks that real data passes', () => {
  const random = createRandom(11);
  for (let turn = 0; turn < 200; turn++) {
    const id = syntheticIdNumber(random);
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const sum = weights.reduce((total, weight, index) => total + weight * Number(id[index]), 0);
    expect(id).toHaveLength(18);
    expect(id.at(-1)).toBe('10X98765432'[sum % 11]);
    const card = syntheticBankCard(random);
    const luhn = [...card].reverse().reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    expect(card).toHaveLength(19);
    expect(luhn % 10).toBe(0);
    expect(syntheticPhone(random)).toMatch(/^(1380000|1990000)\d{4}$/);
  }
});
