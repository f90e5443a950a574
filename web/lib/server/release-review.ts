import { fail } from '@sveltejs/kit';
import { deskMediaAddress } from '../../../config/media.ts';
import { chosenChannels, type ReleaseContent } from '../../../config/release-content.ts';
import {
  flowOf,
  grantFor,
  hindranceOf,
  officeOfStage,
  stageRules,
  stagesOf,
  waitingStages,
  type Hindrance,
  type ReviewFlow,
  type ReviewPoint,
  type ReviewStage,
  type StagePlan,
  type Walk,
} from '../../../config/review-rules.ts';
import type { GrantKind, Role } from '../../../config/access/roles.ts';
import type { Channel } from '../../../config/release-types.ts';
import { blocking } from '../../../publisher/releases/checks/index.ts';
import { wechatTexts, websiteTitle, weiboText } from '../../../publisher/releases/channel-texts.ts';
import { diffContents, type ContentDiff } from '../../../publisher/releases/diff.ts';
import { findPassage } from '../../../publisher/releases/passage.ts';
import { mediaOf, partsOf } from '../../../publisher/releases/plain.ts';
import { siteHtml } from '../../../publisher/releases/render.ts';
import { reasonsOf } from '../../../store/check-reasons.ts';
import { checkRun } from '../../../store/check-runs.ts';
import { mediaFiles } from '../../../store/media.ts';
import { messages as stored } from '../../../store/messages.ts';
import type { Queryable } from '../../../store/pool.ts';
import { commentsOf, type ReleaseComment } from '../../../store/release-comments.ts';
import type { ReleaseRow } from '../../../store/releases.ts';
import { reviewersFor } from '../../../store/review-notices.ts';
import { contentOfRound, walkOf, type ReviewRound, type ReviewStep } from '../../../store/review-rounds.ts';
import { submitForReview } from '../../../store/review-submit.ts';
import { secrecyReview } from '../../../store/secrecy-reviews.ts';
import { officeAbove } from '../../../store/warning-act.ts';
import type { Desk } from './desk.ts';
import { orFail } from './form.ts';
import { findingsOf } from './release-checks.ts';
import type { Person } from './session.ts';

/** A stage of the walk as the page draws it. */
export type StageView = {
  stage: ReviewStage;
  /** It follows after the fact. */
  after: boolean;
  /** Its last decision in this round. */
  step: ReviewStep | null;
  waiting: boolean;
  /** Of one that waits: names of those who can pass it; null: they are of an office out of reach. */
  reviewers: string[] | null;
  officeName: string;
};

/** A stage that waits and for which the person holds a role: what they tick, or why they cannot. */
export type TaskView = {
  stage: ReviewStage;
  after: boolean;
  points: readonly ReviewPoint[];
  role: Role;
  heldAs: GrantKind;
  hindrance: Hindrance | null;
};

/** The stages of a round: what was decided, what waits, and who could. */
export async function stagesView(
  db: Queryable,
  round: ReviewRound,
  officeName: string,
): Promise<StageView[]> {
  const walk = walkOf(round);
  const waiting = waitingStages(walk);
  const plan = stagesOf(round.flow, round.superiorOfficeId !== null);
  const view = async (stage: ReviewStage, after: boolean): Promise<StageView> => ({
    ...{ stage, after, waiting: waiting.includes(stage) },
    step: round.steps.findLast((step) => step.stage === stage) ?? null,
    reviewers: waiting.includes(stage)
      ? ((await reviewersFor(db, walk, stage))?.map(({ name }) => name) ?? null)
      : [],
    officeName: stage === 'superior' ? (round.superiorOfficeName ?? '') : officeName,
  });
  return Promise.all([
    ...plan.before.map((stage) => view(stage, false)),
    ...plan.after.map((stage) => view(stage, true)),
  ]);
}

/** What waits for this person, and what they hold a role for but must leave to somebody else. */
export function tasksOf(round: ReviewRound, { id, grants }: Person): TaskView[] {
  const walk = walkOf(round);
  return waitingStages(walk).flatMap((stage) => {
    const grant = grantFor(walk, stage, grants);
    if (!grant) return [];
    const hindrance = hindranceOf(walk, stage, id, grants);
    const after = round.state === 'passed';
    return [
      { stage, after, points: stageRules[stage].points, role: grant.role, heldAs: grant.kind, hindrance },
    ];
  });
}

export type StartView = {
  flow: ReviewFlow;
  plan: StagePlan;
  /** The office above whose review is asked; null: none is. */
  superior: string | null;
  /** It is asked, and there is no office above. */
  lacksSuperior: boolean;
  /** Stages of the own office that nobody could pass if this person submitted it now. */
  lacking: { stage: ReviewStage; roles: readonly Role[] }[];
};

