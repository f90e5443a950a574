import { levelRank } from '../../config/warning-levels.ts';
import type { RuleSubject } from '../../config/warning-rules.ts';
import type { ReplayResult } from '../../store/replays.ts';
import { highestOf, type Episode } from './replay.ts';

const DAY_MS = 86_400_000;
/** Whoever marks an event may say that it began a little late. */
const EARLY_MS = 3_600_000;

/** A marked event, as rules are measured against it. Unix ms. */
export type MeasuredEvent = {
  id: number;
  name: string;
  kind: RuleSubject;
  key: string;
  beganAt: number;
  peakAt: number | null;
  endedAt: number;
};

/** A warning that would have been, under the name that its subject has in the store. */
export type NamedEpisode = Episode & { key: string };

/**
 * How warnings stand to what people marked. A warning belongs to an event when it is first suggested while that lasts (from an
 * hour before on) and is about the same, or about a watch, a line or the office: what is about more holds what is about less.
 * Each warning counts once, at its gravest.
 * @param range what was looked at, Unix ms
 */
export function measure(
  episodes: readonly NamedEpisode[],
  events: readonly MeasuredEvent[],
  range: { from: number; to: number },
  posts: number,
): ReplayResult {
  const days = (range.to - range.from) / DAY_MS;
  const eventOf = new Map(episodes.map((one) => [one, events.find((event) => belongs(one, event)) ?? null]));
  const wrong = episodes.filter((one) => eventOf.get(one) === null);
  const found = events.map((event) => {
    const times = episodes.filter((one) => belongs(one, event)).map(({ steps }) => steps[0]?.at ?? Infinity);
    const at = Math.min(...times);
    const top = event.peakAt ?? event.endedAt;
    const known = Number.isFinite(at);
    return {
      ...{ id: event.id, name: event.name, found: known ? new Date(at).toISOString() : null },
      leadMinutes: known ? Math.round((top - at) / 60_000) : null,
    };
  });
  const leads = found.flatMap(({ leadMinutes }) => (leadMinutes === null ? [] : [leadMinutes]));
  const grave = wrong.filter((one) => levelRank(highestOf(one)) > levelRank('blue'));
  return {
    posts,
    days: rounded(days),
    suggestions: episodes.flatMap((one) =>
      one.steps.map(({ at, level, rule, why }) => ({
        ...{ at: new Date(at).toISOString(), level, rule, why },
        subject: { kind: one.subject.kind, key: one.key, title: one.title },
        event: eventOf.get(one)?.id ?? null,
      })),
    ),
    events: found,
    precision: episodes.length === 0 ? null : rounded((episodes.length - wrong.length) / episodes.length, 3),
    recall: events.length === 0 ? null : rounded(leads.length / events.length, 3),
    medianLeadMinutes: median(leads),
    falsePer30Days: rounded((30 * wrong.length) / days),
    falseAboveBluePer30Days: rounded((30 * grave.length) / days),
  };
}

function belongs({ subject, key, steps }: NamedEpisode, event: MeasuredEvent): boolean {
  const at = steps[0]?.at ?? Infinity;
  if (at < event.beganAt - EARLY_MS || at > event.endedAt) return false;
  return subject.kind !== 'concern' || (event.kind === 'concern' ? key === event.key : true);
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return Math.round(((low ?? 0) + (high ?? 0)) / 2);
}

function rounded(value: number, digits = 1): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
