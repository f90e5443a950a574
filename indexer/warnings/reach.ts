import type { Rule, RuleSubject } from '../../config/warning-rules.ts';

type Ruled = { rule: Rule };

/** The windows that rules count in, in hours. */
export function windowsOf(rules: readonly Ruled[]): number[] {
  const hours = rules.flatMap(({ rule }) =>
    rule.all.flatMap((condition) => ('hours' in condition ? [condition.hours] : [])),
  );
  return [...new Set(hours)];
}

/**
 * Whether any rule can hold by the number of posts alone: what it says about too few posts need not be asked of thousands of
 * subjects.
 * @param posts of a window of so many hours
 */
export function reachable(
  rules: readonly Ruled[],
  kind: RuleSubject,
  posts: (hours: number) => number,
): boolean {
  return rules.some(
    ({ rule }) =>
      rule.subjects.includes(kind) &&
      rule.all.every((condition) =>
        condition.kind === 'volume' || condition.kind === 'negative'
          ? posts(condition.hours) >= condition.atLeast
          : true,
      ),
  );
}
