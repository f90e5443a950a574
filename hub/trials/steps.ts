import { z } from 'zod';
import { defaultKnowledge } from '../../indexer/knowledge.ts';
import { runSteps } from '../../indexer/steps/index.ts';
import type { NewPost } from '../../store/posts.ts';
import { messages } from '../messages.ts';
import { check } from './check.ts';

const count = z.int().min(0).nullable().default(null);

/** A draft (store/drafts.ts), of which only the text has to be given; whatever else it holds is not looked at. */
const draft = z.object({
  kind: z.enum(['article', 'post', 'comment']).default('post'),
  url: z.string().default('https://example.org/'),
  externalId: z.string().nullable().default(null),
  parentUrl: z.string().nullable().default(null),
  title: z.string().nullable().default(null),
  text: z.string(),
  publishedAt: z
    .union([z.number(), z.iso.datetime({ offset: true }).transform((at) => Date.parse(at))])
    .nullable()
    .default(null),
  outlet: z.string().nullable().default(null),
  counts: z.object({ likes: count, comments: count, shares: count, times: count }).prefault({}),
});

/** A draft → the post as it would be stored, by what ships with the program; `{refused}` when nothing of it would be. */
export function trial(input: unknown): unknown {
  const context = {
    now: Date.now(),
    officeId: 0,
    above: [0],
    officePlace: null,
    sourcePlace: null,
    sourceKind: null,
    knowledge: defaultKnowledge(),
  };
  const post = runSteps(check(draft, input), context);
  return post ? shown(post) : { refused: messages.tryNothingLeft };
}

/** Bytes have no form in JSON. */
function shown({ identity, sketch, ...post }: NewPost) {
  return { ...post, identity: identity.toString('hex'), sketch: sketch?.toString('hex') ?? null };
}
