import type { ReleaseType } from '../config/release-types.ts';
import {
  hindranceOf,
  LATE_HOURS,
  waitingStages,
  type ReviewFlow,
  type ReviewStage,
  type Walk,
} from '../config/review-rules.ts';
import type { Queryable } from './pool.ts';
import type { Grant, Offices } from './scope.ts';

const HOUR_MS = 3_600_000;
/** More than this wait nowhere at a time; the oldest are shown first. */
const MOST = 500;

/** A stage of a release that waits for somebody. */
export type WaitingReview = {
  releaseId: number;
  title: string;
  type: ReleaseType;
  officeName: string;
  flow: ReviewFlow;
  stage: ReviewStage;
  /** It is out already; this review follows. */
  after: boolean;
  since: Date;
  /** From then on it is late. */
  dueAt: Date;
  late: boolean;
};

type Row = Omit<Walk, 'passed'> & {
  releaseId: number;
  title: string;
  type: ReleaseType;
  officeName: string;
  since: Date;
  passed: { stage: ReviewStage; personId: string }[];
};

/** What waits in the offices: for this person, and for others; what is late first, then what is due first. */
export async function waitingReviews(
  db: Queryable,
  offices: Offices,
  person: { id: string; grants: readonly Grant[] },
  now: Date,
): Promise<{ mine: WaitingReview[]; others: WaitingReview[] }> {
  const found = await db.query<Row>(
    `select d.release_id as "releaseId", r.title, r.type, o.name as "officeName", d.office_id as "officeId", d.flow,
       d.superior_office_id as "superiorOfficeId", d.authors, d.state, d.waiting_since as since, d.after_due_at as "afterDueAt",
       coalesce((select json_agg(json_build_object('stage', s.stage, 'personId', s.person_id))
         from review_steps s where s.round_id = d.id and s.decision = 'passed'), '[]') as passed
     from review_rounds d join releases r on r.id = d.release_id join offices o on o.id = d.office_id
     where (d.state = 'open' or d.after_due_at is not null) and ($1::int[] is null or d.office_id = any ($1))
     order by d.waiting_since, d.id limit $2`,
    [offices, MOST],
  );
  const mine: WaitingReview[] = [];
  const others: WaitingReview[] = [];
  for (const row of found.rows) {
    for (const stage of waitingStages(row)) {
      const { releaseId, title, type, officeName, flow, since, afterDueAt } = row;
      const after = row.state === 'passed';
      const dueAt = (after && afterDueAt) || new Date(since.getTime() + LATE_HOURS[flow] * HOUR_MS);
      const waiting = { releaseId, title, type, officeName, flow, stage, after, since, dueAt };
      const list = hindranceOf(row, stage, person.id, person.grants) === null ? mine : others;
      list.push({ ...waiting, late: dueAt <= now });
    }
  }
  const order = (a: WaitingReview, b: WaitingReview) =>
    Number(b.late) - Number(a.late) || a.dueAt.getTime() - b.dueAt.getTime();
  return { mine: mine.toSorted(order), others: others.toSorted(order) };
}
