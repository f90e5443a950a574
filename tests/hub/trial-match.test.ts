import { describe, expect, test } from 'vitest';
import { trial } from '../../hub/trials/match.ts';

describe('a query is tried on a text', () => {
  test.each([
    [{ query: '食堂 AND 变质', text: '食堂的肉變質了' }, true],
    [{ query: '食堂 -变质', text: '食堂的肉变质了' }, false],
    [{ query: '检*院', text: '检\u200b察院' }, true],
    [{ query: '标题:通报', text: '正文', title: '检察院通报' }, true],
    [{ query: '食堂 媒体:日报', text: '食堂', outlet: '云州日报' }, true],
    [{ query: '食堂 体裁:评论', text: '食堂' }, false],
    [{ query: '食堂 情感:负面', text: '食堂的饭菜让人愤怒，太差了，十分失望' }, true],
    [{ query: '食堂 情感:正面', text: '食堂的饭菜让人愤怒，太差了，十分失望' }, false],
  ])('%j', (question, matched) => {
    expect(trial(question)).toEqual({ matched });
  });
});

test('a wrong query says what is wrong, and at which column', () => {
  expect(() => trial({ query: '食堂 OR', text: '' })).toThrow(/第 4 列：.*OR/u);
  expect(() => trial({ query: '检察院 13800138000', text: '' })).toThrow(/第 5 列：/u);
});

test('what is no question is refused', () => {
  expect(() => trial({ query: '食堂' })).toThrow(/text/u);
});
