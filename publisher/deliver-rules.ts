import type { ClaimedDelivery } from '../store/delivery-claims.ts';

/** How long the engine waits for what. */
export type Patience = Readonly<{
  /** A worker that says nothing for so long was killed. */
  leaseSeconds: number;
  /** The first pause after a try that came to nothing; it doubles up to the longest. */
  retryMs: number;
  longestRetryMs: number;
  /** Pauses before each look whether something has arrived; the last one goes on. */
  lookMs: readonly number[];
  /** After so many looks that told nothing, or so long after it was sent, a person is asked. */
  askAfter: number;
  askMs: number;
  /** After so many looks nobody looks any more but the person who was asked. */
  giveUpAfter: number;
  /** From a call to its whole answer. */
  answerMs: number;
  /** A platform that works on something for longer has forgotten it. */
  processingMs: number;
  /** Of the pauses that channels name: 1 where platforms are real, less where they are simulated and nobody can wait. */
  pace: number;
}>;

export const patience: Patience = {
  leaseSeconds: 40,
  retryMs: 5_000,
  longestRetryMs: 300_000,
  lookMs: [5_000, 30_000, 120_000, 300_000, 900_000, 3_600_000],
  askAfter: 5,
  askMs: 1_800_000,
  giveUpAfter: 48,
  answerMs: 15_000,
  processingMs: 6 * 3_600_000,
  pace: 1,
};

/** So long before its time a delivery is prepared. */
export const AHEAD_MS = 600_000;

/** So long after its time something that links to a page looks by itself whether the page stands: usually the page wakes it before. */
export const HEAD_START_MS = 1_000;

/** From then on it is missed, not sent: old news is worse than none. */
export function missedAt(
  { dueAt, missedAfterMinutes }: Pick<ClaimedDelivery, 'dueAt' | 'missedAfterMinutes'>,
  otherwiseMinutes: number,
): Date {
  return new Date(dueAt.getTime() + (missedAfterMinutes ?? otherwiseMinutes) * 60_000);
}

export function retryPause({ retryMs, longestRetryMs }: Patience, tries: number): number {
  return Math.min(longestRetryMs, retryMs * 2 ** Math.min(tries, 20));
}

export function lookPause({ lookMs }: Patience, tries: number): number {
  return lookMs[Math.min(tries, lookMs.length - 1)] ?? 60_000;
}

/** When a channel wants to look again. */
export function lookAt({ pace }: Patience, asked: Date, now: Date): Date {
  return new Date(now.getTime() + (asked.getTime() - now.getTime()) * pace);
}

/**
 * Whether something has to wait for the release's page: it is to link to it. `go`: it stands, or is planned for later, or is not
 * planned at all. `gone`: it was to stand and does not.
 */
export function siteOrder({
  channel,
  site,
  dueAt,
}: Pick<ClaimedDelivery, 'channel' | 'site' | 'dueAt'>): 'go' | 'wait' | 'gone' {
  if (channel === 'website' || site === null || site.state === 'published') return 'go';
  if (site.state === 'cancelled') return 'go';
  const coming = ['waiting', 'sending', 'unknown', 'processing'].includes(site.state);
  if (!coming) return 'gone';
  return channel === 'weibo' || site.dueAt.getTime() <= dueAt.getTime() ? 'wait' : 'go';
}
