import type { GrantKind, Role } from './access/roles.ts';
import type { ReleaseType } from './release-types.ts';

/**
 * How a release is reviewed, as data: three reviews by three people (三审三校), the four steps of legal documents
 * (审核→导出→复核→发布), and one review of what cannot wait, with the others after the fact.
 */
export const reviewFlows = ['three', 'legal', 'urgent'] as const;
export type ReviewFlow = (typeof reviewFlows)[number];

export const reviewStages = ['first', 'second', 'final', 'superior', 'examine', 'export', 'recheck'] as const;
export type ReviewStage = (typeof reviewStages)[number];

export type StageRule = {
  /** Any one of these roles passes it; of `superior` it is held in the office above. */
  roles: readonly Role[];
  /** What its reviewer ticks, each of them, before it passes. */
  points: readonly ReviewPoint[];
};

/**
 * First review: words and facts; second: basis, law and values; the last one answers for politics, law, secrecy and effect
 * (国办发〔2018〕123号: 政治关、法律关、保密关、文字关).
 */
export const reviewPoints = [
  ...['words', 'facts', 'names', 'media'],
  ...['basis', 'law', 'value', 'privacy'],
  ...['politics', 'secrecy', 'effect'],
  ...['in-force', 'masking', 'shielding', 'same-text', 'complete'],
] as const;
export type ReviewPoint = (typeof reviewPoints)[number];

const signers = ['final-reviewer', 'signatory'] as const;

export const stageRules: Readonly<Record<ReviewStage, StageRule>> = {
  first: { roles: ['first-reviewer'], points: ['words', 'facts', 'names', 'media'] },
  second: { roles: ['second-reviewer'], points: ['basis', 'law', 'value', 'privacy'] },
  final: { roles: signers, points: ['politics', 'law', 'secrecy', 'effect'] },
  superior: { roles: signers, points: ['politics', 'law', 'secrecy', 'effect'] },
  examine: { roles: ['first-reviewer'], points: ['in-force', 'masking', 'shielding', 'words'] },
  export: { roles: ['second-reviewer'], points: ['same-text', 'complete', 'names'] },
  recheck: { roles: signers, points: ['masking', 'shielding', 'law', 'secrecy', 'effect'] },
};

/** What has to be passed, one after the other: `before` it may go out, and `after` the fact, in any order. */
export type StagePlan = { before: readonly ReviewStage[]; after: readonly ReviewStage[] };

/** @param superior the office above agrees before the last signature counts */
export function stagesOf(flow: ReviewFlow, superior: boolean): StagePlan {
  const asked = superior ? (['superior'] as const) : [];
  switch (flow) {
    case 'three':
      return { before: ['first', 'second', ...asked, 'final'], after: [] };
    case 'legal':
      return { before: ['examine', 'export', ...asked, 'recheck'], after: [] };
    case 'urgent':
      return { before: [...asked, 'final'], after: ['first', 'second'] };
  }
}

/** Legal documents always walk their own four steps, however urgent. */
export function flowOf(type: ReleaseType, urgent: boolean): ReviewFlow {
  if (type === 'legal-document') return 'legal';
  return urgent ? 'urgent' : 'three';
}

/** Hours after which a stage that waits is shown as late. What is urgent waits for one. */
export const LATE_HOURS: Readonly<Record<ReviewFlow, number>> = { three: 24, legal: 24, urgent: 1 };
/** Within so long after its approval an urgent release gets its other reviews, where the office has set nothing else. */
export const AFTER_HOURS = 24;

/** A round as far as the rules look at it. */
export type Walk = {
  officeId: number;
  flow: ReviewFlow;
  superiorOfficeId: number | null;
  /** Who wrote the version and who submitted it. */
  authors: readonly string[];
  /** It still runs; an urgent one that has passed still owes its other reviews. */
  state: 'open' | 'passed' | 'returned' | 'edited' | 'taken-back';
  /** Until when the other reviews of an urgent one are due; null: none are. */
  afterDueAt: Date | null;
  passed: readonly { stage: ReviewStage; personId: string }[];
};

/** Stages that somebody can pass now: the next one, or those that are owed after the fact. */
export function waitingStages(walk: Walk): ReviewStage[] {
  const { before, after } = stagesOf(walk.flow, walk.superiorOfficeId !== null);
  const isPassed = (stage: ReviewStage) => walk.passed.some((step) => step.stage === stage);
  if (walk.state === 'open') return before.filter((stage) => !isPassed(stage)).slice(0, 1);
  if (walk.state === 'passed' && walk.afterDueAt !== null) return after.filter((stage) => !isPassed(stage));
  return [];
}

/** The office in which a stage's role has to be held. */
export function officeOfStage(walk: Pick<Walk, 'officeId' | 'superiorOfficeId'>, stage: ReviewStage): number {
  return stage === 'superior' && walk.superiorOfficeId !== null ? walk.superiorOfficeId : walk.officeId;
}

type Held = { role: Role; officeId: number; kind: GrantKind };

/** By which of their roles somebody passes a stage: their own before that of a deputy or delegate; null: by none. */
export function grantFor<G extends Held>(
  walk: Pick<Walk, 'officeId' | 'superiorOfficeId'>,
  stage: ReviewStage,
  grants: readonly G[],
): G | null {
  const office = officeOfStage(walk, stage);
  const fit = grants.filter(
    ({ role, officeId }) => officeId === office && stageRules[stage].roles.includes(role),
  );
  const rank = { holder: 0, deputy: 1, delegate: 2 } satisfies Record<GrantKind, number>;
  return fit.toSorted((a, b) => rank[a.kind] - rank[b.kind])[0] ?? null;
}

/** Why somebody does not pass a stage; null: nothing is in the way. */
export type Hindrance = 'role' | 'author' | 'passed-before';

export function hindranceOf(
  walk: Walk,
  stage: ReviewStage,
  personId: string,
  grants: readonly Held[],
): Hindrance | null {
  if (!grantFor(walk, stage, grants)) return 'role';
  if (walk.authors.includes(personId)) return 'author';
  return walk.passed.some((step) => step.personId === personId) ? 'passed-before' : null;
}

/** The texts of a release that a comment can be about. */
export const commentParts = ['title', 'summary', 'document', 'weibo', 'wechat'] as const;
export type CommentPart = (typeof commentParts)[number];
