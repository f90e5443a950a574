import type { Level, SuggestedLevel } from '../config/warning-levels.ts';
import type { RuleSubject } from '../config/warning-rules.ts';
import { tellLive } from './live.ts';
import { requestNotice } from './notice-requests.ts';
import type { Queryable } from './pool.ts';
import type { WarningEvidence } from './warning-evidence.ts';

/** What there is of warnings about a subject: the one that is not over, and the end of the last one that is. */
export type WarningStanding = {
  kind: RuleSubject;
  key: string;
  open: {
    id: number;
    level: Level;
    higher: SuggestedLevel | null;
    ruleId: number | null;
    calmSince: Date | null;
  } | null;
  closed: { at: Date; level: Level } | null;
};

type StandingRow = {
  kind: RuleSubject;
  key: string;
  id: number;
  level: Level;
  higher: SuggestedLevel | null;
  ruleId: number | null;
  calmSince: Date | null;
  endedAt: Date | null;
};

/** Of each subject that was ever warned about the open warning and the one that ended last. */
export async function standingOf(
  db: Queryable,
  officeId: number,
  subjects: readonly { kind: RuleSubject; key: string }[],
): Promise<WarningStanding[]> {
  const found = await db.query<StandingRow>(
    `select distinct on (subject_kind, subject_key, state in ('lifted', 'dismissed')) subject_kind as kind, subject_key as key,
       id, level, higher_level as higher, rule_id as "ruleId", calm_since as "calmSince",
       case when state in ('lifted', 'dismissed') then coalesce(lifted_at, dismissed_at, suggested_at) end as "endedAt"
     from warnings
     where office_id = $1 and (subject_kind, subject_key) in (select * from unnest($2::text[], $3::text[]))
     order by subject_kind, subject_key, state in ('lifted', 'dismissed'), coalesce(lifted_at, dismissed_at, suggested_at) desc`,
    [officeId, subjects.map(({ kind }) => kind), subjects.map(({ key }) => key)],
  );
  const standing = new Map<string, WarningStanding>();
  for (const { kind, key, endedAt, id, level, higher, ruleId, calmSince } of found.rows) {
    const of = `${kind}:${key}`;
    const one = standing.get(of) ?? { kind, key, open: null, closed: null };
    standing.set(of, one);
    if (endedAt) one.closed = { at: endedAt, level };
    else one.open = { id, level, higher, ruleId, calmSince };
  }
  return [...standing.values()];
}

/** What an office has warnings about that are not over. */
export async function openSubjects(
  db: Queryable,
  officeId: number,
): Promise<{ kind: RuleSubject; key: string }[]> {
  const found = await db.query<{ kind: RuleSubject; key: string }>(
    `select subject_kind as kind, subject_key as key from warnings
     where office_id = $1 and state not in ('lifted', 'dismissed')`,
    [officeId],
  );
  return found.rows;
}

/** A concern with a warning that is not over, and in which concerns the posts are now that the warning shows; null: in none. */
export type WarnedConcern = { key: string; now: (string | null)[] };

/** Concerns of an office with a warning that is not over, the oldest warning first. */
export async function warnedConcerns(db: Queryable, officeId: number): Promise<WarnedConcern[]> {
  const found = await db.query<WarnedConcern>(
    `select w.subject_key as key, array(
       select m.concern_id::text from jsonb_array_elements(w.evidence -> 'posts') p
       left join concern_posts m on m.post_id = (p ->> 'id')::bigint) as now
     from warnings w where w.office_id = $1 and w.subject_kind = 'concern' and w.${OPEN} order by w.id`,
    [officeId],
  );
  return found.rows;
}

const OPEN = "state not in ('lifted', 'dismissed')";

export type Suggestion = {
  officeId: number;
  subject: { kind: RuleSubject; key: string };
  title: string;
  level: SuggestedLevel;
  ruleId: number;
  ruleVersion: number;
  evidence: WarningEvidence;
  at: Date;
};

/**
 * Suggests a warning: row, first step, notice, and news for open pages, in the transaction of the caller.
 * @returns its id; null where the subject has an open one by now
 */
