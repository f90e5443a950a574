import type { SiteSource } from '../../config/sources.ts';
import type { Draft } from '../../store/drafts.ts';
import { NotGot } from '../errors.ts';
import { nextPage } from '../extract/links.ts';
import { extractBySelectors } from '../extract/selectors.ts';
import type { VisitTools } from './contract.ts';
import { floorId } from './site.ts';

type ThreadSettings = NonNullable<SiteSource['settings']['thread']>;

/**
 * Reads a forum thread from its first page on. The first floor is a post under the thread's own address, every other one
 * a comment that answers it.
 * @throws NotGot `no-text` when no floor is found
 */
export async function readThread(
  url: string,
  outlet: string,
  settings: ThreadSettings,
  tools: VisitTools,
): Promise<Draft[]> {
  const drafts: Draft[] = [];
  const repeats = new Map<string, number>();
  const seen = new Set<string>();
  const comment = { item: settings.item, text: settings.text, publishedAt: settings.publishedAt };
  for (
    let address: string | null = url;
    address !== null && !seen.has(address) && seen.size < settings.maxPages;
  ) {
    seen.add(address);
    let page: Awaited<ReturnType<typeof tools.readers.linked.getText>>;
    try {
      page = await tools.readers.linked.getText(address);
    } catch (error) {
      // A later page that will not come is told; the floors before it are kept. One that may come is tried again.
      if (drafts.length === 0 || !(error instanceof NotGot) || error.passing) throw error;
      tools.missed(address, error);
      break;
    }
    if (page === null) break;
    const found = extractBySelectors(page.text, page.url, tools.now, { comment });
    for (const floor of found.comments) {
      const first = drafts.length === 0;
      drafts.push({
        kind: first ? 'post' : 'comment',
        url,
        externalId: first ? null : floorId(url, floor.text, repeats),
        parentUrl: first ? null : url,
        title: first ? found.title : null,
        text: floor.text,
        publishedAt: floor.publishedAt,
        outlet,
        counts: { likes: floor.likes, comments: null, shares: null },
      });
    }
    address = settings.next ? nextPage(page.text, page.url, settings.next) : null;
  }
  const first = drafts[0];
  if (!first) throw new NotGot('no-text');
  first.counts.comments = drafts.length - 1;
  return drafts;
}
