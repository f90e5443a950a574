import { z } from 'zod';
import { messages } from '../messages.ts';
import { address, count, expression, visited } from './parts.ts';

const param = z.string().min(1).max(80);
/** A header or a query value; `{name}` stands for the source's secret of that name. */
const template = z.string().min(1).max(2000);

/** How the pages of a list follow each other. `param` goes into the query, or into the body of a POST. */
const pagination = z.discriminatedUnion('kind', [
  /** Each answer names the next: a value for `param`, or a whole address. */
  z.strictObject({ kind: z.literal('cursor'), param, next: expression }),
  /** 1, 2, 3 …, until a page is empty or holds less than `size`. */
  z.strictObject({
    kind: z.literal('page'),
    param,
    start: count(0, 1).default(1),
    sizeParam: param.optional(),
    size: count(1, 1000).optional(),
  }),
  /** 0, 20, 40 …: how many items were had so far. */
  z.strictObject({
    kind: z.literal('offset'),
    param,
    start: count(0, 1).default(0),
    sizeParam: param.optional(),
    size: count(1, 1000).optional(),
  }),
]);

/** JSON over HTTP. */
export const api = z.strictObject({
  kind: z.literal('api'),
  ...visited,
  url: address,
  settings: z
    .strictObject({
      method: z.enum(['GET', 'POST']).optional(),
      headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,80}$/), template).optional(),
      query: z.record(param, template).optional(),
      /** Sent as JSON. */
      body: z.record(z.string(), z.json()).optional(),
      items: expression,
      pagination: pagination.optional(),
      /** The short form of a cursor. */
      next: expression.optional(),
      nextParam: param.default('cursor'),
      maxPages: count(1, 500).default(5),
      fields: z.strictObject({
        id: expression.optional(),
        text: expression,
        title: expression.optional(),
        publishedAt: expression.optional(),
        likes: expression.optional(),
        comments: expression.optional(),
        shares: expression.optional(),
        /** The page that a person can open, where the items tell it. */
        url: expression.optional(),
        /** For comments: the page that they answer. */
        parentUrl: expression.optional(),
        /** The institution that published it, never a person. */
        outlet: expression.optional(),
      }),
      /** The page that a person can open; `{id}` stands for the item's id. */
      urlTemplate: z.string().min(8).max(500).optional(),
      kindOfPost: z.enum(['article', 'post', 'comment']).optional(),
    })
    .refine(({ fields, urlTemplate }) => (fields.id && urlTemplate) || fields.url, {
      path: ['urlTemplate'],
      error: messages.needsAddress,
    }),
});

export type ApiSettings = z.infer<typeof api>['settings'];
