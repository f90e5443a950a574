import type { Role } from './roles.ts';

/**
 * Pairs of roles that a person had better not hold in one office: who writes does not review, and each review is another
 * pair of eyes. Small offices have to double up, so that it is shown and not refused.
 */
const pairs: readonly (readonly [Role, Role])[] = [
  ['press-officer', 'first-reviewer'],
  ['press-officer', 'second-reviewer'],
  ['press-officer', 'final-reviewer'],
  ['press-officer', 'signatory'],
  ['first-reviewer', 'second-reviewer'],
  ['first-reviewer', 'final-reviewer'],
  ['second-reviewer', 'final-reviewer'],
];

/** The pairs among the roles of one person in one office. */
export function conflictsOf(held: readonly Role[]): (readonly [Role, Role])[] {
  return pairs.filter(([one, other]) => held.includes(one) && held.includes(other));
}