/** What a draft has before it when it is submitted. */
export async function startView(db: Queryable, release: ReleaseRow, person: Person): Promise<StartView> {
  const { type, urgent, officeId, details } = release;
  const flow = flowOf(type, urgent);
  const asked = details.sensitive || details.assigned;
  const superiorOfficeId = asked ? await officeAbove(db, officeId) : null;
  const plan = stagesOf(flow, superiorOfficeId !== null);
  const state = 'open' as const;
  const walk: Walk = {
    ...{ officeId, flow, superiorOfficeId, state, afterDueAt: null, passed: [] },
    authors: [person.id],
  };
  const own = [...plan.before, ...plan.after].filter((stage) => officeOfStage(walk, stage) === officeId);
  const able = await Promise.all(own.map((stage) => reviewersFor(db, walk, stage)));
  const name =
    superiorOfficeId === null
      ? null
      : await db.query<{ name: string }>('select name from offices where id = $1', [superiorOfficeId]);
  return {
    ...{
      flow,
      plan,
      superior: name?.rows[0]?.name ?? null,
      lacksSuperior: asked && superiorOfficeId === null,
    },
    lacking: own
      .filter((_, at) => able[at]?.length === 0)
      .map((stage) => ({ stage, roles: stageRules[stage].roles })),
  };
}

export type TextView = {
  title: string;
  summary: string;
  html: string;
  channels: Channel[];
  websiteTitle: string;
  weibo: string | null;
  /** Own texts for WeChat; `html` null: the master's. */
  wechat: { title: string; author: string; digest: string; html: string | null } | null;
};

/** The text as readers will see it. */
export async function textView(db: Queryable, content: ReleaseContent): Promise<TextView> {
  const files = await mediaFiles(db, mediaOf(content));
  const address = (id: number) => deskMediaAddress(files.get(id) ?? String(id));
  const channels = chosenChannels(content);
  const own = content.details.wechat.document;
  const { title, author, digest } = wechatTexts(content);
  return {
    ...{ title: content.title, summary: content.summary, channels },
    html: siteHtml(content.document, address),
    websiteTitle: websiteTitle(content),
    weibo: channels.includes('weibo') ? weiboText(content) : null,
    wechat: channels.includes('wechat')
      ? { title, author, digest, html: own && siteHtml(own, address) }
      : null,
  };
}

/** What changed since the last version that somebody reviewed. @returns null when none was reviewed before */
export async function sinceLastReview(
  db: Queryable,
  release: ReleaseRow,
  rounds: readonly ReviewRound[],
): Promise<{ version: number; diff: ContentDiff } | null> {
  const last = rounds.find(({ version, steps }) => version < release.version && steps.length > 0);
  const before = last && (await contentOfRound(db, last.id));
  return before ? { version: last.version, diff: diffContents(before, release) } : null;
}

export type CommentView = ReleaseComment & {
  /** Where its passage stands now. */
  place: { start: number; end: number } | null;
  /** The passage is not there any more. */
  moved: boolean;
};

export async function commentsView(db: Queryable, release: ReleaseRow): Promise<CommentView[]> {
  const parts = partsOf(release);
  return (await commentsOf(db, release.id)).map((comment) => {
    const { quote, part, start } = comment;
    const place = quote === null ? null : findPassage(parts[part], quote, start);
    return { ...comment, place, moved: quote !== null && place === null };
  });
}

/** What the checks found on the version at hand, with the reasons that were given. */
export async function checksView(db: Queryable, { id, version }: ReleaseRow) {
  const [run, reasons, secrecy] = await Promise.all([
    checkRun(db, id),
    reasonsOf(db, id),
    secrecyReview(db, id, version),
  ]);
  return {
    ran: run !== null,
    current: run?.version === version,
    secrecy: secrecy && { by: secrecy.by, at: secrecy.at },
    findings: (run?.findings ?? []).map(({ check, finding, severity, quote, text }) => ({
      ...{ check, finding, severity, quote, text },
      reason: reasons.find((given) => given.check === check && given.finding === finding) ?? null,
    })),
  };
}

/** Runs the checks over the very version that is submitted, and submits it when nothing blocks it. */
export async function submit(desk: Desk, release: ReleaseRow, version: number, note: string) {
  const { db, actor } = desk;
  if (release.version !== version) return fail(409, { message: stored.staleVersion });
  if (release.state !== 'draft') return fail(409, { message: stored.releaseReviews.notDraft });
  const blocks = blocking(await findingsOf(db, release), await reasonsOf(db, release.id));
  if (blocks.length > 0) {
    return fail(409, { message: stored.releaseReviews.blocked(blocks.length), blocked: true });
  }
  return orFail(() => submitForReview(db, actor, { id: release.id, version, note }, new Date()));
}
