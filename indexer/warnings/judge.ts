import type { Condition, Rule } from '../../config/warning-rules.ts';
import type { EvidenceNumber } from '../../store/warning-evidence.ts';
import { messages } from '../messages.ts';
import type { Learnt } from './learnt.ts';
import { HOUR_MS, placesSince, windowOf, windowStart, type Observed, type Window } from './observed.ts';
import { spreadOf } from './spread.ts';

const words = messages.warnings;

/** What became of a rule: what it looked at, and whether all of it holds. */
export type Judgement = { holds: boolean; numbers: EvidenceNumber[] };
type Judged = Judgement;

/** From here on a detector would tell a burst. */
const RISE = 0.5;
/** What spread fast so long ago is no news. */
const STILL_SPREADS_MS = 24 * HOUR_MS;

/**
 * Whether a rule holds for a subject now, by what was learnt before. What is not known (too little learnt, a gap) does not
 * hold. Pure.
 * @param now Unix ms
 */
export function judge(rule: Rule, observed: Observed, learnt: Learnt, now: number): Judgement {
  const judgement: Judgement = { holds: true, numbers: [] };
  for (const condition of rule.all) {
    const { holds, numbers } = judgeOne(condition, observed, learnt, now);
    judgement.holds &&= holds;
    judgement.numbers.push(...numbers);
  }
  return { ...judgement, numbers: unique(judgement.numbers) };
}

/** Whether it is over, by what the rule says is calm. Null: not known, which is not calm. */
export function isCalm(
  calm: Rule['calm'],
  { series }: Observed,
  learnt: Learnt,
  now: number,
): boolean | null {
  const window = windowOf(series, now, calm.hours);
  if (window.posts <= calm.atMost) return window.whole ? true : null;
  const usual = learnt.against(window);
  if (!usual) return null;
  if (window.posts > calm.ratio * usual.expected) return false;
  return window.whole ? true : null;
}

function judgeOne(condition: Condition, observed: Observed, learnt: Learnt, now: number): Judged {
  switch (condition.kind) {
    case 'volume':
      return volume(condition, windowOf(observed.series, now, condition.hours), learnt);
    case 'negative':
      return negative(condition, windowOf(observed.series, now, condition.hours), learnt);
    case 'sources': {
      const places = placesSince(observed.places, windowStart(now, condition.hours));
      return told(places >= condition.atLeast, words.places(condition.hours), places, null);
    }
    case 'pace': {
      const pace = observed.times && spreadOf(observed.times);
      if (!pace || now - pace.at > STILL_SPREADS_MS) return { holds: false, numbers: [] };
      return told(true, words.pace(Math.max(1, Math.round(pace.within / 60))), pace.count, null);
    }
    case 'change': {
      const strength = learnt.rise(condition.of, condition.slow ?? false);
      const label = condition.of === 'volume' ? words.rise : words.shareRise;
      return told(strength >= RISE, label, Math.round(100 * strength), null);
    }
    case 'heat':
      return heat(condition, observed);
  }
}

function volume(
  { hours, atLeast, ratio, beyond }: Extract<Condition, { kind: 'volume' }>,
  window: Window,
  learnt: Learnt,
): Judged {
  const { posts, known } = window;
  const label = words.posts(hours);
  if (!known) return told(false, label, null, null);
  const usual = learnt.against(window);
  const expected = usual && rounded(usual.expected);
  const enough = posts >= atLeast;
  if (ratio === undefined && beyond === undefined) return told(enough, label, posts, expected);
  const above =
    usual !== null && posts >= (ratio ?? 0) * usual.expected && usual.beyond >= (beyond ?? -Infinity);
  return told(enough && above, label, posts, expected);
}

function negative(
  { hours, atLeast, share, above }: Extract<Condition, { kind: 'negative' }>,
  { posts, negative: part, known }: Window,
  learnt: Learnt,
): Judged {
  const label = words.negative(hours);
  if (!known || posts === 0) return told(false, label, null, null);
  const now = part / posts;
  const usual = learnt.ready ? learnt.share : null;
  const more = above === undefined || (usual !== null && now - usual >= above);
  return told(
    posts >= atLeast && now >= share && more,
    label,
    Math.round(100 * now),
    usual === null ? null : Math.round(100 * usual),
  );
}

function heat({ atLeast, trend }: Extract<Condition, { kind: 'heat' }>, { heat: now }: Observed): Judged {
  if (!now) return { holds: false, numbers: [] };
  const high = now.heat >= (atLeast ?? -Infinity);
  const rising = trend === undefined || (now.trend !== null && now.trend >= trend);
  const usual = now.trend !== null && now.trend > 0 ? rounded(now.heat / now.trend) : null;
  return told(high && rising, words.heat, rounded(now.heat), usual);
}

function told(holds: boolean, label: string, value: number | null, expected: number | null): Judged {
  return { holds, numbers: [{ label, value, expected }] };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Two conditions may look at the same number. */
function unique(numbers: readonly EvidenceNumber[]): EvidenceNumber[] {
  return [...new Map(numbers.map((number) => [number.label, number])).values()];
}
