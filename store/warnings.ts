import type { Level, SuggestedLevel } from '../config/warning-levels.ts';
import type { Queryable } from './pool.ts';
import type { Offices } from './scope.ts';
import type { WarningEvidence } from './warning-evidence.ts';

export const warningStates = [
  'suggested',
  'confirmed',
  'handling',
  'answered',
  'assessed',
  'lifted',
  'dismissed',
] as const;
export type WarningState = (typeof warningStates)[number];
/** Of a warning that is not over. */
export const openStates = ['suggested', 'confirmed', 'handling', 'answered', 'assessed'] as const;
export type OpenState = (typeof openStates)[number];

export function isOpen(state: WarningState): state is OpenState {
  return (openStates as readonly WarningState[]).includes(state);
}

export type Warning = {
  id: number;
  officeId: number;
  officeName: string;
  subjectKind: 'concern' | 'watch' | 'line' | 'office';
  subjectKey: string;
  concernId: number | null;
  title: string;
  suggestedLevel: SuggestedLevel;
  level: Level;
  state: WarningState;
  ruleId: number | null;
  ruleVersion: number | null;
  evidence: WarningEvidence;
  suggestedAt: Date;
  confirmedAt: Date | null;
  handlingAt: Date | null;
  answeredAt: Date | null;
  assessedAt: Date | null;
  liftedAt: Date | null;
  dismissedAt: Date | null;
  respondBy: Date | null;
  pressBy: Date | null;
  pressAt: Date | null;
  calmSince: Date | null;
  higherLevel: SuggestedLevel | null;
  higherEvidence: WarningEvidence | null;
  higherAt: Date | null;
  version: number;
};

const COLUMNS = `w.id, w.office_id as "officeId", o.name as "officeName", w.subject_kind as "subjectKind",
  w.subject_key as "subjectKey", w.concern_id as "concernId", w.title, w.suggested_level as "suggestedLevel", w.level, w.state,
  w.rule_id as "ruleId", w.rule_version as "ruleVersion", w.evidence, w.suggested_at as "suggestedAt",
  w.confirmed_at as "confirmedAt", w.handling_at as "handlingAt", w.answered_at as "answeredAt",
  w.assessed_at as "assessedAt", w.lifted_at as "liftedAt", w.dismissed_at as "dismissedAt", w.respond_by as "respondBy",
  w.press_by as "pressBy", w.press_at as "pressAt", w.calm_since as "calmSince", w.higher_level as "higherLevel",
  w.higher_evidence as "higherEvidence", w.higher_at as "higherAt", w.version`;
const FROM = 'from warnings w join offices o on o.id = w.office_id';
const GRAVEST = `array_position(array['red', 'orange', 'yellow', 'blue', 'green'], w.level)`;

/** Not over yet, the gravest and then the newest first. A board shows no more than so many. */
export const BOARD_MOST = 200;
export async function openWarnings(db: Queryable, offices: Offices, limit = BOARD_MOST): Promise<Warning[]> {
  const found = await db.query<Warning>(
    `select ${COLUMNS} ${FROM} where w.state not in ('lifted', 'dismissed') and ($1::int[] is null or w.office_id = any ($1))
     order by ${GRAVEST}, w.suggested_at desc, w.id desc limit $2`,
    [offices, Math.min(limit, BOARD_MOST)],
  );
  return found.rows;
}

/** How many are not over, by whether somebody has still to look at them. */
export async function countOpen(
  db: Queryable,
  offices: Offices,
): Promise<{ open: number; suggested: number }> {
  const found = await db.query<{ open: number; suggested: number }>(
    `select count(*)::int as open, count(*) filter (where state = 'suggested')::int as suggested
     from warnings where state not in ('lifted', 'dismissed') and ($1::int[] is null or office_id = any ($1))`,
    [offices],
  );
  return found.rows[0] ?? { open: 0, suggested: 0 };
}

/** Null when there is none within reach. */
export async function warningById(db: Queryable, id: number): Promise<Warning | null> {
  const found = await db.query<Warning>(`select ${COLUMNS} ${FROM} where w.id = $1`, [id]);
  return found.rows[0] ?? null;
}

