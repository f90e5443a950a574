import { compile } from '@jmespath-community/jmespath';
import { is } from 'css-select';
import { z } from 'zod';
import { messages } from './messages.ts';

const address = z.url({ protocol: /^https?$/, error: messages.notHttp });

const selector = z.string().refine(isSelector, messages.badSelector);

const expression = z.string().refine((text) => compiles(() => compile(text)), messages.badExpression);

/** A whole-number option in days, pages, seconds …, with its bounds. */
const count = (min: number, max: number) => z.number().int().min(min).max(max);

const common = {
  /** Names the source in jobs, logs and addresses; never reused for another source. */
  key: z.string().regex(/^[a-z0-9][a-z0-9-]{1,63}$/, messages.badKey),
  name: z.string().min(1).max(80),
  url: address,
  /** The institution whose items these are, when the page does not say. */
  outlet: z.string().min(1).max(80).optional(),
  /** Code of the office that listens here; absent: the hub's own. */
  office: z.string().optional(),
  enabled: z.boolean().default(true),
  intervalSeconds: count(5, 604_800).default(900),
  /** Why the office may collect here, what collecting costs the site, and who approved it. A source does not run without. */
  legalBasis: z.string().min(4).max(500),
  impactNote: z.string().min(4).max(500),
  approvedBy: z.string().min(2).max(80),
};

const feed = z.strictObject({ kind: z.literal('feed'), ...common, settings: z.strictObject({}).default({}) });

const site = z.strictObject({
  kind: z.literal('site'),
  ...common,
  settings: z
    .strictObject({
      list: z
        .strictObject({
          link: selector.optional(),
          next: selector.optional(),
          /** How many list pages one visit follows at the most. */
          maxPages: count(1, 500).default(3),
        })
        .default({ maxPages: 3 }),
      article: z
        .strictObject({
          title: selector.optional(),
          text: selector.optional(),
          publishedAt: selector.optional(),
          outlet: selector.optional(),
          remove: selector.optional(),
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

const api = z.strictObject({
  kind: z.literal('api'),
  ...common,
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

/** One source as hub.yaml states it and as the `sources` table keeps it. A kind is chosen by data. */
export const sourceSchema = z.discriminatedUnion('kind', [feed, site, api]);

export type SourceSettings = z.infer<typeof sourceSchema>;
export type FeedSource = z.infer<typeof feed>;
export type SiteSource = z.infer<typeof site>;
export type ApiSource = z.infer<typeof api>;

function compiles(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

/** Whether css-select, which the crawler uses, understands the selector. */
function isSelector(text: string): boolean {
  return text.trim() !== '' && compiles(() => is(PROBE, text));
}

const PROBE = {
  type: 'tag',
  name: 'p',
  attribs: {},
  children: [],
  parent: null,
  prev: null,
  next: null,
} as never;
