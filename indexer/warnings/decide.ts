import { shanghaiHour } from '../../config/shanghai.ts';
import { levelRank, type Level, type SuggestedLevel } from '../../config/warning-levels.ts';
import type { Rule } from '../../config/warning-rules.ts';
import { judge, isCalm, type Judgement } from './judge.ts';
import type { Learnt } from './learnt.ts';
import { HOUR_MS, type Observed } from './observed.ts';

/** A rule of an office as it stands. */
export type StandingRule = { id: number; version: number; name: string; level: SuggestedLevel; rule: Rule };

/** Since when a rule holds for a subject and when it last fired, Unix ms. */
export type RuleState = { holdsSince: number | null; firedAt: number | null };

/** What there is of warnings about a subject. */
export type Standing = {
  /** The one that is not over. `higher`: what a rule has suggested beyond its level. */
  open: {
    id: number;
    level: Level;
    higher: SuggestedLevel | null;
    ruleId: number | null;
    calmSince: number | null;
  } | null;
  /** The one that ended last. */
  closed: { at: number; level: Level } | null;
};

export type Decision = {
  /** The state of each rule that has changed. */
  states: Map<number, RuleState>;
  /** The gravest rule that is to be heard now, where it says more than there is. */
  act: { kind: 'suggest' | 'raise'; rule: StandingRule; judgement: Judgement } | null;
  /** What there is is over, or has come back. */
  turn: 'calm' | 'stirred' | null;
  /** Rules that hold. */
  holding: number;
};

const NEVER: RuleState = { holdsSince: null, firedAt: null };
const MINUTE_MS = 60_000;
/** Of a warning whose rule is gone. */
const PLAIN_CALM: Rule['calm'] = { hours: 24, ratio: 1.5, atMost: 5 };

/**
 * What the rules say of a subject now. Pure: the same arguments give the same decision, whether the moment is now, in the
 * past, or in a story.
 */
export function decide(
  rules: readonly StandingRule[],
  observed: Observed,
  learnt: Learnt,
  standing: Standing,
  states: ReadonlyMap<number, RuleState>,
  now: number,
): Decision {
  const decision: Decision = { states: new Map(), act: null, turn: null, holding: 0 };
  const there = standing.open
    ? Math.max(levelRank(standing.open.level), standing.open.higher ? levelRank(standing.open.higher) : 0)
    : 0;
  for (const rule of rules) {
    if (!rule.rule.subjects.includes(observed.subject.kind)) continue;
    const before = states.get(rule.id) ?? NEVER;
    const judgement = judge(rule.rule, observed, learnt, now);
    const holdsSince = judgement.holds ? (before.holdsSince ?? now) : null;
    if (holdsSince !== before.holdsSince) decision.states.set(rule.id, { ...before, holdsSince });
    if (holdsSince === null) continue;
    decision.holding += 1;
    if (now - holdsSince < rule.rule.holdMinutes * MINUTE_MS || isQuiet(rule.rule.quiet, now)) continue;
    const rank = levelRank(rule.level);
    if (rank <= there || isCooling(rule, before, standing, now)) continue;
    if (decision.act && levelRank(decision.act.rule.level) >= rank) continue;
    decision.act = { kind: standing.open ? 'raise' : 'suggest', rule, judgement };
  }
  if (decision.act) {
    const { id } = decision.act.rule;
    const state = decision.states.get(id) ?? states.get(id) ?? NEVER;
    decision.states.set(id, { ...state, firedAt: now });
  }
  decision.turn = turnOf(rules, observed, learnt, standing, decision.holding, now);
  return decision;
}

function turnOf(
  rules: readonly StandingRule[],
  observed: Observed,
  learnt: Learnt,
  { open }: Standing,
  holding: number,
  now: number,
): Decision['turn'] {
  if (!open) return null;
  // Between what raises and what is calm nothing changes: that keeps it from flickering.
  if (holding > 0) return open.calmSince === null ? null : 'stirred';
  if (open.calmSince !== null) return null;
  const calm = rules.find(({ id }) => id === open.ruleId)?.rule.calm ?? PLAIN_CALM;
  return isCalm(calm, observed, learnt, now) === true ? 'calm' : null;
}

/** A rule has been heard lately, or a person has just ended what says as much as it would. */
function isCooling(
  { level, rule }: StandingRule,
  { firedAt }: RuleState,
  { closed }: Standing,
  now: number,
): boolean {
  const heard = closed && levelRank(closed.level) >= levelRank(level) ? closed.at : -Infinity;
  return now - Math.max(firedAt ?? -Infinity, heard) < rule.coolHours * HOUR_MS;
}

/** From 22 to 7 is the night; from 7 to 7 the whole day. */
function isQuiet(quiet: Rule['quiet'], now: number): boolean {
  if (!quiet) return false;
  const { from, to } = quiet;
  const hour = shanghaiHour(new Date(now));
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
}
