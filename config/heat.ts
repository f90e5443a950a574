import { z } from 'zod';
import heatFile from './defaults/heat.json' with { type: 'json' };
import { frozen } from './frozen.ts';

const weight = z.number().min(0);

/** What makes a concern hot, in fresh ordinary posts: the formula is indexer/topics/heat.ts, and a page shows it. */
const schema = z.strictObject({
  /** After so many hours everything counts half. */
  halfLifeHours: z.number().positive(),
  /** A post that repeats none, and one that does. */
  post: weight,
  copy: weight,
  /** Of the logarithm of likes, comments and shares of a post. */
  interaction: weight,
  /** Of the posts that are negative, beside what they count anyway. */
  negative: weight,
  kinds: z.strictObject({ article: weight, post: weight, comment: weight }),
  sourceKinds: z.strictObject({
    ...{ site: weight, feed: weight, browser: weight, wechat: weight },
    ...{ weibo: weight, api: weight, push: weight, upload: weight },
  }),
  /** Days before of which a concern's usual is taken, and what is added to both sides: a trend of few posts is none. */
  trend: z.strictObject({ days: z.int().min(2).max(60), ground: z.number().positive() }),
});
export type HeatWeights = z.infer<typeof schema>;

export const heatWeights: HeatWeights = frozen(schema.parse(heatFile));