export async function suggestWarning(client: Queryable, suggestion: Suggestion): Promise<number | null> {
  const { officeId, subject, title, level, ruleId, ruleVersion, evidence, at } = suggestion;
  const made = await client.query<{ id: number }>(
    `insert into warnings (office_id, subject_kind, subject_key, concern_id, title, suggested_level, level, rule_id, rule_version,
       evidence, suggested_at)
     values ($1, $2::text, $3::text, case when $2::text = 'concern' then $3::text::bigint end, $4, $5, $5, $6, $7, $8, $9)
     on conflict (office_id, subject_kind, subject_key) where state not in ('lifted', 'dismissed') do nothing returning id`,
    [officeId, subject.kind, subject.key, title, level, ruleId, ruleVersion, evidence, at],
  );
  const id = made.rows[0]?.id;
  if (id === undefined) return null;
  await step(client, officeId, id, 'suggested', at, {
    toLevel: level,
    text: evidence.why,
    ruleId,
    ruleVersion,
  });
  await requestNotice(client, { officeId, kind: 'suggested', warningId: id, level, text: evidence.why });
  await tellLive(client, { kind: 'warning', officeId, warningId: id });
  return id;
}

/** A rule says more than the level at which a warning stands: a person decides about it. The level itself stays. */
export async function suggestHigher(
  client: Queryable,
  warning: { id: number; officeId: number; level: Level },
  { level, evidence, at, ruleId, ruleVersion }: Omit<Suggestion, 'officeId' | 'subject' | 'title'>,
): Promise<void> {
  const { id, officeId } = warning;
  const raised = await client.query(
    `update warnings set higher_level = $2, higher_evidence = $3, higher_at = $4, calm_since = null where id = $1 and ${OPEN}`,
    [id, level, evidence, at],
  );
  // Somebody may just have ended it.
  if (raised.rowCount === 0) return;
  const levels = { fromLevel: warning.level, toLevel: level };
  await step(client, officeId, id, 'raised-by-rule', at, {
    ...levels,
    text: evidence.why,
    ruleId,
    ruleVersion,
  });
  await requestNotice(client, { officeId, kind: 'raised', warningId: id, level, text: evidence.why });
  await tellLive(client, { kind: 'warning', officeId, warningId: id });
}

/** The numbers say that it is over, or that it has come back. */
export async function turnWarning(
  client: Queryable,
  { id, officeId }: { id: number; officeId: number },
  turn: 'calm' | 'stirred',
  at: Date,
): Promise<void> {
  const turned = await client.query(`update warnings set calm_since = $2 where id = $1 and ${OPEN}`, [
    id,
    turn === 'calm' ? at : null,
  ]);
  if (turned.rowCount === 0) return;
  await step(client, officeId, id, turn, at, {});
  await tellLive(client, { kind: 'warning', officeId, warningId: id });
}

type StepSays = { fromLevel?: Level; toLevel?: Level; text?: string; ruleId?: number; ruleVersion?: number };

async function step(
  client: Queryable,
  officeId: number,
  warningId: number,
  kind: 'suggested' | 'raised-by-rule' | 'calm' | 'stirred',
  at: Date,
  { fromLevel, toLevel, text, ...details }: StepSays,
): Promise<void> {
  await client.query(
    `insert into warning_steps (office_id, warning_id, kind, from_level, to_level, text, details, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [officeId, warningId, kind, fromLevel ?? null, toLevel ?? null, text ?? null, details, at],
  );
}

/**
 * Posts are about to go for good: their words leave the evidence of warnings, at once. That a post was there, where and when,
 * remains. For `forgetPosts`.
 */
export async function leaveEvidence(
  client: Queryable,
  officeId: number,
  postIds: readonly number[],
): Promise<void> {
  for (const column of ['evidence', 'higher_evidence']) {
    await client.query(
      `update warnings w set ${column} = jsonb_set(w.${column}, '{posts}', (
         select jsonb_agg(case when (p ->> 'id')::bigint = any ($2::bigint[]) then jsonb_set(p, '{excerpt}', 'null') else p end order by n)
         from jsonb_array_elements(w.${column} -> 'posts') with ordinality as e (p, n)))
       where w.office_id = $1 and exists (
         select from jsonb_array_elements(w.${column} -> 'posts') p
         where (p ->> 'id')::bigint = any ($2::bigint[]) and p ->> 'excerpt' is not null)`,
      [officeId, postIds],
    );
  }
}
