import type { Grant } from './scope.ts';
import { Refused } from '../config/errors.ts';
import {
  grantFor,
  hindranceOf,
  stageRules,
  waitingStages,
  AFTER_HOURS,
  type ReviewPoint,
  type ReviewStage,
} from '../config/review-rules.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { askForReview, tellReturned } from './review-notices.ts';
import { roundById, walkOf, type ReviewRound } from './review-rounds.ts';
import { noted } from './review-submit.ts';

const words = messages.releaseReviews;
const HOUR_MS = 3_600_000;

/** Who reviews: their name as it is kept with the step, and every role that they hold now. */
export type ReviewerHand = { name: string; grants: readonly Grant[] };
/** What they decide about: the round and the stage that they have before them. */
export type ReviewTask = { releaseId: number; roundId: number; stage: ReviewStage; note: string };

/**
 * Passes a stage. With the last one that is needed the release is approved; what an urgent one still owes is due from then on.
 * Two who pass at once, and an edit at the same moment, come one after the other: the release is locked first by all of them.
 * @throws Refused `review-changed` when the round is over, `review-stage` when the stage is not what waits, `review-role`,
 *   `review-author`, `review-again`, `review-points` when not all of its points are ticked, `review-note`
 */
export async function passReview(
  store: Store,
  actor: Actor,
  reviewer: ReviewerHand,
  { points, ...task }: ReviewTask & { points: readonly ReviewPoint[] },
  now: Date,
): Promise<{ approved: boolean }> {
  const note = noted(task.note);
  return transaction(store, async (client) => {
    const { round, release } = await hold(client, task);
    const grant = entitled(round, task.stage, actor.id, reviewer.grants);
    const needed = stageRules[task.stage].points;
    if (!needed.every((point) => points.includes(point))) throw new Refused('review-points', words.allPoints);
    await addStep(
      client,
      actor,
      reviewer.name,
      grant,
      round,
      { ...task, note, decision: 'passed' },
      needed,
      now,
    );
    const after = await roundById(client, round.id);
    if (!after) throw new Refused('review-changed', words.changed);
    const walk = walkOf(after);
    const done = waitingStages(walk).length === 0;
    const approved = done && round.state === 'open';
    if (approved) {
      const dueAt = round.flow === 'urgent' ? await afterDue(client, round.officeId, now) : null;
      await client.query(
        `update review_rounds set state = 'passed', ended_at = $2, after_due_at = $3, waiting_since = $2 where id = $1`,
        [round.id, now, dueAt],
      );
      await client.query(`update releases set state = 'approved', updated_at = $2 where id = $1`, [
        ...[release.id, now],
      ]);
      const passed = { ...walk, state: 'passed', afterDueAt: dueAt } as const;
      await askForReview(client, release, passed, actor.id);
    } else {
      await client.query(
        `update review_rounds set waiting_since = case when state = 'open' then $2 else waiting_since end,
           after_due_at = case when $3 then null else after_due_at end where id = $1`,
        [round.id, now, done],
      );
      if (round.state === 'open') await askForReview(client, release, walk, actor.id);
    }
    await tellLive(client, { kind: 'release', officeId: round.officeId, releaseId: release.id });
    await appendAudit(client, {
      ...{ ...actor, officeId: round.officeId, role: grant.role },
      ...{ action: 'review-pass', subject: `release:${release.id}` },
      after: {
        ...{ round: round.id, version: round.version, hash: round.hash, stage: task.stage, points: needed },
        ...{ note, heldAs: grant.kind, roleOffice: grant.officeId, approved },
      },
    });
    return { approved };
  });
}

/**
 * Returns it with a reason: a draft again, and its authors are told. What an urgent one is found wrong with after the fact is
 * told too, and changes nothing of what is out: whether it is corrected or withdrawn is another decision.
 * @throws Refused as `passReview`; `review-reason` without a reason
 */
