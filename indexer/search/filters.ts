import type { Offices } from '../../store/scope.ts';
import type { SearchRow } from '../../store/search-outbox.ts';
import type { SearchQuery } from './result.ts';
import type { Typed } from './typed.ts';

/** The filters of a query as the engine takes them. */
export function frameOf(offices: Offices, query: SearchQuery, typed: Typed): string[] {
  const parts: string[] = [];
  const oneOf = (field: keyof SearchRow, values: readonly (string | number)[] | undefined) => {
    if (values?.length)
      parts.push(`${field} IN [${values.map((value) => JSON.stringify(value)).join(', ')}]`);
  };
  if (offices) parts.push(`officeId IN [${offices.join(', ')}]`);
  if (query.from) parts.push(`at >= ${Math.floor(query.from.getTime() / 1000)}`);
  if (query.to) parts.push(`at < ${Math.ceil(query.to.getTime() / 1000)}`);
  if (query.afterId !== undefined) parts.push(`id > ${query.afterId}`);
  oneOf('sourceId', query.sourceIds);
  oneOf('sourceKind', query.sourceKinds);
  oneOf('sentiment', query.sentiments);
  oneOf('kind', query.kinds);
  oneOf('line', query.lines);
  oneOf('voice', query.voices);
  oneOf('watches', query.watches);
  oneOf('relevance', query.relevance);
  if (query.place) parts.push(inPlace(query.place));
  if (typed.sites.length > 0) parts.push(fromSites(typed.sites, query.sitesSources ?? []));
  if (!query.withCopies) parts.push('copyOf IS NULL');
  return parts;
}

function inPlace(code: string): string {
  if (code.endsWith('0000')) return `province = "${code}"`;
  return code.endsWith('00') ? `city = "${code}"` : `place = "${code}"`;
}

function fromSites(sites: readonly string[], sources: readonly number[]): string {
  const names = sites.map((site) => JSON.stringify(site)).join(', ');
  const named = sources.length > 0 ? ` OR sourceId IN [${sources.join(', ')}]` : '';
  return `(sites IN [${names}] OR outlet IN [${names}]${named})`;
}
