import { error } from '@sveltejs/kit';
import { siteArticle } from '../../../../../store/site-articles.ts';
import { messages } from '../../../../lib/messages.ts';
import { publicDb } from '../../../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params }) => {
  const article = await siteArticle(publicDb(), params.slug.slice(0, 200));
  if (!article) error(404, messages.errors.notFound);
  return { article, beginning: beginningOf(article.html) };
};

/** The first words of a rendered text, for search engines. */
function beginningOf(html: string): string {
  const words = html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
  return words.replace(/\s+/g, ' ').trim().slice(0, 120);
}
