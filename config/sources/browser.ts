import { z } from 'zod';
import { address, count, selector, visited } from './parts.ts';
import { site } from './site.ts';

/** A site whose list, or whose articles too, appear only when scripts have run. */
export const browser = z.strictObject({
  kind: z.literal('browser'),
  ...visited,
  url: address,
  settings: z
    .strictObject({
      ...site.shape.settings.unwrap().shape,
      /** The list is complete when this is there; absent: when nothing loads any more. */
      waitFor: selector.optional(),
      /** A button of the list that loads more, and how often it is pressed at the most. */
      more: z.strictObject({ selector, times: count(1, 50).default(3) }).optional(),
      /** How often the list is scrolled to its end, where more loads by itself. */
      scroll: count(0, 50).default(0),
      /** Whether the linked pages need a browser too; mostly they do not, and a browser costs their server more. */
      renderArticles: z.boolean().default(false),
    })
    .prefault({}),
});
