import {
  officeOfStage,
  stageRules,
  waitingStages,
  type ReviewStage,
  type Walk,
} from '../config/review-rules.ts';
import type { GrantKind, Role } from '../config/access/roles.ts';
import { messages } from './messages.ts';
import { requestNotice } from './notice-requests.ts';
import type { Queryable } from './pool.ts';
import { HELD_NOW } from './role-grants.ts';

const words = messages.releaseReviews.told;

/** Somebody who can pass a stage now. */
export type Reviewer = { id: string; name: string; role: Role; kind: GrantKind };

/**
 * Who can pass a stage now: they hold a role for it, have not written the version and passed nothing else of the round. People
 * of an office out of reach are not found: `null` says that they cannot be known from here.
 */
export async function reviewersFor(
  client: Queryable,
  walk: Walk,
  stage: ReviewStage,
): Promise<Reviewer[] | null> {
  const office = officeOfStage(walk, stage);
  const found = await client.query<Reviewer & { reach: boolean }>(
    `select distinct on (p.name, p.id) p.id, p.name, g.role, g.kind
     from role_grants g join people p on p.id = g.person_id and p.disabled_at is null
     where g.office_id = $1 and g.role = any ($2) and ${HELD_NOW} and p.id <> all ($3)
     order by p.name, p.id, g.kind = 'delegate', g.kind = 'deputy'`,
    [office, stageRules[stage].roles, [...walk.authors, ...walk.passed.map(({ personId }) => personId)]],
  );
  if (found.rows.length > 0 || office === walk.officeId) return found.rows;
  const seen = await client.query<{ seen: boolean }>(
    'select every_office_in_scope() or $1 in (select * from offices_in_scope()) as seen',
    [office],
  );
  return seen.rows[0]?.seen ? [] : null;
}

type About = { id: number; title: string };

/** Tells those who can pass what waits now that it does; where nobody can, those who look after the office are told. */
export async function askForReview(
  client: Queryable,
  { id, title }: About,
  walk: Walk,
  actedBy: string,
): Promise<void> {
  for (const stage of waitingStages(walk)) {
    const reviewers = await reviewersFor(client, walk, stage);
    const people = reviewers?.map((reviewer) => reviewer.id) ?? [];
    await requestNotice(client, {
      ...{ officeId: officeOfStage(walk, stage), kind: 'review-asked', warningId: null },
      ...{
        level: walk.flow === 'urgent' ? 'orange' : 'blue',
        subject: `release:${id}:${stage}`,
        title: titled(title),
      },
      text: reviewers?.length === 0 ? words.nobody(stage) : words.asked(stage),
      ...{ path: `/releases/${id}/review`, actedBy },
      ...(people.length > 0 ? { toPeople: people } : { toRoles: stageRules[stage].roles }),
    });
  }
}

/** Tells the authors that it came back, and why. */
export async function tellReturned(
  client: Queryable,
  { id, title }: About,
  { officeId, toPeople, text }: { officeId: number; toPeople: readonly string[]; text: string },
  actedBy: string,
): Promise<void> {
  await requestNotice(client, {
    ...{ officeId, kind: 'review-returned', warningId: null, level: 'yellow', subject: `release:${id}` },
    ...{ title: titled(title), text, path: `/releases/${id}/review`, actedBy, toPeople },
  });
}

/** A notice has to be called something. */
export function titled(title: string): string {
  return title.trim() || words.untitled;
}
