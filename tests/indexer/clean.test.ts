import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clean, MAX_TEXT, tidy } from '../../indexer/steps/clean.ts';
import { context, draft, working } from './working.ts';

const cleaned = (text: string) => tidy(text, MAX_TEXT);

describe('what no reader sees is taken out', () => {
  test.each([
    ['NUL', '检\0察', '检察'],
    ['an unpaired high surrogate', '检\ud83d察', '检察'],
    ['an unpaired low surrogate', '检\ude00察', '检察'],
    ['zero-width spaces and joiners', '1\u200b3\u200c8\u200d\u2060', '138'],
    ['marks of direction', '\u202e检察\u202c', '检察'],
    ['the marks of search hits', '\ue000检察\ue001院', '检察院'],
    ['byte order marks', '\ufeff检察', '检察'],
    ['soft hyphens', '检\u00ad察', '检察'],
    ['control characters', '检\u0007\u001b察\u0085', '检察'],
    ['carriage returns', '第一行\r\n第二行', '第一行\n第二行'],
    ['replacement characters', '检\ufffd察', '检察'],
  ])('%s', (_, text, expected) => {
    expect(cleaned(text)).toBe(expected);
  });
});

describe('what a reader sees stays', () => {
  test.each(['😀检察👍', '〇㐀𠮷𪚥', 'Ａ１，。！', 'é ü ñ', '←→①②㈠', '[怒]'])('%s', (text) => {
    expect(cleaned(text)).toBe(text);
  });
});

describe('spaces are folded', () => {
  test.each([
    ['runs of spaces', '检察  \t 机关', '检察 机关'],
    ['wide and unbreakable ones', '检察\u3000\u00a0机关', '检察 机关'],
    ['thin ones, between which numbers hide', '138\u20030013\u20098000', '138 0013 8000'],
    ['at the ends of lines', '  甲 \n\u3000\u3000乙  ', '甲\n乙'],
    ['empty lines', '甲\n\n \n\u200b\n乙\n', '甲\n乙'],
    ['line and paragraph separators', '甲\u2028乙\u2029丙', '甲\n乙\n丙'],
    ['nothing but space', ' \n\u3000\t\u200b ', ''],
  ])('%s', (_, text, expected) => {
    expect(cleaned(text)).toBe(expected);
  });
});

describe('long texts are cut', () => {
  test('to the limit', () => {
    expect(cleaned('检'.repeat(MAX_TEXT + 5))).toHaveLength(MAX_TEXT);
  });

  test('never inside a character', () => {
    expect(tidy('甲乙😀', 3)).toBe('甲乙');
    expect(tidy('甲乙😀', 4)).toBe('甲乙😀');
  });

  test('titles much earlier, in one line', () => {
    const post = clean(working({ draft: draft({ title: `甲\n乙${'丙'.repeat(900)}` }) }), context);
    expect(post.title).toMatch(/^甲 乙丙+$/);
    expect(post.title).toHaveLength(500);
  });
});

test('a title of nothing visible is no title', () => {
  expect(clean(working({ draft: draft({ title: ' \u200b\n' }) }), context).title).toBeNull();
  expect(clean(working({ draft: draft({ title: null }) }), context).title).toBeNull();
});

test('whatever comes in, what comes out is well-formed, bounded and already clean', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(40), (text, max) => {
      const once = tidy(text, max);
      expect(once.isWellFormed()).toBe(true);
      expect(once.length).toBeLessThanOrEqual(max);
      expect(once).not.toMatch(/[\0\u200b\ue000-\uf8ff]|^\s|\s$|\n\n/u);
      expect(tidy(once, max)).toBe(once);
    }),
  );
});
