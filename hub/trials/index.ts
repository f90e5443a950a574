/** One JSON value in, one out. */
export type Trial = (input: unknown) => unknown;

/** Answers when all values have been read: `add` takes one in, `end` gives one for each that was taken, in order. */
export type TrialOfAll = { add(input: unknown): void; end(): unknown[] };

/**
 * What a person can put their own input through: one file each, read when it is asked for. Nothing is fetched, nothing is
 * stored.
 */
export const trials: Record<string, () => Promise<{ trial: Trial }>> = {
  extract: () => import('./extract.ts'),
  redact: () => import('./redact.ts'),
  match: () => import('./match.ts'),
  sentiment: () => import('./sentiment.ts'),
  similarity: () => import('./similarity.ts'),
  steps: () => import('./steps.ts'),
  bursts: () => import('./bursts.ts'),
};

/** Those in which what comes later changes the answer. */
export const trialsOfAll: Record<string, () => Promise<{ begin: () => TrialOfAll }>> = {
  concerns: () => import('./concerns.ts'),
};
