import type { PoolClient } from 'pg';
import { Refused } from '../config/errors.ts';
import type { Level } from '../config/warning-levels.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { requestNotice, type NoticeKind } from './notice-requests.ts';
import { acknowledgeWarning } from './notices.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { StepKind, WarningState } from './warnings.ts';

const words = messages.warnings;
export const HOUR = 3_600_000;

export const LONGEST_REASON = 500;
export const LONGEST_TEXT = 1_000;
export const LONGEST_PARTIES = 100;

/** A warning locked for the rest of a transaction. */
export type HeldWarning = {
  id: number;
  officeId: number;
  title: string;
  level: Level;
  state: WarningState;
  confirmedAt: Date | null;
  respondBy: Date | null;
  endedAt: Date | null;
  version: number;
};

/**
 * Locks a warning that a person acts on.
 * @param seen the version that they have seen; null: the act changes nothing that another could have changed
 * @throws Refused `warning-gone`, `warning-changed`; `warning-state` when it is in none of these states
 */
export async function holdWarning(
  client: Queryable,
  id: number,
  seen: number | null,
  from: readonly WarningState[],
): Promise<HeldWarning> {
  const found = await client.query<HeldWarning>(
    `select id, office_id as "officeId", title, level, state, confirmed_at as "confirmedAt", respond_by as "respondBy",
       coalesce(lifted_at, dismissed_at) as "endedAt", version
     from warnings where id = $1 for update`,
    [id],
  );
  const [warning] = found.rows;
  if (!warning) throw new Refused('warning-gone', words.gone);
  if (seen !== null && warning.version !== seen) throw new Refused('warning-changed', words.changed);
  if (!from.includes(warning.state)) {
    throw new Refused('warning-state', words.notNow(words.states[warning.state]));
  }
  return warning;
}

export type Step = {
  kind: StepKind;
  from?: Level;
  to?: Level;
  text?: string | null;
  details?: Readonly<Record<string, unknown>>;
};

/** Adds to the life of a warning. @param by null: the program */
export async function addStep(
  client: Queryable,
  { id, officeId }: { id: number; officeId: number },
  { kind, from, to, text = null, details = {} }: Step,
  at: Date,
  by: string | null,
): Promise<void> {
  await client.query(
    `insert into warning_steps (office_id, warning_id, kind, from_level, to_level, text, details, at, made_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [officeId, id, kind, from ?? null, to ?? null, text, details, at, by],
  );
}

/** What an act does beside its step: an update of the row, and who is told. */
export type Outcome = {
  step: Step;
  told?: { kind: NoticeKind; text: string; above?: boolean; level?: Level };
};

/** Runs an act of a person: lock, change, step, audit entry, notice and the word to open pages in one transaction. */
export async function act(
  store: Store,
  actor: Actor,
  id: number,
  seen: number | null,
  from: readonly WarningState[],
  now: Date,
  work: (client: PoolClient, warning: HeldWarning) => Promise<Outcome>,
): Promise<void> {
  await transaction(store, async (client) => {
    const warning = await holdWarning(client, id, seen, from);
    const { step, told } = await work(client, warning);
    await addStep(client, warning, step, now, actor.id);
    // Whoever acts on it has seen what was told of it.
    await acknowledgeWarning(client, actor, id, now);
    if (told) await tell(client, warning, told, actor.id);
    await tellLive(client, { kind: 'warning', officeId: warning.officeId, warningId: id });
    const { kind, from: fromLevel, to, text, details } = step;
    await appendAudit(client, {
      ...{ ...actor, officeId: warning.officeId, action: `warning-${kind}`, subject: `warning:${id}` },
      ...{ before: { state: warning.state, level: warning.level } },
      ...{ after: { from: fromLevel, to, text, ...details } },
    });
  });
}

async function tell(
  client: Queryable,
  { id, officeId, level }: HeldWarning,
  { kind, text, above = false, level: now = level }: NonNullable<Outcome['told']>,
  actedBy: string,
): Promise<void> {
  const request = { kind, warningId: id, level: now, text, actedBy };
  await requestNotice(client, { ...request, officeId });
  const parent = above ? await officeAbove(client, officeId) : null;
  if (parent !== null) await requestNotice(client, { ...request, officeId: parent });
}

/** The office directly above; null for the highest. */
export async function officeAbove(client: Queryable, officeId: number): Promise<number | null> {
  const found = await client.query<{ parent: number | null }>(
    'select parent_id as parent from offices where id = $1',
    [officeId],
  );
  return found.rows[0]?.parent ?? null;
}

/** @throws Refused `warning-reason` for none or one too long */
export function reasoned(text: string, most = LONGEST_REASON, says = words.reason): string {
  const plain = text.trim();
  if (plain === '' || [...plain].length > most) throw new Refused('warning-reason', says);
  return plain;
}

export const until = (now: Date, hours: number | null) =>
  hours === null ? null : new Date(now.getTime() + hours * HOUR);
