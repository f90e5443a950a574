import { describe, expect, test } from 'vitest';
import { localSite, type LocalSite } from '../fetch/local-site.ts';
import { articleAddress, articlePage, articleText, publish, sourceOf, visit } from './visiting.ts';

const bySelectors = {
  list: { link: 'ul.list a', next: 'a.next', maxPages: 3 },
  article: { title: 'h1', text: 'div.text', publishedAt: 'span.time' },
};
const listOf = (site: LocalSite, settings: object = bySelectors) =>
  sourceOf('site', `${site.origin}/list/1.html`, settings);

describe('a site is read from its list to its articles', () => {
  test.each([
    ['by selectors', bySelectors],
    ['automatically', {}],
  ])('%s', async (_, settings) => {
    const site = await localSite();
    publish(site, [9, 8, 7, 6, 5, 4, 3], 4);
    const { drafts, ...report } = await visit(listOf(site, settings));
    expect(report).toMatchObject({ outcome: 'complete', expected: 7, got: 7, failed: 0, unsettled: false });
    expect(drafts).toHaveLength(7);
    const nine = drafts.find(({ url }) => url === articleAddress(site, 9));
    expect(nine).toEqual({
      kind: 'article',
      url: articleAddress(site, 9),
      externalId: null,
      parentUrl: null,
      title: '云州检察通报第9号',
      text: articleText(9),
      publishedAt: Date.UTC(2026, 10, 22, 0, 9),
      outlet: '云州日报',
      counts: { likes: null, comments: null, shares: null },
    });
  });

  test('with the comments under an article, each a draft of its own', async () => {
    const site = await localSite();
    publish(site, [1]);
    const comment = (words: string, likes: number) =>
      `<li class="c"><b class="who">网友某某</b><p class="words">${words}</p><i class="like">赞(${likes})</i></li>`;
    site.routes['/2026/1122/a1.html'] = articlePage(1).replace(
      '</article>',
      `</article><ul class="comments">${comment('办得好', 3)}${comment('支持', 0)}${comment('支持', 1)}</ul>`,
    );
    const article = {
      ...bySelectors.article,
      comment: { item: 'li.c', text: 'p.words', likes: 'i.like' },
    };
    const { drafts } = await visit(listOf(site, { ...bySelectors, article }));
    const url = articleAddress(site, 1);
    expect(drafts.map(({ kind, text, parentUrl }) => [kind, text, parentUrl])).toEqual([
      ['article', articleText(1), null],
      ['comment', '办得好', url],
      ['comment', '支持', url],
      ['comment', '支持', url],
    ]);
    expect(drafts.map(({ counts }) => counts.likes)).toEqual([null, 3, 0, 1]);
    expect(drafts[0]?.counts.comments).toBe(3);
    expect(new Set(drafts.map(({ externalId }) => externalId)).size).toBe(4);
    expect(JSON.stringify(drafts)).not.toContain('某某');
  });
});

describe('of the list', () => {
  test('no more pages are read than the settings say', async () => {
    const site = await localSite();
    publish(site, [9, 8, 7, 6, 5, 4], 1);
    expect((await visit(listOf(site))).expected).toBe(3);
    expect(site.paths.filter((path) => path.startsWith('/list/'))).toEqual([
      '/list/1.html',
      '/list/2.html',
      '/list/3.html',
    ]);
  });

  test('known articles are not fetched again, and behind a page of known ones none is looked for', async () => {
    const site = await localSite();
    publish(site, [9, 8, 7, 6, 5, 4], 2);
    const known = [8, 7, 6].map((n) => articleAddress(site, n));
    const report = await visit(listOf(site), { known });
    expect(site.paths).toEqual(['/list/1.html', '/list/2.html', '/2026/1122/a9.html']);
    expect(report).toMatchObject({ outcome: 'complete', expected: 4, got: 4 });
  });

  test('a deep visit reads on behind known ones', async () => {
    const site = await localSite();
    publish(site, [9, 8, 7, 6, 5, 4], 2);
    const known = [9, 8, 7, 6].map((n) => articleAddress(site, n));
    const report = await visit(listOf(site), { known, deep: true });
    expect(report.drafts.map(({ url }) => url).sort()).toEqual([4, 5].map((n) => articleAddress(site, n)));
    expect(report).toMatchObject({ outcome: 'complete', expected: 6, got: 6 });
  });

  test('pages that lead back to themselves end it', async () => {
    const site = await localSite();
    publish(site, [3, 2, 1], 2);
    site.routes['/list/2.html'] = String(site.routes['/list/2.html']).replace(
      '<div class="pager">',
      '<div class="pager"><a class="next" href="/list/1.html">下一页</a>',
    );
    expect(
      await visit(listOf(site, { list: { ...bySelectors.list, maxPages: 50 } }), { deep: true }),
    ).toMatchObject({
      outcome: 'complete',
      expected: 3,
    });
    expect(site.paths.filter((path) => path.startsWith('/list/'))).toHaveLength(2);
  });

  test('nothing is a failed visit, not an empty one', async () => {
    const site = await localSite({ '/list/1.html': '<html><body><p>系统维护中</p></body></html>' });
    expect(await visit(listOf(site))).toMatchObject({
      outcome: 'failed',
      reason: 'no-items',
      unsettled: true,
    });
  });

  test('an unchanged first page is an unchanged source', async () => {
    const site = await localSite({ '/list/1.html': { status: 304 } });
    expect(await visit({ ...listOf(site), etag: '"1"' })).toMatchObject({ outcome: 'unchanged' });
    expect(site.paths).toEqual(['/list/1.html']);
  });

  test('the validators of the first page count', async () => {
    const site = await localSite();
    publish(site, [2, 1], 1);
    for (const n of [1, 2]) {
      site.routes[`/list/${n}.html`] = {
        headers: { etag: `"${n}"` },
        body: String(site.routes[`/list/${n}.html`]),
      };
    }
    expect((await visit(listOf(site))).conditional).toEqual({ etag: '"1"', lastModified: null });
  });

  test.each([
    [404, 'status-4xx', false],
    [500, 'status-5xx', true],
  ])(
    'a later page that answers %s is told, what the first names is got',
    async (status, reason, unsettled) => {
      const site = await localSite();
      publish(site, [4, 3, 2, 1], 2);
      site.routes['/list/2.html'] = { status };
      const report = await visit(listOf(site));
      expect(report).toMatchObject({ outcome: 'partial', reason, expected: 2, got: 2, failed: 1, unsettled });
      expect(report.drafts).toHaveLength(2);
    },
  );
});

