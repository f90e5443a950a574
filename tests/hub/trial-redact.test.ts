import { expect, test } from 'vitest';
import { trials } from '../../hub/trials/index.ts';

test('a text comes back masked, with what was masked in it in units of the text that was given', async () => {
  const trial = (await trials['redact']?.())?.trial;
  expect(trial?.({ text: '😀被告人張偉，电话１３８００１３８０００' })).toEqual({
    text: '😀被告人張某，电话[手机号]',
    replacements: [
      { start: 5, end: 7, type: 'name' },
      { start: 10, end: 21, type: 'mobile' },
    ],
  });
  expect(trial?.({ text: '请拨打12309' })).toEqual({ text: '请拨打12309', replacements: [] });
  expect(() => trial?.({ words: '' })).toThrow(/text/);
});
