import { levels, shippedLevels, type Level, type LevelDetails } from '../config/warning-levels.ts';
import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

const words = messages.warnings;

/** How an office handles a level; version 0: as it ships. */
export type OfficeLevel = LevelDetails & {
  level: Level;
  version: number;
  changedAt: Date | null;
  changedBy: string | null;
};

const DETAILS = `shows, tier, measures, procedure, reporting, respond_hours as "respondHours", press_hours as "pressHours"`;

/** The five levels of an office in order: what it has changed, and for the rest what ships. */
export async function levelsOf(db: Queryable, officeId: number): Promise<OfficeLevel[]> {
  const found = await db.query<OfficeLevel>(
    `select l.level, ${DETAILS}, l.version, l.changed_at as "changedAt", p.name as "changedBy"
     from warning_levels l left join people p on p.id = l.changed_by where l.office_id = $1`,
    [officeId],
  );
  return levels.map(
    (level) =>
      found.rows.find((row) => row.level === level) ?? {
        ...{ level, version: 0, changedAt: null, changedBy: null },
        ...shippedLevels[level],
      },
  );
}

/** One level of an office, as it stands now. */
export async function levelOf(db: Queryable, officeId: number, level: Level): Promise<LevelDetails> {
  const found = await db.query<LevelDetails>(
    `select ${DETAILS} from warning_levels where office_id = $1 and level = $2`,
    [officeId, level],
  );
  return found.rows[0] ?? shippedLevels[level];
}

export type LevelVersion = LevelDetails & { version: number; madeAt: Date; madeBy: string | null };

/** What an office has said of a level, the newest first; no more than fifty. */
export async function levelVersions(db: Queryable, officeId: number, level: Level): Promise<LevelVersion[]> {
  const found = await db.query<LevelVersion>(
    `select ${DETAILS}, v.version, v.made_at as "madeAt", p.name as "madeBy"
     from warning_level_versions v left join people p on p.id = v.made_by
     where v.office_id = $1 and v.level = $2 order by v.version desc limit 50`,
    [officeId, level],
  );
  return found.rows;
}

/**
 * Says how an office handles a level from now on. Clocks that already run go on as they were set.
 * @param seen the version that the change is made to; 0: what ships
 * @throws Refused `level-changed` when somebody else was faster
 */
export async function changeLevel(
  store: Store,
  actor: Actor,
  officeId: number,
  level: Level,
  seen: number,
  details: LevelDetails,
): Promise<void> {
  await transaction(store, async (client) => {
    const before = await levelOf(client, officeId, level);
    const { shows, tier, measures, procedure, reporting, respondHours, pressHours } = details;
    const values = [officeId, level, shows, tier, measures, procedure, reporting, respondHours, pressHours];
    const changed = await client.query(
      seen === 0
        ? `insert into warning_levels (office_id, level, shows, tier, measures, procedure, reporting, respond_hours,
             press_hours, changed_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`
        : `update warning_levels set shows = $3, tier = $4, measures = $5, procedure = $6, reporting = $7,
             respond_hours = $8, press_hours = $9, changed_by = $10, changed_at = now(), version = version + 1
           where office_id = $1 and level = $2 and version = $11`,
      [...values, actor.id, ...(seen === 0 ? [] : [seen])],
    );
    if (changed.rowCount !== 1) throw new Refused('level-changed', words.levelChanged);
    await client.query(
      `insert into warning_level_versions
       select office_id, level, version, shows, tier, measures, procedure, reporting, respond_hours, press_hours,
         changed_at, changed_by from warning_levels where office_id = $1 and level = $2`,
      [officeId, level],
    );
    await appendAudit(client, {
      ...{
        ...actor,
        officeId,
        action: 'warning-level-change',
        subject: `warning-level:${officeId}:${level}`,
      },
      ...{ before, after: details },
    });
  });
}
