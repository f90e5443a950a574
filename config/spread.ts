import { z } from 'zod';
import { frozen } from './frozen.ts';
import file from './defaults/spread.json' with { type: 'json' };

/** Seconds within which a count is reached by what spreads like the large ones. */
const rule = z.object({ count: z.number().int().min(2), within: z.number().positive() });
export type SpreadRule = z.infer<typeof rule>;

/** The rules that ship: for the posts of a young concern, and for the reposts of one post. */
export const spreadRules: Readonly<Record<'posts' | 'reposts', readonly SpreadRule[]>> = frozen(
  z.object({ posts: z.array(rule).min(1), reposts: z.array(rule).min(1) }).parse(file),
);
