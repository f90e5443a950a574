import type { Failure } from './external.ts';

/**
 * Under this name it is told within the process how a model elsewhere does. A channel of Node's own: the built web app has
 * a copy of this code, and its role listens outside of it.
 */
export const HEALTH_CHANNEL = 'jiansheng:sentiment';

/** Null: it answers. */
export type SentimentHealth = { why: Failure | null };
