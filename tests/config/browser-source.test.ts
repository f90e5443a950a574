import { expect, test } from 'vitest';
import { sourceSchema } from '../../config/sources.ts';

const source = {
  kind: 'browser',
  key: 'city-hall',
  name: '云州民意直通车',
  url: 'https://hall.example.com/#/list',
  legalBasis: '履行检察职责所必需',
  impactNote: '每半小时打开一次列表',
  approvedBy: '办公室',
};

test('a source of scripts needs no settings: its list is rendered as it is, its articles are read plainly', () => {
  expect(sourceSchema.parse(source).settings).toMatchObject({
    scroll: 0,
    renderArticles: false,
    list: { maxPages: 3 },
  });
});

test('its settings are those of a site and how its list is loaded', () => {
  const settings = {
    waitFor: 'ul.list li',
    more: { selector: 'button.more', times: 5 },
    scroll: 2,
    renderArticles: true,
    list: { link: 'li a', maxPages: 1 },
    article: { text: 'div.text' },
  };
  expect(sourceSchema.parse({ ...source, settings }).settings).toMatchObject(settings);
});

test.each([
  ['a selector that is none', { waitFor: 'ul[' }, ['settings', 'waitFor']],
  ['a button without its selector', { more: { times: 3 } }, ['settings', 'more', 'selector']],
  ['scrolling without end', { scroll: 10_000 }, ['settings', 'scroll']],
  ['pressing without end', { more: { selector: 'button', times: 1e6 } }, ['settings', 'more', 'times']],
])('%s is refused by its name', (_, settings, path) => {
  const issues = sourceSchema.safeParse({ ...source, settings }).error?.issues.map((issue) => issue.path);
  expect(issues).toContainEqual(path);
});
