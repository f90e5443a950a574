import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { trial } from '../../hub/trials/extract.ts';
import { articlePage, articleText } from '../crawler/sources/visiting.ts';

type Extracted = { title: string | null; text: string | null; publishedAt: string | null };
const extract = (input: unknown) => trial(input) as Extracted;

const url = 'https://news.example.com/2026/1122/a1.html';
const found = {
  title: '云州检察通报第1号',
  text: articleText(1),
  publishedAt: '2026-11-22T00:01:00.000Z',
  outlet: null,
  comments: [],
};

describe('a page is read', () => {
  test('from its text', () => {
    expect(extract({ url, html: articlePage(1) })).toEqual(found);
  });

  test('from its bytes, in the encoding that they are in', () => {
    for (const [encoding, contentType] of [
      ['utf8', 'text/html; charset=utf-8'],
      ['gbk', 'text/html; charset=gbk'],
      ['gbk', null],
      ['gbk', undefined],
    ] as const) {
      const base64 = iconv.encode(articlePage(1), encoding).toString('base64');
      expect(extract({ url, base64, contentType })).toEqual(found);
    }
  });

  test('and what it does not say is null', () => {
    expect(extract({ url: 'https://news.example.com/', html: '' })).toEqual({
      title: null,
      text: null,
      publishedAt: null,
      outlet: null,
      comments: [],
    });
  });
});

describe('an input is refused', () => {
  test.each([
    ['without an address', { html: '<p>' }],
    ['without a page', { url }],
    ['with bytes that are no Base64', { url, base64: '检察' }],
    ['with a page that is no text', { url, html: 5 }],
    ['that is no object', 'x'],
    ['that is null', null],
    ['that is a list', []],
  ])('%s', (_, input) => {
    expect(() => extract(input)).toThrow();
  });
});
