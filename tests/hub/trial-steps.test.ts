import { describe, expect, test } from 'vitest';
import { trial } from '../../hub/trials/steps.ts';

describe('a draft is shown as it would be stored', () => {
  test('from its text alone', () => {
    expect(trial({ text: '　请问不起诉决定书在哪里能查到？ 电话13800138000' })).toMatchObject({
      kind: 'post',
      text: '请问不起诉决定书在哪里能查到？ 电话[手机号]',
      redactions: { mobile: 1 },
      withheld: null,
      identity: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  test('with a time in either form', () => {
    const at = '2026-11-22T08:00:00+08:00';
    for (const publishedAt of [at, Date.parse(at)])
      expect(trial({ text: '检察机关发布通报', publishedAt })).toMatchObject({ publishedAt: new Date(at) });
  });

  test('and nothing of an author with it', () => {
    const shown = trial({
      text: '检察机关发布通报',
      author: 'author-marker',
      counts: { likes: 1, author: 'author-marker' },
    });
    expect(JSON.stringify(shown)).not.toContain('author-marker');
    expect(shown).toMatchObject({ likes: 1, comments: null });
  });

  test('one with nothing left to read is refused in words', () => {
    expect(trial({ text: '\u200b\u200b' })).toEqual({ refused: expect.stringMatching(/不会入库/) });
  });

  test.each([
    [{}],
    [{ text: 7 }],
    [{ text: '甲', kind: 'novel' }],
    [{ text: '甲', counts: { likes: -1 } }],
    ['甲'],
    [null],
  ])('what is no draft is an error that names the fault: %j', (input) => {
    expect(() => trial(input)).toThrow(/./);
  });
});
