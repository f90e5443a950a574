import type { MomentPost } from '../../store/warning-series.ts';
import type { EvidencePost, WarningEvidence } from '../../store/warning-evidence.ts';
import { messages } from '../messages.ts';
import type { StandingRule } from './decide.ts';
import type { Judgement } from './judge.ts';
import type { Learnt } from './learnt.ts';
import { HOUR_MS, WHOLE, type Observed } from './observed.ts';
import { ruleSentence, whySentence } from './rule-words.ts';

/** The chart goes back three days, or as long as the longest window of the rule, and a quarter more. */
const LEAST_HOURS = 72;
/** In Unicode characters. */
const EXCERPT = 120;

/** What a warning shows for good: the rule as it reads, the numbers, the chart and some posts, as they are at this moment. */
export function evidenceOf(
  { name, rule }: StandingRule,
  { numbers }: Judgement,
  { series }: Observed,
  learnt: Learnt,
  posts: readonly MomentPost[],
  now: number,
): WarningEvidence {
  const longest = Math.max(0, ...rule.all.map((condition) => ('hours' in condition ? condition.hours : 0)));
  const hours = Math.max(LEAST_HOURS, Math.round(longest * 1.25));
  const last = Math.floor(now / HOUR_MS) * HOUR_MS;
  const points = Array.from({ length: hours }, (_, n) => last - (hours - 1 - n) * HOUR_MS).map((at) => {
    const place = (at - series.from) / HOUR_MS;
    const usual = learnt.usual(at);
    return {
      at: new Date(at).toISOString(),
      // Before anything was collected nothing is known, either.
      value: series.known[place] === WHOLE ? (series.posts[place] ?? 0) : null,
      expected: usual && rounded(usual.expected),
      low: usual && rounded(usual.low),
      high: usual && rounded(usual.high),
    };
  });
  return {
    rule: { name, text: ruleSentence(rule) },
    why: whySentence(numbers),
    numbers,
    series: { label: messages.warnings.series, points },
    posts: posts.map(excerptOf),
    asOf: new Date(now).toISOString(),
  };
}

function excerptOf({ id, at, outlet, sentiment, title, text }: MomentPost): EvidencePost {
  const words = Array.from([title, text].filter(Boolean).join(' ').replaceAll(/\s+/gu, ' '));
  const excerpt = words.length > EXCERPT ? `${words.slice(0, EXCERPT - 1).join('')}…` : words.join('');
  return { id, at: at.toISOString(), outlet, sentiment, excerpt };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
