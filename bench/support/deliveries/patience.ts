import { patience, type Patience } from '../../../publisher/deliver-rules.ts';

/** Everything that is waited for, in small: the order of the pauses is the usual one. */
export const quickPatience: Patience = {
  ...patience,
  leaseSeconds: 8,
  retryMs: 400,
  longestRetryMs: 5_000,
  lookMs: [300, 800, 1_500, 3_000, 5_000, 8_000],
  askMs: 30_000,
  answerMs: 600,
  processingMs: 60_000,
  pace: 1 / 40,
};
