import { describe, expect, test } from 'vitest';
import { reasons } from '../../../crawler/messages.ts';
import { localSite } from '../fetch/local-site.ts';
import { sourceOf, visit } from '../sources/visiting.ts';
import { hostileInputs } from './inputs.ts';

const SEED = 20_261_123;
const OF_EACH = 25;

const API = {
  maxPages: 5,
  nextParam: 'cursor',
  items: 'items',
  urlTemplate: 'https://daily.example/{id}',
  fields: { id: 'id', text: 'text' },
};

describe(`visits of sites that send hostile answers, seed ${SEED}: each ends in a report`, () => {
  test.each([
    ['feed', 'feeds', {}],
    ['feed', 'json', {}],
    ['feed', 'bytes', {}],
    ['site', 'lists', {}],
    ['site', 'pages', {}],
    ['api', 'json', API],
  ] as const)('%s: %s', { timeout: 120_000 }, async (kind, inputs, settings) => {
    const site = await localSite();
    for (const [n, { bytes, contentType }] of hostileInputs(inputs, SEED, OF_EACH).entries()) {
      const path = `/list/${n}.html`;
      // A header takes fewer characters than a document does.
      const type = (contentType ?? 'text/html').slice(0, 200);
      site.routes[path] = { headers: { 'content-type': type }, body: bytes };
      const report = await visit(sourceOf(kind, `${site.origin}${path}`, settings));
      const known = Object.keys(reasons).filter((code) => code !== 'internal');
      expect([null, ...known], `input ${n}: ${String(report.cause)}`).toContain(report.reason);
      for (const draft of report.drafts) expect(JSON.stringify(draft).isWellFormed()).toBe(true);
    }
  });
});
