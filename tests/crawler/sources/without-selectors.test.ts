import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { sourceSchema } from '../../../config/sources.ts';
import { createWorld, startSampleSites, type World } from '../../../sample/server.ts';
import { sampleSources } from '../../../sample/sources.ts';
import type { Draft } from '../../../store/drafts.ts';
import type { SourceRow } from '../../../store/sources.ts';
import { now, sourceOf, visit } from './visiting.ts';

let world: World;
beforeAll(() => {
  world = createWorld({ seed: 7, anchor: now });
});

/** What a visit brings by the selectors that the sample's settings name, and what it brings without any. */
async function bothWays(key: string): Promise<{ told: Draft[]; found: Draft[] }> {
  const sites = await startSampleSites({ world, clock: () => now });
  onTestFinished(() => sites.close());
  const source = sampleSources(sites.addresses).find((each) => each.key === key);
  if (source?.kind !== 'site') throw new Error(`no site ${key}`);
  const read = async (settings: object): Promise<Draft[]> => {
    const checked = sourceSchema.parse({ ...source, settings });
    const row: SourceRow = { ...sourceOf('site', source.url, checked.settings), outlet: source.outlet };
    const { drafts, outcome } = await visit(row, { deep: true });
    expect(outcome).toBe('complete');
    return drafts;
  };
  const list = { ...source.settings.list, maxPages: 2 };
  return { told: await read({ ...source.settings, list }), found: await read({ list: { maxPages: 2 } }) };
}

const same = (draft: Draft) => [draft.kind, draft.url, draft.title, draft.text, draft.publishedAt].join('|');

test('a forum’s threads and floors are the same without selectors', async () => {
  const { told, found } = await bothWays('sample-forum');
  expect(told.length).toBeGreaterThan(100);
  const all = new Set(found.map(same));
  expect(told.filter((draft) => !all.has(same(draft)))).toEqual([]);
});

test('a news site’s articles and comments are the same without selectors, but for the line of who wrote', async () => {
  const { told, found } = await bothWays('sample-news');
  expect(told.length).toBeGreaterThan(40);
  const plain = (draft: Draft) => same({ ...draft, text: draft.text.replace(/^（本报记者[^）]*）/u, '') });
  expect(found.map(plain).sort()).toEqual(told.map(plain).sort());
});
