import type { Condition, Rule } from '../../config/warning-rules.ts';
import type { EvidenceNumber } from '../../store/warning-evidence.ts';
import { messages } from '../messages.ts';

const words = messages.warnings;

/** A rule in Chinese, made from what it says: the same words at the desk and in the evidence of a warning. */
export function ruleSentence({ subjects, all, holdMinutes, quiet, coolHours, calm }: Rule): string {
  const parts = [
    words.rule(
      subjects.map((subject) => words.subjects[subject] ?? subject),
      all.map(conditionSentence),
    ),
    ...(holdMinutes > 0 ? [words.hold(words.minutes(holdMinutes))] : []),
    ...(quiet ? [words.quiet(quiet.from, quiet.to)] : []),
    ...(coolHours > 0 ? [words.cool(coolHours)] : []),
    words.calm(calm.hours, calm.ratio, calm.atMost),
  ];
  return `${parts.join(words.next)}${words.end}`;
}

export function conditionSentence(condition: Condition): string {
  switch (condition.kind) {
    case 'volume': {
      const { hours, atLeast, ratio, beyond } = condition;
      return words.and([
        words.volume(hours, atLeast),
        ...(ratio === undefined ? [] : [words.ratio(ratio)]),
        ...(beyond === undefined ? [] : [words.beyond(beyond)]),
      ]);
    }
    case 'negative': {
      const { hours, atLeast, share, above } = condition;
      return words.and([
        words.share(hours, atLeast, Math.round(100 * share)),
        ...(above === undefined ? [] : [words.above(Math.round(100 * above))]),
      ]);
    }
    case 'sources':
      return words.sources(condition.hours, condition.atLeast);
    case 'pace':
      return words.spreads;
    case 'change':
      return condition.of === 'volume' && condition.slow ? words.grows : words.changes[condition.of];
    case 'heat':
      return words.and([
        ...(condition.atLeast === undefined ? [] : [words.heatLeast(condition.atLeast)]),
        ...(condition.trend === undefined ? [] : [words.heatTrend(condition.trend)]),
      ]);
  }
}

/** One sentence of the numbers that a rule looked at. */
export function whySentence(numbers: readonly EvidenceNumber[]): string {
  return words.why(
    numbers
      .filter(({ value }) => value !== null)
      .map(({ label, value, expected }) =>
        words.number(label, String(value), expected === null ? null : String(expected)),
      ),
  );
}
