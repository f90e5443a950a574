import type { Draft } from '../../store/drafts.ts';
import { NotGot } from '../errors.ts';
import type { Extracted, ExtractedComment } from '../extract/types.ts';

/**
 * An article or the first floor of a thread, and the comments that answer it.
 * @param kind `post` for what somebody wrote in a forum
 * @throws NotGot `no-text`
 */
export function articleDrafts(
  found: Pick<Extracted, 'title' | 'text' | 'publishedAt' | 'outlet' | 'comments'>,
  url: string,
  outlet: string,
  kind: 'article' | 'post' = 'article',
): Draft[] {
  if (found.text === null || found.text === '') throw new NotGot('no-text');
  const replies = found.comments.length;
  const article: Draft = {
    kind,
    url,
    externalId: null,
    parentUrl: null,
    title: found.title,
    text: found.text,
    publishedAt: found.publishedAt,
    outlet: kind === 'post' ? outlet : (found.outlet ?? outlet),
    // A thread shows all its floors; under an article, none may mean that they come by script.
    counts: { likes: null, comments: kind === 'post' || replies > 0 ? replies : null, shares: null },
  };
  return [article, ...commentDrafts(found.comments, url, outlet)];
}

function commentDrafts(comments: readonly ExtractedComment[], url: string, outlet: string): Draft[] {
  const repeats = new Map<string, number>();
  return comments.map((comment) => ({
    kind: 'comment',
    url,
    externalId: floorId(url, comment.text, repeats),
    parentUrl: url,
    title: null,
    text: comment.text,
    publishedAt: comment.publishedAt,
    outlet,
    counts: { likes: comment.likes, comments: null, shares: null },
  }));
}

/**
 * Comments mostly carry no id that a page shows, and "3 小时前" changes from visit to visit: a comment is told by its
 * page, its words, and which of the same words it is. Pages only grow at their end, so that the count is stable.
 * @param repeats words → how often they have come on this page so far; counted up here
 */
function floorId(pageUrl: string, text: string, repeats: Map<string, number>): string {
  const nth = (repeats.get(text) ?? 0) + 1;
  repeats.set(text, nth);
  return `${pageUrl}#${nth}#${text}`;
}
