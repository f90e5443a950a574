import { expect, test } from 'vitest';
import { contentOf } from '../../../config/release-content.ts';
import { differencesOf, ownText } from '../../../web/lib/editor/differences.ts';

test('a channel that follows the master differs in nothing', () => {
  const content = contentOf({ title: '云州检察开放日', details: { coverId: 3 } });
  expect(differencesOf(content, 'website')).toEqual([]);
  expect(differencesOf(content, 'weibo')).toEqual([]);
  expect(differencesOf(content, 'wechat')).toEqual([]);
});

test('what a channel says instead is named, in the order in which it is read', () => {
  const wechat = { title: '开放日', digest: '', document: { type: 'doc', content: [] } };
  const content = contentOf({ title: '云州检察开放日', details: { wechat, weibo: { imageId: 7 } } });
  expect(differencesOf(content, 'wechat')).toEqual(['title', 'digest', 'document']);
  expect(differencesOf(content, 'weibo')).toEqual(['picture']);
});

test('the cover of the release, chosen once more for a channel, is no difference', () => {
  const content = contentOf({ details: { coverId: 3, weibo: { imageId: 3 }, wechat: { coverId: 3 } } });
  expect(differencesOf(content, 'weibo')).toEqual([]);
  expect(differencesOf(content, 'wechat')).toEqual([]);
});

test('a text that is typed to be just the master’s follows the master again', () => {
  expect(ownText('标题', '标题')).toBeNull();
  expect(ownText('', '标题')).toBe('');
});
