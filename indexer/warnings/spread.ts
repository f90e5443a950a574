import { spreadRules, type SpreadRule } from '../../config/spread.ts';

/** When a pace was first that of the large ones, and by which rule. */
export interface Spread extends SpreadRule {
  /** Milliseconds since 1970: of the post that made the count full. */
  at: number;
}

/**
 * Whether a concern that is too young for a rhythm of its own spreads fast: by the first run of posts that has a rule's count
 * within its time, wherever the run begins, as many a concern lies still for a day before it is taken up. Undefined when
 * none has.
 *
 * @param times of all its posts, milliseconds since 1970, ascending
 */
export function spreadOf(
  times: readonly number[],
  rules: readonly SpreadRule[] = spreadRules.posts,
): Spread | undefined {
  let first: Spread | undefined;
  for (const { count, within } of rules) {
    const last = times.findIndex(
      (at, index) => index >= count - 1 && at - (times[index - count + 1] ?? 0) <= within * 1000,
    );
    const at = times[last];
    if (at !== undefined && (!first || at < first.at)) first = { at, count, within };
  }
  return first;
}
