import { createSite } from '../../sample/sites/index.ts';
import type { SiteResponse } from '../../sample/sites/site.ts';
import type { SiteKey } from '../../sample/story/types.ts';
import { anchor, world } from './world-helpers.ts';

/** Asks a site without a socket. */
export function ask(site: SiteKey, address: string, now = anchor): SiteResponse {
  const url = new URL(address, 'http://sample');
  const build = createSite[site]({ world, clock: () => now, origin: `http://${site}.test` });
  return build({ path: url.pathname, query: url.searchParams });
}

export function textOf(response: SiteResponse): string {
  return typeof response.body === 'string' ? response.body : new TextDecoder('gbk').decode(response.body);
}

export function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[0]);
}
