import { usualHours } from '../config/usual-times.ts';
import { shanghaiDay, shanghaiHour } from '../config/shanghai.ts';
import type { Channel } from '../config/release-types.ts';
import type { Queryable } from './pool.ts';

/** How one publication went. `hour`: of the week in Asia/Shanghai, 0 is Monday from 0 to 1. */
export type Effect = { accountId: number; hour: number; reads: number };

/** A time to publish at; `better`: how many more reads than usual are expected then, 0.3 is 30 % more; null: by custom. */
export type SuggestedTime = { at: Date; better: number | null };
/** `releases`: from how many the times come; null: too few, so they are those of custom. */
export type Suggested = { releases: number | null; times: SuggestedTime[] };

/** With fewer publications than this an account says nothing about times. */
export const EFFECT_LEAST = 20;
/** An hour of the day is suggested when the office has published in it at least so often. */
const HOUR_LEAST = 3;
/** A mean counts as if so many publications of the wider kind were in it. */
const SHRINK = 8;
const SUGGESTIONS = 3;
const AHEAD_DAYS = 7;
const HOUR_MS = 3_600_000;
/** Sooner than this nobody can be ready. */
const SOONEST_MS = 15 * 60_000;

/**
 * Reads of an office's publications on a channel in the last year, each as it stood two days after it came out: what is older
 * has had more time. One that nobody looked at between its first half day and then is left out.
 */
export async function effectsOf(db: Queryable, officeId: number, channel: Channel): Promise<Effect[]> {
  const found = await db.query<Effect>(
    `select d.account_id as "accountId", c.reads,
       ((extract(isodow from local.at) - 1) * 24 + extract(hour from local.at))::int as hour
     from deliveries d
     cross join lateral (select d.published_at at time zone 'Asia/Shanghai' as at) local
     join lateral (
       select reads from delivery_counts c where c.delivery_id = d.id and c.reads is not null
         and c.at between d.published_at + interval '12 hours' and d.published_at + interval '48 hours'
       order by c.at desc limit 1) c on true
     where d.office_id = $1 and d.channel = $2 and d.corrects is null and d.published_at > now() - interval '365 days'
     order by d.published_at desc limit 2000`,
    [officeId, channel],
  );
  return found.rows;
}

/**
 * What an account's publications at each hour of the week gain or lose against its own usual, in logarithms of reads.
 * Means are drawn towards wider ones by pseudo-observations (shrinkage to a prior mean, as in empirical Bayes):
 * an hour of the account's week towards that hour of the day at the office, that towards no difference. Each account is
 * measured against its own mean, so that a big account's hours do not stand for good ones.
 */
function gains(effects: readonly Effect[], accountId: number): (hour: number) => number | null {
  const logs = (all: readonly Effect[]) => all.map(({ reads }) => Math.log1p(reads));
  const usual = new Map(
    [...Map.groupBy(effects, (effect) => effect.accountId)].map(([id, all]) => [id, mean(logs(all))]),
  );
  const gained = effects.map((effect) => ({
    ...effect,
    gain: Math.log1p(effect.reads) - (usual.get(effect.accountId) as number),
  }));
  const ofDay = Map.groupBy(gained, ({ hour }) => hour % 24);
  const ofWeek = Map.groupBy(
    gained.filter((effect) => effect.accountId === accountId),
    ({ hour }) => hour,
  );
  return (hour) => {
    const day = ofDay.get(hour % 24) ?? [];
    if (day.length < HOUR_LEAST) return null;
    return drawn(ofWeek.get(hour) ?? [], drawn(day, 0));
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const drawn = (all: readonly { gain: number }[], prior: number) =>
  (all.reduce((sum, { gain }) => sum + gain, 0) + SHRINK * prior) / (all.length + SHRINK);

/**
 * Up to three times in the coming week, the earliest first: the best hours by what was read, each on the first day when it is
 * as good; by custom when the account has fewer than `EFFECT_LEAST` publications that were counted.
 * @param open whether something may be planned at a time (quiet hours, embargo)
 */
export function suggestTimes(
  effects: readonly Effect[],
  about: { channel: Channel; accountId: number | null; now: Date; open: (at: Date) => boolean },
): Suggested {
  const { channel, accountId, now, open } = about;
  const own = effects.filter((effect) => effect.accountId === accountId).length;
  const custom = (): Suggested => ({ releases: null, times: byCustom(channel, now, open) });
  if (accountId === null || own < EFFECT_LEAST) return custom();
  const gainAt = gains(effects, accountId);
  const times = hoursAhead(now)
    .filter(open)
    .flatMap((at) => {
      const gain = gainAt(hourOfWeek(at));
      return gain === null || gain < 0 ? [] : [{ at, better: Math.expm1(gain) }];
    })
    .toSorted((a, b) => b.better - a.better || a.at.getTime() - b.at.getTime())
    .slice(0, SUGGESTIONS)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return times.length > 0 ? { releases: own, times } : custom();
}

function byCustom(channel: Channel, now: Date, open: (at: Date) => boolean): SuggestedTime[] {
  return hoursAhead(now)
    .filter((at) => usualHours[channel].includes(shanghaiHour(at)) && open(at))
    .slice(0, SUGGESTIONS)
    .map((at) => ({ at, better: null }));
}

/** The full hours of the coming week. */
function hoursAhead(now: Date): Date[] {
  const first = Math.ceil((now.getTime() + SOONEST_MS) / HOUR_MS) * HOUR_MS;
  return Array.from({ length: AHEAD_DAYS * 24 }, (_, hour) => new Date(first + hour * HOUR_MS));
}

function hourOfWeek(at: Date): number {
  const weekday = (new Date(shanghaiDay(at)).getUTCDay() + 6) % 7;
  return weekday * 24 + shanghaiHour(at);
}
