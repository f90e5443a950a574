import type { RuleSubject } from '../config/warning-rules.ts';
import type { Queryable } from './pool.ts';

/** Since when a rule holds for a subject, and when it last suggested something about it. */
export type KeptRuleState = {
  ruleId: number;
  kind: RuleSubject;
  key: string;
  holdsSince: Date | null;
  firedAt: Date | null;
};

const STATE = `select rule_id as "ruleId", subject_kind as kind, subject_key as key, holds_since as "holdsSince",
  fired_at as "firedAt" from rule_states where office_id = $1`;

/** The states of these subjects. */
export async function ruleStates(
  db: Queryable,
  officeId: number,
  subjects: readonly { kind: RuleSubject; key: string }[],
): Promise<KeptRuleState[]> {
  const found = await db.query<KeptRuleState>(
    `${STATE} and (subject_kind, subject_key) in (select * from unnest($2::text[], $3::text[]))`,
    [officeId, subjects.map(({ kind }) => kind), subjects.map(({ key }) => key)],
  );
  return found.rows;
}

/** Subjects of which some rule holds: time alone may make it heard. */
export async function subjectsHeld(
  db: Queryable,
  officeId: number,
): Promise<{ kind: RuleSubject; key: string }[]> {
  const found = await db.query<{ kind: RuleSubject; key: string }>(
    `select distinct subject_kind as kind, subject_key as key from rule_states
     where office_id = $1 and holds_since is not null`,
    [officeId],
  );
  return found.rows;
}

export async function keepRuleStates(
  db: Queryable,
  officeId: number,
  states: readonly KeptRuleState[],
): Promise<void> {
  if (states.length === 0) return;
  await db.query(
    `insert into rule_states (office_id, rule_id, subject_kind, subject_key, holds_since, fired_at)
     select $1, rule_id, kind, key, holds, fired
     from unnest($2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[]) as r (rule_id, kind, key, holds, fired)
     order by 2, 3, 4
     on conflict (rule_id, subject_kind, subject_key) do update set holds_since = excluded.holds_since,
       fired_at = excluded.fired_at`,
    [
      officeId,
      states.map(({ ruleId }) => ruleId),
      states.map(({ kind }) => kind),
      states.map(({ key }) => key),
      states.map(({ holdsSince }) => holdsSince),
      states.map(({ firedAt }) => firedAt),
    ],
  );
}

/** What no longer holds and whose cool-down is over in any case says nothing any more. */
export async function dropRuleStates(db: Queryable, before: Date): Promise<void> {
  await db.query(
    'delete from rule_states where holds_since is null and (fired_at is null or fired_at < $1)',
    [before],
  );
}
