import type { GrantKind, Role } from '../config/access/roles.ts';
import type { ReleaseContent } from '../config/release-content.ts';
import type { ReviewFlow, ReviewPoint, ReviewStage, Walk } from '../config/review-rules.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { readContent } from './release-content.ts';

export type ReviewStep = {
  id: number;
  stage: ReviewStage;
  decision: 'passed' | 'returned';
  points: ReviewPoint[];
  note: string;
  personId: string;
  /** As they were called then. */
  personName: string;
  role: Role;
  roleOfficeId: number;
  roleOfficeName: string;
  heldAs: GrantKind;
  at: Date;
};

export type RoundState = 'open' | 'passed' | 'returned' | 'edited' | 'taken-back';
export type ReviewRound = {
  id: number;
  releaseId: number;
  officeId: number;
  /** The version that is reviewed, and the SHA-256 of what it holds. */
  version: number;
  hash: string;
  flow: ReviewFlow;
  superiorOfficeId: number | null;
  superiorOfficeName: string | null;
  submittedById: string;
  /** Null: somebody of an office that is out of reach. */
  submittedBy: string | null;
  submittedAt: Date;
  note: string;
  authors: string[];
  state: RoundState;
  waitingSince: Date;
  endedAt: Date | null;
  /** Until when the other reviews of an urgent one are due; null: none are owed. */
  afterDueAt: Date | null;
  steps: ReviewStep[];
};

/** Steps of a round as JSON, the first one first. */
const STEPS = `coalesce((select json_agg(json_build_object('id', s.id, 'stage', s.stage, 'decision', s.decision, 'points', s.points,
    'note', s.note, 'personId', s.person_id, 'personName', s.person_name, 'role', s.role, 'roleOfficeId', s.role_office_id,
    'roleOfficeName', so.name, 'heldAs', s.held_as, 'at', s.at) order by s.id)
  from review_steps s join offices so on so.id = s.role_office_id where s.round_id = d.id), '[]') as steps`;

const COLUMNS = `d.id, d.release_id as "releaseId", d.office_id as "officeId", d.version, d.hash, d.flow,
  d.superior_office_id as "superiorOfficeId", u.name as "superiorOfficeName", d.submitted_by as "submittedById",
  p.name as "submittedBy", d.submitted_at as "submittedAt", d.note, d.authors, d.state, d.waiting_since as "waitingSince",
  d.ended_at as "endedAt", d.after_due_at as "afterDueAt", ${STEPS}`;
const FROM = `from review_rounds d left join offices u on u.id = d.superior_office_id left join people p on p.id = d.submitted_by`;

type Row = Omit<ReviewRound, 'steps'> & { steps: (Omit<ReviewStep, 'at'> & { at: string })[] };

function read(row: Row): ReviewRound {
  return { ...row, steps: row.steps.map((step) => ({ ...step, at: new Date(step.at) })) };
}

/** The walks of a release through its reviews, the newest first. */
export async function roundsOf(db: Queryable, releaseId: number, limit = 50): Promise<ReviewRound[]> {
  const found = await db.query<Row>(
    `select ${COLUMNS} ${FROM} where d.release_id = $1 order by d.id desc limit $2`,
    [releaseId, Math.min(limit, 200)],
  );
  return found.rows.map(read);
}

export async function roundById(db: Queryable, id: number): Promise<ReviewRound | null> {
  const found = await db.query<Row>(`select ${COLUMNS} ${FROM} where d.id = $1`, [id]);
  const [row] = found.rows;
  return row ? read(row) : null;
}

/** What a round reviewed. @returns null: there is no such round within reach */
export async function contentOfRound(db: Queryable, id: number): Promise<ReleaseContent | null> {
  const found = await db.query<{ content: ReleaseContent }>(
    'select content from review_rounds where id = $1',
    [id],
  );
  const [row] = found.rows;
  return row ? readContent(row.content) : null;
}

/** A round as the rules look at it. */
export function walkOf(round: Omit<Walk, 'passed'> & Pick<ReviewRound, 'steps'>): Walk {
  return { ...round, passed: round.steps.filter(({ decision }) => decision === 'passed') };
}

/**
 * Ends what reviews have said about a text that is not there any more: the open round, and an approval that was not used yet.
 * Runs in the transaction that changes the text, which has the release locked.
 */
export async function endRound(client: Queryable, releaseId: number, why: 'edited'): Promise<void> {
  await client.query(
    `update review_rounds set state = $2, ended_at = now(), after_due_at = null
     where release_id = $1 and (state = 'open' or state = 'passed'
       and id = (select max(id) from review_rounds where release_id = $1)
       and not exists (select from deliveries v where v.release_id = $1 and v.version = review_rounds.version and v.state = 'published'))`,
    [releaseId, why],
  );
}

/** Writes down that somebody took the approval form of a round along. */
export async function auditApprovalForm(
  store: Store,
  actor: Actor,
  { id, releaseId, officeId, version }: Pick<ReviewRound, 'id' | 'releaseId' | 'officeId' | 'version'>,
): Promise<void> {
  await transaction(store, (client) =>
    appendAudit(client, {
      ...{ ...actor, officeId, action: 'review-form-export', subject: `release:${releaseId}` },
      after: { round: id, version },
    }),
  );
}
