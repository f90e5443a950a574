import { expect, test } from 'vitest';
import { parsePage } from '../../crawler/extract/dom.ts';
import { furtherPages } from '../../crawler/extract/further-pages.ts';
import { articleLinks, nextPage } from '../../crawler/extract/links.ts';
import { readSitemap } from '../../crawler/extract/sitemap.ts';
import { isSummary } from '../../crawler/extract/summary.ts';

const url = 'https://www.example.cn/a/1.html';
const link = (path: string) => `<a href="/${path}">一个很长的标题在这里</a>`;

// Each of these takes hours where a pattern tries every way to part the text, and no time otherwise.
test.each([
  ['one long address of words', link(`${'a-b_'.repeat(50_000)}/x`)],
  ['many addresses of words', link(`${'a-b_'.repeat(400)}/x`).repeat(2000)],
  ['many addresses of numbers', link(`${'1-'.repeat(900)}.html`).repeat(2000)],
  ['pagers that never end', `<script>${'createPageHTML'.repeat(1400)}</script>`.repeat(200)],
  ['a link of buttons', `<a href="/1">${'查看全部'.repeat(50_000)}</a>`],
])('links are read to their end: %s', (_, html) => {
  expect(Array.isArray(articleLinks(html, url))).toBe(true);
  expect(nextPage(html, url)).toBeNull();
  expect(furtherPages(parsePage(html), url, url, 1).next).toEqual([]);
});

test('so are texts of dots and sitemaps of nothing but openings', () => {
  expect(isSummary(`${'…'.repeat(1_000_000)}文${'字'.repeat(400)}`, null, false)).toBe(false);
  expect(readSitemap(`<urlset>${'<url><loc>'.repeat(400_000)}`, 0)).toEqual({ pages: [], sitemaps: [] });
});
