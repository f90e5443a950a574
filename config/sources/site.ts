import { z } from 'zod';
import { address, count, selector, visited } from './parts.ts';

/** List pages and the articles or threads that they link to. */
export const site = z.strictObject({
  kind: z.literal('site'),
  ...visited,
  url: address,
  settings: z
    .strictObject({
      list: z
        .strictObject({
          link: selector.optional(),
          next: selector.optional(),
          /** How many list pages one visit follows at the most. */
          maxPages: count(1, 500).default(3),
          /** How many articles or threads one visit reads at the most; the others are left for the next. */
          maxItems: count(1, 20_000).optional(),
          /** Where else links come from: `auto` asks the site's map where the list page names no articles. */
          sitemap: z.union([z.enum(['auto', 'never']), address]).optional(),
        })
        .default({ maxPages: 3 }),
      article: z
        .strictObject({
          title: selector.optional(),
          text: selector.optional(),
          publishedAt: selector.optional(),
          outlet: selector.optional(),
          remove: selector.optional(),
          /** The link to the next part, of the text or of the comments. */
          next: selector.optional(),
          comment: z
            .strictObject({
              item: selector,
              text: selector,
              publishedAt: selector.optional(),
              likes: selector.optional(),
            })
            .optional(),
        })
        .optional(),
      /** Where the listed pages are forum threads: each floor is a post of its own. */
      thread: z
        .strictObject({
          item: selector,
          text: selector,
          publishedAt: selector.optional(),
          next: selector.optional(),
          maxPages: count(1, 200).default(20),
        })
        .optional(),
    })
    .default({ list: { maxPages: 3 } }),
});
