import { z } from 'zod';
import { address, count, expression, visited } from './parts.ts';

/** JSON over HTTP. */
export const api = z.strictObject({
  kind: z.literal('api'),
  ...visited,
  url: address,
  settings: z.strictObject({
    items: expression,
    next: expression.optional(),
    nextParam: z.string().min(1).max(40).default('cursor'),
    maxPages: count(1, 500).default(5),
    fields: z.strictObject({
      id: expression,
      text: expression,
      title: expression.optional(),
      publishedAt: expression.optional(),
      likes: expression.optional(),
      comments: expression.optional(),
      shares: expression.optional(),
    }),
    /** The page that a person can open; `{id}` stands for the item's id. */
    urlTemplate: z.string().min(8).max(500),
  }),
});
