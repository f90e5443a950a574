import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { sourceSchema, type SourceKind } from '../../config/sources.ts';
import { sourceMessages } from '../../web/lib/messages/sources.ts';
import {
  checkTyped,
  detailsOf,
  freeKey,
  keyFor,
  readApproval,
  restAsYaml,
} from '../../web/lib/server/source-form.ts';
import { deskKinds, settingsFields, typedOf } from '../../web/lib/source-fields.ts';

const example = parse(readFileSync(join(import.meta.dirname, '../../config/hub.example.yaml'), 'utf8')) as {
  sources: { key: string; kind: SourceKind }[];
};

describe('the form of a source', () => {
  test.each(example.sources.map((source) => [source.kind, source.key, source] as const))(
    'gives back what hub.yaml says of a source: %s %s',
    (kind, _, source) => {
      const details = detailsOf(sourceSchema.parse(source));
      const { typed, rest } = typedOf(details);
      expect(checkTyped(kind, { ...typed, rest: restAsYaml(rest) })).toEqual({ details, wrong: null });
    },
  );

  test('knows every kind that there is, and has words for every line', () => {
    expect(sourceSchema.options.map(({ shape }) => shape.kind.value).toSorted()).toEqual(
      deskKinds.toSorted(),
    );
    for (const kind of deskKinds) {
      expect(sourceMessages.kinds).toHaveProperty([kind]);
      for (const { name, options = [] } of settingsFields[kind] ?? []) {
        expect(sourceMessages.fields).toHaveProperty([name]);
        for (const option of options) expect(sourceMessages.options[name]).toHaveProperty([option]);
      }
    }
  });

  test.each([
    ['feed', { name: '', url: 'https://a.example/' }, { name: sourceMessages.form.required }],
    ['feed', { name: '甲', url: 'a.example' }, { url: '须是 http:// 或 https:// 开头的完整地址' }],
    ['site', { 'settings.thread.text': 'p' }, { 'settings.thread.item': sourceMessages.form.required }],
    [
      'api',
      { 'settings.items': '@', 'settings.fields.text': 'text' },
      { 'settings.urlTemplate': expect.stringContaining('urlTemplate') },
    ],
    ['site', { 'settings.list.maxPages': 'x' }, { 'settings.list.maxPages': expect.any(String) }],
    ['feed', { rest: 'unknown: 1' }, { rest: expect.stringContaining('unknown') }],
    ['feed', { rest: '- a' }, { rest: sourceMessages.form.notMapping }],
    ['feed', { rest: '{' }, { rest: sourceMessages.form.badYaml }],
    ['feed', { rest: `a: &a [x]\n${'b: [*a, *a]\n'.repeat(20)}` }, { rest: sourceMessages.form.badYaml }],
  ] as const)('says what is wrong at its line: %s %j', (kind, change, wrong) => {
    const typed = { name: '甲', url: 'https://a.example/', ...change };
    expect(checkTyped(kind, typed).wrong).toEqual(wrong);
  });
});

test('a key is made from the address, and is one that nobody has', () => {
  expect(keyFor('feed', 'https://www.News.example.com:8080/rss', '甲')).toBe('news-example-com-8080');
  expect(keyFor('weibo', '', '本院微博')).toBe('weibo');
  expect(freeKey('a', new Set(['a', 'a-2']))).toBe('a-3');
});

test('only the points of a kind are ticked, and nothing is approved that lacks one', () => {
  const sent = new FormData();
  for (const point of ['own', 'no-persons', 'robots', 'made-up']) sent.append('checked', point);
  sent.set('legalBasis', '政务数据共享');
  sent.set('impactNote', '无');
  sent.set('approvedBy', '办公室');
  const { approval, wrong } = readApproval(sent, 'upload');
  expect(approval).toMatchObject({ checked: ['no-persons', 'own'], impactNote: null, approvedBy: '办公室' });
  expect(Object.keys(wrong)).toEqual(['impactNote']);
  expect(Object.keys(readApproval(sent, 'feed').wrong)).toEqual(['checked', 'impactNote']);
});
