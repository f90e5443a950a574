import type { SuggestedLevel } from '../config/warning-levels.ts';
import { shippedRules, type Rule, type ShippedRule } from '../config/warning-rules.ts';
import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';

const words = messages.warningRules;

/** What people say of a rule; `rule` was checked before (config/warning-rules.ts). */
export type RuleDetails = { name: string; level: SuggestedLevel; rule: Rule };

export type WarningRule = RuleDetails & {
  id: number;
  officeId: number;
  officeName: string;
  /** Of those that ship with the program; null: made at the desk. */
  key: string | null;
  enabled: boolean;
  archivedAt: Date | null;
  version: number;
  changedAt: Date;
  /** Null: as it ships with the program, or somebody of an office that is out of reach. */
  changedBy: string | null;
};

const RULE = `select r.id, r.office_id as "officeId", o.name as "officeName", r.key, r.name, r.level, r.rule, r.enabled,
    r.archived_at as "archivedAt", r.version, r.changed_at as "changedAt", p.name as "changedBy"
  from warning_rules r join offices o on o.id = r.office_id left join people p on p.id = r.changed_by`;
const GRAVEST = `array_position(array['red', 'orange', 'yellow', 'blue'], r.level)`;
/** A list holds no more than so many. */
const LISTED = 300;

/** The rules of offices, the gravest first; archived ones only where asked for. */
export async function listRules(db: Queryable, offices: Offices, archived = false): Promise<WarningRule[]> {
  const found = await db.query<WarningRule>(
    `${RULE} where ($1::int[] is null or r.office_id = any ($1)) and (r.archived_at is not null) = $2
     order by o.code, ${GRAVEST}, r.id limit ${LISTED}`,
    [offices, archived],
  );
  return found.rows;
}

/** Null when there is none within reach. */
export async function ruleById(db: Queryable, id: number): Promise<WarningRule | null> {
  const found = await db.query<WarningRule>(`${RULE} where r.id = $1`, [id]);
  return found.rows[0] ?? null;
}

/** The rules by which an office is judged. */
export async function activeRules(
  db: Queryable,
  officeId: number,
): Promise<(RuleDetails & { id: number; version: number })[]> {
  const found = await db.query<RuleDetails & { id: number; version: number }>(
    `select r.id, r.version, r.name, r.level, r.rule from warning_rules r
     where r.office_id = $1 and r.enabled and r.archived_at is null order by ${GRAVEST}, r.id`,
    [officeId],
  );
  return found.rows;
}

/** Offices that have something to judge by rules: posts of the last days, or a warning that is not over. */
export async function officesToJudge(db: Queryable): Promise<number[]> {
  const found = await db.query<{ id: number }>(
    `select o.id from offices o
     where exists (select from warning_rules r where r.office_id = o.id and r.enabled and r.archived_at is null)
       and (exists (select from pulse p where p.office_id = o.id and p.hour > now() - interval '8 days')
         or exists (select from warnings w where w.office_id = o.id and w.state not in ('lifted', 'dismissed')))
     order by o.id`,
  );
  return found.rows.map(({ id }) => id);
}

export type RuleVersion = RuleDetails & {
  version: number;
  enabled: boolean;
  archived: boolean;
  madeAt: Date;
  madeBy: string | null;
};

const VERSION = `select v.version, v.name, v.level, v.rule, v.enabled, v.archived, v.made_at as "madeAt", p.name as "madeBy"
  from warning_rule_versions v left join people p on p.id = v.made_by`;

/** The versions of a rule, the newest first; no more than a hundred. */
export async function ruleVersions(db: Queryable, id: number): Promise<RuleVersion[]> {
  const found = await db.query<RuleVersion>(
    `${VERSION} where v.rule_id = $1 order by v.version desc limit 100`,
    [id],
  );
  return found.rows;
}

/** Adds a rule. @throws Refused `rule-name` when the office has one of this name */
export async function addRule(
  store: Store,
  actor: Actor,
  officeId: number,
  details: RuleDetails,
): Promise<number> {
  return transaction(store, async (client) => {
    await refuseName(client, officeId, details.name, null);
    const { name, level, rule } = details;
    const made = await client.query<{ id: number }>(
      'insert into warning_rules (office_id, name, level, rule, changed_by) values ($1, $2, $3, $4, $5) returning id',
      [officeId, name, level, rule, actor.id],
    );
    const { id } = made.rows[0] as { id: number };
    await keepVersion(client, id);
    const act = { ...actor, officeId, action: 'warning-rule-add', subject: `warning-rule:${id}` };
    await appendAudit(client, { ...act, after: { ...details, enabled: true, archived: false } });
    return id;
  });
}

/** What a rule says, and whether it is heard. */
type Standing = RuleDetails & { enabled: boolean; archived: boolean };

/**
 * Changes a rule into its next version. Warnings keep the words of the version that raised them.
 * @param seen the version that the change is made to
 * @returns the version that it is now
 * @throws Refused `rule-gone`; `rule-changed` when somebody else has changed it meanwhile; `rule-name`
 */
export async function changeRule(
  store: Store,
  actor: Actor,
  id: number,
  seen: number,
  change: Partial<Standing>,
): Promise<number> {
  return transaction(store, async (client) => {
    const held = await hold(client, id, seen);
    return moveOn(client, actor, id, held, { ...held.standing, ...change });
  });
}

