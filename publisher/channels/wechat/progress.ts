import { z } from 'zod';
import { publishEvent } from '../../../store/publish-events.ts';
import type { Progress } from '../contract.ts';

/** What the platform gave of a delivery so far; `deliveries.progress`. */
const schema = z.object({
  /** The draft. */
  mediaId: z.string().optional(),
  /** What the platform dropped of it. */
  changes: z.array(z.string()).optional(),
  /** Unix ms: the draft was about to be submitted. */
  submitBegun: z.number().optional(),
  publishId: z.string().optional(),
  msgDataId: z.string().optional(),
  articleId: z.string().optional(),
  url: z.string().optional(),
  /** How often its state was asked for, and since when. */
  polls: z.number().optional(),
  looks: z.number().optional(),
  event: publishEvent.optional(),
});
export type WechatProgress = z.infer<typeof schema>;

/** Keys that are not as they should be are as good as not there: each is asked of the platform again. */
export function wechatProgress(progress: Progress): WechatProgress {
  const read = schema.safeParse(progress);
  if (read.success) return read.data;
  const broken = new Set(read.error.issues.map(({ path }) => String(path[0])));
  return schema.parse(Object.fromEntries(Object.entries(progress).filter(([name]) => !broken.has(name))));
}

const MINUTE_MS = 60_000;
/** After the push, polling is what tells how it went: seldom, since a day has a hundred of these calls. */
const WAITS_MS = [30_000, 2 * MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS];

/** How long to wait before asking for the n-th time, from 0 on. */
export function waitBefore(n: number): number {
  return WAITS_MS[Math.min(n, WAITS_MS.length - 1)] as number;
}