export async function returnRelease(
  store: Store,
  actor: Actor,
  reviewer: ReviewerHand,
  task: ReviewTask,
  now: Date,
): Promise<void> {
  const note = noted(task.note);
  if (note === '') throw new Refused('review-reason', words.reason);
  await transaction(store, async (client) => {
    const { round, release } = await hold(client, task);
    const grant = entitled(round, task.stage, actor.id, reviewer.grants);
    await addStep(
      client,
      actor,
      reviewer.name,
      grant,
      round,
      { ...task, note, decision: 'returned' },
      [],
      now,
    );
    const open = round.state === 'open';
    if (open) {
      await client.query(`update review_rounds set state = 'returned', ended_at = $2 where id = $1`, [
        ...[round.id, now],
      ]);
      await client.query(`update releases set state = 'draft', updated_at = $2 where id = $1`, [
        ...[release.id, now],
      ]);
    }
    const signers = open
      ? []
      : round.steps.filter(({ decision }) => decision === 'passed').map(({ personId }) => personId);
    const told = {
      officeId: round.officeId,
      toPeople: [...new Set([...round.authors, ...signers])],
      text: open ? words.told.returned(task.stage, note) : words.told.foundAfter(task.stage, note),
    };
    await tellReturned(client, release, told, actor.id);
    await tellLive(client, { kind: 'release', officeId: round.officeId, releaseId: release.id });
    await appendAudit(client, {
      ...{ ...actor, officeId: round.officeId, role: grant.role },
      ...{ action: 'review-return', subject: `release:${release.id}` },
      after: {
        ...{ round: round.id, version: round.version, stage: task.stage, note, heldAs: grant.kind },
        roleOffice: grant.officeId,
      },
    });
  });
}

/**
 * Takes a release back from its reviews: a draft again, and what was passed is void.
 * @throws Refused `review-changed` when the round is over
 */
export async function takeBackRelease(
  store: Store,
  actor: Actor,
  { releaseId, roundId }: { releaseId: number; roundId: number },
  now: Date,
): Promise<void> {
  await transaction(store, async (client) => {
    const { round } = await hold(client, { releaseId, roundId });
    if (round.state !== 'open') throw new Refused('review-changed', words.changed);
    await client.query(`update review_rounds set state = 'taken-back', ended_at = $2 where id = $1`, [
      ...[roundId, now],
    ]);
    await client.query(`update releases set state = 'draft', updated_at = $2 where id = $1`, [
      releaseId,
      now,
    ]);
    await tellLive(client, { kind: 'release', officeId: round.officeId, releaseId });
    await appendAudit(client, {
      ...{ ...actor, officeId: round.officeId, action: 'review-take-back', subject: `release:${releaseId}` },
      after: { round: roundId, version: round.version },
    });
  });
}

/** Locks the release and then its round, as an edit does, and reads both. */
async function hold(
  client: Queryable,
  { releaseId, roundId }: { releaseId: number; roundId: number },
): Promise<{ round: ReviewRound; release: { id: number; title: string } }> {
  const found = await client.query<{ id: number; title: string }>(
    'select id, title from releases where id = $1 for update',
    [releaseId],
  );
  const [release] = found.rows;
  const locked = await client.query(
    'select from review_rounds where id = $1 and release_id = $2 for update',
    [roundId, releaseId],
  );
  const round = release && locked.rowCount === 1 ? await roundById(client, roundId) : null;
  if (!release || !round) throw new Refused('round-gone', words.gone);
  return { round, release };
}

/** @returns the role by which somebody decides @throws Refused why they do not */
function entitled(round: ReviewRound, stage: ReviewStage, personId: string, grants: readonly Grant[]): Grant {
  const walk = walkOf(round);
  const waiting = waitingStages(walk);
  if (waiting.length === 0) throw new Refused('review-changed', words.changed);
  if (!waiting.includes(stage)) throw new Refused('review-stage', words.notWaiting);
  const grant = grantFor(walk, stage, grants);
  switch (hindranceOf(walk, stage, personId, grants)) {
    case 'author':
      throw new Refused('review-author', words.author);
    case 'passed-before':
      throw new Refused('review-again', words.again);
    case 'role':
      throw new Refused('review-role', words.role);
    case null:
  }
  if (!grant) throw new Refused('review-role', words.role);
  return grant;
}

async function addStep(
  client: Queryable,
  actor: Actor,
  name: string,
  grant: Grant,
  round: ReviewRound,
  { stage, decision, note }: Omit<ReviewTask, 'releaseId'> & { decision: 'passed' | 'returned' },
  points: readonly ReviewPoint[],
  now: Date,
): Promise<void> {
  await client.query(
    `insert into review_steps (office_id, round_id, stage, decision, points, note, person_id, person_name, role, role_office_id,
       held_as, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[round.officeId, round.id, stage, decision, points, note],
      ...[actor.id, name, grant.role, grant.officeId, grant.kind, now],
    ],
  );
}

async function afterDue(client: Queryable, officeId: number, now: Date): Promise<Date> {
  const found = await client.query<{ hours: number }>(
    'select after_hours as hours from publishing_settings where office_id = $1',
    [officeId],
  );
  return new Date(now.getTime() + (found.rows[0]?.hours ?? AFTER_HOURS) * HOUR_MS);
}