describe('an article that is not got', () => {
  test.each([
    ['a server error', { status: 500 }, 'status-5xx', 3],
    ['not there', { status: 404 }, 'status-4xx', 1],
    ['a picture', { headers: { 'content-type': 'image/png' }, body: 'x' }, 'not-text', 1],
    ['a page without a text', '<html><body></body></html>', 'no-text', 1],
    ['too large', 'x'.repeat(1_000_001), 'too-large', 1],
  ] as const)('%s', async (_, answer, reason, tries) => {
    const site = await localSite();
    publish(site, [3, 2, 1]);
    site.routes['/2026/1122/a2.html'] = answer;
    const { drafts, ...report } = await visit(listOf(site));
    expect(report).toMatchObject({
      outcome: 'partial',
      reason,
      expected: 3,
      got: 2,
      failed: 1,
      failures: { [reason]: 1 },
      // The memory of pages owes it: the list need not be read again.
      unsettled: false,
    });
    expect(report.detail).toContain('列出 3 条，有 1 条没有取到');
    expect(report.conditional).not.toBeNull();
    expect(drafts.map(({ url }) => url).sort()).toEqual([1, 3].map((n) => articleAddress(site, n)));
    expect(site.paths.filter((path) => path.endsWith('/a2.html'))).toHaveLength(tries);
  });

  test('for the time being is got at the next try', async () => {
    const site = await localSite();
    publish(site, [1]);
    let tries = 0;
    site.routes['/2026/1122/a1.html'] = (_, response) => {
      tries += 1;
      if (tries < 3) response.writeHead(503).end();
      else response.writeHead(200, { 'content-type': 'text/html' }).end(articlePage(1));
    };
    expect(await visit(listOf(site))).toMatchObject({ outcome: 'complete', got: 1, failed: 0 });
  });

  test('like all the others makes a failed visit', async () => {
    const site = await localSite();
    publish(site, [2, 1]);
    for (const n of [1, 2]) site.routes[`/2026/1122/a${n}.html`] = { status: 403 };
    expect(await visit(listOf(site))).toMatchObject({
      outcome: 'failed',
      reason: 'status-4xx',
      expected: 2,
      got: 0,
    });
  });

  test('tells the longest pause that the site asked for', async () => {
    const site = await localSite();
    publish(site, [2, 1]);
    site.routes['/2026/1122/a2.html'] = { status: 404 };
    site.routes['/2026/1122/a1.html'] = { status: 429, headers: { 'retry-after': '3000' } };
    expect((await visit(listOf(site))).retryAfterSeconds).toBeGreaterThan(2_900);
  });

  test('because robots.txt forbids it is not asked for', async () => {
    const site = await localSite({ '/robots.txt': 'User-agent: JianshengBot\nDisallow: /2026/1122/a2.html' });
    publish(site, [3, 2, 1]);
    expect(await visit(listOf(site))).toMatchObject({
      outcome: 'partial',
      reason: 'robots-disallow',
      got: 2,
      unsettled: false,
    });
    expect(site.paths).not.toContain('/2026/1122/a2.html');
  });
});

describe('drafts are handed on', () => {
  const many = Array.from({ length: 95 }, (_, at) => 95 - at);

  test('in batches, the last one smaller', async () => {
    const site = await localSite();
    publish(site, many);
    const { batches } = await visit(listOf(site));
    expect(batches).toEqual([40, 40, 15]);
  });

  test('and are not lost when the database fails for a moment', async () => {
    const site = await localSite();
    publish(site, many);
    let times = 0;
    const { drafts, outcome } = await visit(listOf(site), {
      emit: async () => {
        times += 1;
        if (times === 1) throw new Error('connection terminated');
      },
    });
    expect(outcome).toBe('complete');
    expect(new Set(drafts.map(({ url }) => url)).size).toBe(95);
  });

  test('and where it fails for good, so does the visit', async () => {
    const site = await localSite();
    publish(site, [3, 2, 1]);
    const fault = new Error('connection terminated');
    expect(await visit(listOf(site), { emit: () => Promise.reject(fault) })).toMatchObject({
      outcome: 'failed',
      reason: 'internal',
      cause: fault,
      unsettled: true,
    });
  });
});
