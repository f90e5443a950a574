import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readItem, readItems } from '../../../crawler/sources/push.ts';

const now = Date.UTC(2026, 10, 22, 2);
const read = (given: unknown) => readItem(given, { outlet: '某某平台', now });
const item = (change: Record<string, unknown> = {}) => ({
  id: 'A-1',
  text: '正文',
  publishedAt: null,
  ...change,
});

describe('an item that is sent', () => {
  test('becomes a draft of what is known; unknown is not zero', () => {
    expect(read(item())).toEqual({
      draft: {
        ...{ kind: 'post', url: null, externalId: 'A-1', parentUrl: null, title: null, text: '正文' },
        ...{ publishedAt: null, outlet: '某某平台' },
        counts: { likes: null, comments: null, shares: null, times: null },
      },
      ignored: [],
    });
    const whole = {
      ...{
        id: 17,
        url: 'https://a.example/1#x',
        kind: 'comment',
        parentUrl: 'https://a.example/?utm_source=x',
      },
      ...{ title: ' 标题 ', text: ' 正文 ', publishedAt: '2026-11-03 08:05', outlet: '云州日报' },
      counts: { likes: 0, comments: 2, shares: null },
    };
    expect(read(whole).draft).toMatchObject({
      ...{ kind: 'comment', url: 'https://a.example/1', externalId: '17', parentUrl: 'https://a.example/' },
      ...{ title: '标题', text: '正文', publishedAt: Date.UTC(2026, 10, 3, 0, 5), outlet: '云州日报' },
      counts: { likes: 0, comments: 2, shares: null, times: null },
    });
  });

  test('drops what it holds beside that, and names it', () => {
    const made = read(item({ author: '张三丰', user_id: 7, counts: { likes: 1, followers: 9 } }));
    expect(made).toMatchObject({ ignored: ['author', 'user_id', 'counts.followers'] });
    expect(JSON.stringify(made.draft)).not.toContain('张三丰');
  });

  test.each([
    ['2026-11-03T08:05:00+08:00', Date.UTC(2026, 10, 3, 0, 5)],
    ['2026-11-03T08:05:00Z', Date.UTC(2026, 10, 3, 8, 5)],
    ['2026年11月3日 8:05', Date.UTC(2026, 10, 3, 0, 5)],
    [1_793_664_000, Date.UTC(2026, 10, 3)],
    [1_793_664_000_123, Date.UTC(2026, 10, 3) + 123],
  ])('at %s has its time', (publishedAt, at) => {
    expect(read(item({ publishedAt })).draft?.publishedAt).toBe(at);
  });

  test.each([
    [null, /JSON 对象/],
    [[], /^(id|条目)/],
    [{ text: 'x', publishedAt: null }, /^id 须为/],
    [item({ id: '' }), /^id 须为/],
    [item({ id: 1.5 }), /^id 须为/],
    [item({ text: '  ' }), /^text 须为/],
    [{ id: 'x', text: 'x' }, /^publishedAt 须写明/],
    [item({ publishedAt: '上旬' }), /^publishedAt 须写明/],
    [item({ publishedAt: 1e300 }), /^publishedAt 须写明/],
    [item({ url: 'javascript:alert(1)' }), /^url 须为/],
    [item({ kind: 'person' }), /^kind 须为/],
    [item({ outlet: '长'.repeat(41) }), /^outlet 须为/],
    [item({ counts: { likes: -1 } }), /^counts 中/],
    [item({ counts: [] }), /^counts 中/],
  ])('as %j is refused with its field', (given, message) => {
    expect(read(given)).toEqual({ draft: null, problem: expect.stringMatching(message) });
  });

  test('is never more than a refusal, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({ id: fc.string(), text: fc.string(), publishedAt: fc.jsonValue() }),
        ),
        (given) => {
          const made = read(given);
          if (made.draft === null) expect(made.problem).toMatch(/\p{Script=Han}/u);
          else expect(made.draft.text.trim()).not.toBe('');
        },
      ),
      { numRuns: 500 },
    );
  });
});

test('a body holds its items in one object, or one a line', () => {
  expect(readItems('{"items":[1,2],"batch":3}', 'json')).toEqual({ items: [1, 2], ignored: ['batch'] });
  expect(readItems('{"a":1}\n\n{"b":2}\r\n', 'lines')).toEqual({ items: [{ a: 1 }, { b: 2 }], ignored: [] });
  for (const text of ['', '{', 'null', '[]', '{"items":{}}', '7']) {
    expect(readItems(text, 'json')).toEqual({ problem: expect.stringMatching(/\p{Script=Han}/u) });
  }
});
