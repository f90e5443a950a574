import { describe, expect, test } from 'vitest';
import { extractPage } from '../../crawler/extract/article.ts';
import { shapes } from './page-shapes.ts';

const now = Date.parse('2026-11-22T12:00:00+08:00');

/** Everybody who wrote, photographed or commented in those pages. */
const NAMES = /记者 张某某|张某某 摄|编辑 \| 张某某|小张|小李|小王|佚名|楼主甲|路人[乙丙丁]|Zhang Mou/;

describe('a page is read whatever its shape', () => {
  test.each(shapes)('$name', ({ url, html, want }) => {
    const found = extractPage(html, url, now);
    if (want.title !== undefined) expect(found.title).toMatch(want.title);
    if (typeof want.title === 'string') expect(found.title).toBe(want.title);
    if (want.at !== undefined) expect(found.publishedAt).toBe(want.at);
    if (want.outlet) expect(found.outlet).toMatch(want.outlet);
    if (want.canonical !== undefined) expect(found.canonicalUrl).toBe(want.canonical);
    for (const part of want.text) expect(found.text).toContain(part);
    for (const part of want.notText ?? []) expect(found.text).not.toContain(part);
    if (want.comments !== undefined) expect(found.comments).toHaveLength(want.comments);
    expect(JSON.stringify(found)).not.toMatch(NAMES);
  });
});
