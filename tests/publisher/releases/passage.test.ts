import { expect, test } from 'vitest';
import { findPassage, passageOf } from '../../../publisher/releases/passage.ts';

const text = '第一段说开放日。\n第二段也说开放日。\n第三段。';

test('a passage is found where it was', () => {
  expect(findPassage(text, '开放日', 4)).toEqual({ start: 4, end: 7 });
  expect(text.slice(14, 17)).toBe('开放日');
  expect(findPassage(text, '开放日', 14)).toEqual({ start: 14, end: 17 });
});

test('a passage that has moved is found at the place nearest to where it was', () => {
  expect(findPassage(`新增的一句话。${text}`, '开放日', 14)).toEqual({ start: 11, end: 14 });
  expect(findPassage(`${'新'.repeat(40)}${text}`, '开放日', 14)).toEqual({ start: 44, end: 47 });
  expect(findPassage(text, '开放日', 1_000)).toEqual({ start: 14, end: 17 });
});

test('words that are not there any more are not found, and no words are no passage', () => {
  expect(findPassage(text, '听证', 0)).toBeNull();
  expect(findPassage(text, '', 0)).toBeNull();
});

test('a selection over several paragraphs is read as the plain text has them', () => {
  const selected = passageOf('  说开放日。 \r\n\r\n 第二段也说\n');
  expect(selected).toBe('说开放日。\n第二段也说');
  expect(findPassage(text, selected, null)).not.toBeNull();
});
