import type { SiteSource } from '../../config/sources.ts';
import { NotGot } from '../errors.ts';
import { parsePage } from '../extract/dom.ts';
import { furtherPages } from '../extract/further-pages.ts';
import { nextPage } from '../extract/links.ts';
import { extractBySelectors } from '../extract/selectors.ts';
import type { ExtractedComment } from '../extract/types.ts';
import type { VisitTools } from './contract.ts';
import { articleDrafts } from './drafts-of.ts';
import type { LinkedPage } from './linked.ts';

type ThreadSettings = NonNullable<SiteSource['settings']['thread']>;

/**
 * Reads a forum thread by selectors, from its first page on. The first floor is a post under the thread's own address,
 * every other one a comment that answers it.
 * @throws NotGot `no-text` when no floor is found
 */
export async function readThread(
  url: string,
  outlet: string,
  settings: ThreadSettings,
  tools: VisitTools,
): Promise<LinkedPage> {
  const floors: ExtractedComment[] = [];
  let title: string | null = null;
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
      if (floors.length === 0 || !(error instanceof NotGot) || error.passing) throw error;
      tools.missed(address, error);
      break;
    }
    if (page === null) break;
    const found = extractBySelectors(page.text, page.url, tools.now, { comment });
    if (seen.size === 1) title = found.title;
    floors.push(...found.comments);
    address = settings.next
      ? nextPage(page.text, page.url, settings.next)
      : (furtherPages(parsePage(page.text), page.url, url, seen.size).next[0] ?? null);
  }
  const [first, ...comments] = floors;
  if (!first) throw new NotGot('no-text');
  const { text, publishedAt } = first;
  const drafts = articleDrafts({ title, text, publishedAt, outlet, comments }, url, outlet, 'post');
  return { drafts, comments: comments.length, shown: true, publishedAt };
}
