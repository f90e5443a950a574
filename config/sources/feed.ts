import { z } from 'zod';
import { address, visited } from './parts.ts';

/** RSS, Atom, RDF or JSON Feed. */
export const feed = z.strictObject({
  kind: z.literal('feed'),
  ...visited,
  url: address,
  settings: z
    .strictObject({
      /** Whether the linked article is read: `auto` where the feed carries no more than a summary. */
      fullText: z.enum(['auto', 'always', 'never']).default('auto'),
    })
    .default({ fullText: 'auto' }),
});
