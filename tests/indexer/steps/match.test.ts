import { describe, expect, test } from 'vitest';
import { defaultKnowledge, Knowledge, type KnownWatch } from '../../../indexer/knowledge.ts';
import { match } from '../../../indexer/steps/match.ts';
import { analysed } from '../../../indexer/steps/simplify.ts';
import type { StepContext, Working } from '../../../indexer/steps/types.ts';
import { context, draft, working } from '../working.ts';

/** Offices of a province, a city and a county, and of another city. */
const [PROVINCE, CITY, COUNTY, OTHER] = [1, 2, 3, 4];

const knowing = (watches: readonly KnownWatch[], change: Partial<StepContext> = {}): StepContext => ({
  ...{ ...context, officeId: COUNTY, above: [COUNTY, CITY, PROVINCE], ...change },
  knowledge: new Knowledge('test', { ...defaultKnowledge().edits, watches }),
});

const post = (text: string, change: Partial<Working> = {}): Working =>
  working({ analysed: analysed(change.title ?? null, text), ...change });

const found = (query: string, given: Working, change: Partial<StepContext> = {}) =>
  match(given, knowing([{ id: 7, officeId: COUNTY, query }], change)).watches.length === 1;

describe('the watches of the own office and of those above count, and no others', () => {
  const watches = [OTHER, PROVINCE, CITY, COUNTY].map((officeId) => ({
    ...{ id: 10 + officeId, officeId },
    query: '食堂',
  }));
  test.each([
    ['of a county', [COUNTY, CITY, PROVINCE], [11, 12, 13]],
    ['of a city', [CITY, PROVINCE], [11, 12]],
    ['of a province', [PROVINCE], [11]],
  ])('%s', (_, above, expected) => {
    const given = knowing(watches, { officeId: above[0] ?? 0, above });
    expect(match(post('食堂的肉变质了'), given).watches).toEqual(expected);
  });
});

describe('a watch is asked about what the steps before have found out', () => {
  const given = post('食堂的肉变质了', {
    draft: draft({ kind: 'comment', outlet: '雲州日報' }),
    title: '家长投诉',
    place: '530102',
    line: 'public-interest',
    voice: 'complaint',
    sentiment: 'negative',
  });
  test.each([
    ['变质', true],
    ['標題:投訴', true],
    ['标题:变质', false],
    ['变质 媒体:云州', true],
    ['变质 体裁:评论', true],
    ['变质 信源:微博', true],
    ['变质 信源:微信', false],
    ['地区:云南', true],
    ['地区:四川', false],
    ['条线:公益诉讼', true],
    ['变质 声音:投诉 情感:负面', true],
    ['变质 -情感:负面', false],
  ])('%s: %s', (query, expected) => {
    expect(found(query, given, { sourceKind: 'weibo' })).toBe(expected);
  });
});

test('without an outlet there is none that could be looked for', () => {
  expect(found('变质 媒体:云州', post('变质', { draft: draft({ outlet: null }) }))).toBe(false);
  expect(found('变质 -媒体:云州', post('变质', { draft: draft({ outlet: null }) }))).toBe(true);
});

test('a query that is not understood any more matches nothing, and the others go on', () => {
  const watches = [
    { id: 1, officeId: COUNTY, query: '条线:没有这条线' },
    { id: 2, officeId: COUNTY, query: '食堂' },
  ];
  expect(match(post('食堂'), knowing(watches)).watches).toEqual([2]);
});

test('where nobody watches anything, nothing matches', () => {
  expect(match(post('食堂'), knowing([])).watches).toEqual([]);
});

test('nothing but the watches is changed', () => {
  const given = post('食堂');
  const result = match(given, knowing([{ id: 1, officeId: COUNTY, query: '食堂' }]));
  expect({ ...result, watches: [] }).toEqual(given);
});

test('a long post with many words that repeat is asked to its end', () => {
  const watches = [{ id: 1, officeId: COUNTY, query: '"甲 乙"~3 | 甲*乙*甲*乙 | (甲|乙) NEAR/200 (丙|丁)' }];
  const given = post('甲，'.repeat(10_000));
  expect(match(given, knowing(watches)).watches).toEqual([]);
});
