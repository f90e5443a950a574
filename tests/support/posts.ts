import type { SourceSettings } from '../../config/sources.ts';
import type { Draft } from '../../store/drafts.ts';
import { identityOf, type NewPost } from '../../store/posts.ts';
import type { SearchRow } from '../../store/search-outbox.ts';
import type { Store } from '../../store/pool.ts';
import { syncSources } from '../../store/sources.ts';

/** A draft as a crawler would hand it on, with what a test wants to be different. */
export function draft(n: number | string, change: Partial<Draft> = {}): Draft {
  return {
    kind: 'article',
    url: `http://news.example/${n}`,
    externalId: null,
    parentUrl: null,
    title: `第${n}篇`,
    text: `这是第${n}篇报道，讲的是检察机关办理第${n}件公益诉讼案件并向社会公开办理结果的经过。`,
    publishedAt: Date.UTC(2026, 10, 1, 8),
    outlet: '云州日报',
    counts: { likes: null, comments: null, shares: null },
    ...change,
  };
}

export function feedSource(key: string, url: string, change: Record<string, unknown> = {}): SourceSettings {
  return {
    key,
    name: `信源 ${key}`,
    kind: 'feed',
    url,
    enabled: true,
    intervalSeconds: 5,
    legalBasis: '测试所用',
    impactNote: '仅访问本机',
    approvedBy: '测试',
    settings: { fullText: 'never' },
    ...change,
  } as SourceSettings;
}

/** Makes sources and gives their rows' ids by key. */
export async function makeSources(
  store: Store,
  officeId: number,
  sources: SourceSettings[],
): Promise<Map<string, number>> {
  await syncSources(store, new Map([['own', officeId]]), sources, 'own');
  const rows = await store.query<{ id: number; key: string }>(
    'select id, key from sources where office_id = $1',
    [officeId],
  );
  return new Map(rows.rows.map((row) => [row.key, row.id]));
}

/** Makes a source and gives its row's id. */
export async function makeSource(
  store: Store,
  officeId: number,
  key: string,
  kind = 'feed',
): Promise<{ id: number; officeId: number }> {
  const result = await store.query<{ id: number }>(
    `insert into sources (office_id, key, name, kind, url, interval_seconds, legal_basis, impact_note, approved_by, settings)
     values ($1, $2, $2, $3, case when $3 not in ('upload', 'push') then 'http://news.example/rss' end, 60, '测试所用', '无',
       '测试', '{}') returning id`,
    [officeId, key, kind],
  );
  return { id: (result.rows[0] as { id: number }).id, officeId };
}

/** A post as the search engine is told of it; what a test is not about is left as plain as can be. */
export function searchRow(row: Partial<SearchRow> & { id: number }): SearchRow {
  return {
    ...{ officeId: 1, sourceId: 1, sourceKind: 'feed', kind: 'post', title: null, text: '', outlet: null },
    ...{
      sites: [],
      at: 0,
      sentiment: 'neutral',
      place: null,
      city: null,
      province: null,
      line: null,
      voice: null,
    },
    ...{ relevance: 'relevant', watches: [], copyOf: null, copies: 0, heat: 0 },
    ...row,
  };
}

let made = 0;

/** A post as it comes out of the steps, each one another; what a test is not about is left as plain as can be. */
export function newPost(change: Partial<NewPost> = {}): NewPost {
  made += 1;
  return {
    identity: identityOf(`new-post-${made}`),
    kind: 'post',
    url: `https://forum.example/${made}`,
    parentUrl: null,
    title: null,
    text: `第${made}条`,
    outlet: null,
    publishedAt: null,
    dateProblem: null,
    sentiment: 'neutral',
    sentimentProbability: 0.9,
    redactions: {},
    withheld: null,
    place: null,
    line: null,
    voice: null,
    relevance: 'relevant',
    watches: [],
    sketch: null,
    likes: null,
    comments: null,
    shares: null,
    times: null,
    ...change,
  };
}