/** Says what an earlier version said, as the next version. @throws Refused as `changeRule` */
export async function restoreRule(
  store: Store,
  actor: Actor,
  id: number,
  seen: number,
  version: number,
): Promise<number> {
  return transaction(store, async (client) => {
    const held = await hold(client, id, seen);
    const found = await client.query<RuleVersion>(
      `${VERSION} where v.rule_id = $1 and v.version = $2 and v.version < $3`,
      [id, version, seen],
    );
    const [before] = found.rows;
    if (!before) throw new Refused('rule-gone', words.gone);
    const { name, level, rule, enabled, archived } = before;
    return moveOn(client, actor, id, held, { name, level, rule, enabled, archived });
  });
}

/** Says what it says as it ships. @throws Refused as `changeRule`; `rule-not-shipped` of one that was made at the desk */
export async function resetRule(store: Store, actor: Actor, id: number, seen: number): Promise<number> {
  return transaction(store, async (client) => {
    const held = await hold(client, id, seen);
    const shipped = shippedRules.find(({ key }) => key === held.key);
    if (!shipped) throw new Refused('rule-not-shipped', words.notShipped);
    const { name, level, rule } = shipped;
    return moveOn(client, actor, id, held, { name, level, rule, enabled: true, archived: false });
  });
}

type Held = { officeId: number; key: string | null; version: number; standing: Standing };

/** Locks a rule for the rest of the transaction. */
async function hold(client: Queryable, id: number, seen: number): Promise<Held> {
  const found = await client.query<Standing & { officeId: number; key: string | null; version: number }>(
    `select office_id as "officeId", key, version, name, level, rule, enabled, archived_at is not null as archived
     from warning_rules where id = $1 for update`,
    [id],
  );
  const [row] = found.rows;
  if (!row) throw new Refused('rule-gone', words.gone);
  const { officeId, key, version, ...standing } = row;
  if (version !== seen) throw new Refused('rule-changed', words.changed);
  return { officeId, key, version, standing };
}

async function moveOn(
  client: Parameters<typeof appendAudit>[0],
  actor: Actor,
  id: number,
  { officeId, version, standing }: Held,
  next: Standing,
): Promise<number> {
  const { name, level, rule, enabled, archived } = next;
  if (!archived) await refuseName(client, officeId, name, id);
  await client.query(
    `update warning_rules set name = $2, level = $3, rule = $4, enabled = $5,
       archived_at = case when $6 then coalesce(archived_at, now()) end, version = version + 1, changed_at = now(), changed_by = $7
     where id = $1`,
    [id, name, level, rule, enabled, archived, actor.id],
  );
  await keepVersion(client, id);
  // Since when something else held is of no use to what it says now.
  await client.query('update rule_states set holds_since = null where rule_id = $1', [id]);
  await appendAudit(client, {
    ...{ ...actor, officeId, action: 'warning-rule-change', subject: `warning-rule:${id}` },
    before: standing,
    after: next,
  });
  return version + 1;
}

async function keepVersion(client: Queryable, id: number): Promise<void> {
  await client.query(
    `insert into warning_rule_versions (office_id, rule_id, version, name, level, rule, enabled, archived, made_at, made_by)
     select office_id, id, version, name, level, rule, enabled, archived_at is not null, changed_at, changed_by
     from warning_rules where id = $1`,
    [id],
  );
}

async function refuseName(
  client: Queryable,
  officeId: number,
  name: string,
  id: number | null,
): Promise<void> {
  const found = await client.query(
    'select 1 from warning_rules where office_id = $1 and name = $2 and archived_at is null and id is distinct from $3',
    [officeId, name, id],
  );
  if (found.rowCount !== 0) throw new Refused('rule-name', words.nameTaken);
}

/**
 * Gives offices the rules that ship with the program, those of them that they have never had: what somebody has changed or
 * archived stays as it is.
 * @param officeId null: every office there is
 */
export async function ensureRules(
  store: Store,
  officeId: number | null,
  shipped: readonly ShippedRule[] = shippedRules,
): Promise<void> {
  const missing = await store.query(
    `select 1 from offices o where ($1::int is null or o.id = $1)
       and (select count(*) from warning_rules r where r.office_id = o.id and r.key = any ($2::text[])) < $3 limit 1`,
    [officeId, shipped.map(({ key }) => key), shipped.length],
  );
  if (missing.rowCount === 0) return;
  await transaction(store, async (client) => {
    for (const { key, name, level, rule } of shipped) {
      const made = await client.query<{ id: number }>(
        `insert into warning_rules (office_id, key, name, level, rule)
         select o.id, $2, $3, $4, $5 from offices o where ($1::int is null or o.id = $1)
         on conflict (office_id, key) do nothing returning id`,
        [officeId, key, name, level, rule],
      );
      if (made.rows.length === 0) continue;
      await client.query(
        `insert into warning_rule_versions (office_id, rule_id, version, name, level, rule, enabled, archived, made_at, made_by)
         select office_id, id, version, name, level, rule, enabled, archived_at is not null, changed_at, changed_by
         from warning_rules where id = any ($1::int[])`,
        [made.rows.map(({ id }) => id)],
      );
    }
  });
}