export type ClosedWarning = Pick<
  Warning,
  'id' | 'officeName' | 'title' | 'level' | 'state' | 'suggestedAt' | 'confirmedAt'
> & { endedAt: Date; why: string };

export const ARCHIVE_PAGE = 50;

/**
 * What is over, the newest end first.
 * @param filter words that its title, its reason or the words of people hold; page counted from 1
 */
export async function closedWarnings(
  db: Queryable,
  offices: Offices,
  filter: { text: string; page: number },
): Promise<{ warnings: ClosedWarning[]; more: boolean }> {
  const found = await db.query<ClosedWarning>(
    `select w.id, o.name as "officeName", w.title, w.level, w.state, w.suggested_at as "suggestedAt",
       w.confirmed_at as "confirmedAt", coalesce(w.lifted_at, w.dismissed_at) as "endedAt", w.evidence->>'why' as why
     ${FROM} where w.state in ('lifted', 'dismissed') and ($1::int[] is null or w.office_id = any ($1))
       and ($2 = '' or strpos(lower(w.title || ' ' || coalesce(w.evidence->>'why', '')), lower($2)) > 0
         or exists (select from warning_steps s where s.warning_id = w.id and strpos(lower(s.text), lower($2)) > 0))
     order by coalesce(w.lifted_at, w.dismissed_at) desc, w.id desc limit ${ARCHIVE_PAGE + 1} offset $3`,
    [offices, filter.text, (Math.max(1, filter.page) - 1) * ARCHIVE_PAGE],
  );
  return { warnings: found.rows.slice(0, ARCHIVE_PAGE), more: found.rows.length > ARCHIVE_PAGE };
}

/** What may stand in the life of a warning; those that people do, and those of the program (store/migrations/0028). */
export type StepKind =
  | 'suggested'
  | 'raised-by-rule'
  | 'calm'
  | 'stirred'
  | 'confirmed'
  | 'level'
  | 'dismissed'
  | 'handling'
  | 'answered'
  | 'assessed'
  | 'lifted'
  | 'reopened'
  | 'note'
  | 'consultation'
  | 'check'
  | 'order'
  | 'order-done'
  | 'order-withdrawn'
  | 'press'
  | 'overdue'
  | 'escalated'
  | 'held'
  | 'released';

export type WarningStep = {
  id: number;
  kind: StepKind;
  fromLevel: Level | null;
  toLevel: Level | null;
  text: string | null;
  details: Readonly<Record<string, unknown>>;
  at: Date;
  /** Null: the program, or somebody of an office that is out of reach. */
  madeBy: string | null;
  byProgram: boolean;
};

/** The life of a warning, the newest step first; no more than three hundred. */
export async function stepsOf(db: Queryable, warningId: number): Promise<WarningStep[]> {
  const found = await db.query<WarningStep>(
    `select s.id, s.kind, s.from_level as "fromLevel", s.to_level as "toLevel", s.text, s.details, s.at, p.name as "madeBy",
       s.made_by is null as "byProgram"
     from warning_steps s left join people p on p.id = s.made_by where s.warning_id = $1 order by s.id desc limit 300`,
    [warningId],
  );
  return found.rows;
}

/** How much is being watched: what stands in the green column of a quiet day. */
export async function watchedNow(
  db: Queryable,
  offices: Offices,
): Promise<{ concerns: number; watches: number; sources: number }> {
  const found = await db.query<{ concerns: number; watches: number; sources: number }>(
    `select (select count(*) from concerns where asleep_at is null and merged_into is null and muted_at is null
         and ($1::int[] is null or office_id = any ($1)))::int as concerns,
       (select count(*) from watches where enabled and archived_at is null
         and ($1::int[] is null or office_id = any ($1)))::int as watches,
       (select count(*) from sources where enabled and ($1::int[] is null or office_id = any ($1)))::int as sources`,
    [offices],
  );
  return found.rows[0] ?? { concerns: 0, watches: 0, sources: 0 };
}
