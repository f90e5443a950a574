import type { Step } from './types.ts';

/** Clocks of sites run ahead by minutes; more than this is a wrong date. */
const AHEAD_MS = 15 * 60_000;

/** Before the Chinese web: a date left at a program's zero, or a typing error. */
const OLDEST = Date.UTC(1994, 0, 1);

/** Takes the stated time when it can be true; else leaves it out and says why. */
export const time: Step = (post, { now }) => {
  const stated = post.draft.publishedAt;
  const dateProblem =
    stated === null || !Number.isFinite(stated)
      ? 'missing'
      : stated > now + AHEAD_MS
        ? 'future'
        : stated < OLDEST
          ? 'ancient'
          : null;
  return { ...post, dateProblem, publishedAt: dateProblem === null ? new Date(stated as number) : null };
};
