import type { PoolClient } from 'pg';
import { Refused } from '../config/errors.ts';
import { shippedTemplates } from '../config/release-templates.ts';
import type { Channel, ReleaseType } from '../config/release-types.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { releaseTemplate } from './release-templates.ts';
import { createRelease, type ReleaseState } from './releases.ts';
import type { Offices } from './scope.ts';

const words = messages.series;

/** What recurs: on which days, at which minute of the day in Asia/Shanghai, and what begins there. */
export type SeriesPlan = {
  name: string;
  type: ReleaseType;
  /** Null: the template that ships for the type. */
  templateId: number | null;
  /** 1: Monday … 7: Sunday. */
  weekdays: number[];
  /** 1–31; in a shorter month a later one is its last day. */
  monthDays: number[];
  minute: number;
  channels: Channel[];
};
export type Series = SeriesPlan & {
  id: number;
  officeId: number;
  officeName: string;
  madeAt: Date;
  pausedAt: Date | null;
  archivedAt: Date | null;
};

const COLUMNS = `s.id, s.office_id as "officeId", o.name as "officeName", s.name, s.type, s.template_id as "templateId", s.weekdays,
  s.month_days as "monthDays", s.minute, s.channels, s.made_at as "madeAt", s.paused_at as "pausedAt", s.archived_at as "archivedAt"`;

/** The recurring columns of offices, by time of day. @param archived those that are not offered any more */
export async function releaseSeries(db: Queryable, offices: Offices, archived = false): Promise<Series[]> {
  const found = await db.query<Series>(
    `select ${COLUMNS} from release_series s join offices o on o.id = s.office_id
     where ($1::int[] is null or s.office_id = any ($1)) and (s.archived_at is not null) = $2
     order by s.minute, s.name, s.id limit 200`,
    [offices, archived],
  );
  return found.rows;
}

const DAY_MS = 86_400_000;

/** @param day of the calendar, `2026-11-23` @returns whether a column comes on that day */
export function comesOn({ weekdays, monthDays }: SeriesPlan, day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  if (weekdays.includes(((at.getUTCDay() + 6) % 7) + 1)) return true;
  const date = at.getUTCDate();
  const last = new Date(at.getTime() + DAY_MS).getUTCDate() === 1;
  return monthDays.some((each) => each === date || (last && each > date));
}

/** What fills a day of a column. */
export type FilledSlot = {
  seriesId: number;
  day: string;
  releaseId: number;
  title: string;
  state: ReleaseState;
};

/** The days of columns that have a release, from `from` up to and with `to`. */
export async function filledSlots(
  db: Queryable,
  offices: Offices,
  from: string,
  to: string,
): Promise<FilledSlot[]> {
  const found = await db.query<FilledSlot>(
    `select series_id as "seriesId", to_char(series_day, 'YYYY-MM-DD') as day, id as "releaseId", title, state from releases
     where series_id is not null and series_day between $2 and $3 and ($1::int[] is null or office_id = any ($1))
     order by series_day, id limit 2000`,
    [offices, from, to],
  );
  return found.rows;
}

/** A day of a column that nothing has been planned for; `release`: what is being written for it. */
export type OpenSlot = {
  seriesId: number;
  officeId: number;
  name: string;
  day: string;
  minute: number;
  release: Pick<FilledSlot, 'releaseId' | 'title' | 'state'> | null;
};

/**
 * Of the days given, those from `today` on for which a column has nothing planned yet. What is planned or out stands in a
 * calendar by itself, whatever day it went to.
 */
export function openSlots(
  series: readonly Series[],
  filled: readonly FilledSlot[],
  days: readonly string[],
  today: string,
): OpenSlot[] {
  const found = new Map(filled.map((slot) => [`${slot.seriesId} ${slot.day}`, slot]));
  return series
    .filter(({ pausedAt, archivedAt }) => pausedAt === null && archivedAt === null)
    .flatMap((each) => {
      const { id: seriesId, officeId, name, minute } = each;
      return days
        .filter((day) => day >= today && comesOn(each, day))
        .flatMap((day) => {
          const slot = found.get(`${seriesId} ${day}`);
          if (slot && !['draft', 'reviewing', 'approved'].includes(slot.state)) return [];
          const release = slot ? { releaseId: slot.releaseId, title: slot.title, state: slot.state } : null;
          return [{ seriesId, officeId, name, day, minute, release }];
        });
    });
}

/** @throws Refused `series-taken`, `template-gone` */
export async function addSeries(store: Store, actor: Actor, plan: SeriesPlan): Promise<number> {
  return transaction(store, async (client) => {
    await demandSound(client, actor.officeId, plan, null);
    const made = await client.query<{ id: number }>(
      `insert into release_series (office_id, name, type, template_id, weekdays, month_days, minute, channels, made_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
      [actor.officeId, ...valuesOf(plan), actor.id],
    );
    const { id } = made.rows[0] as { id: number };
    await note(client, actor, { id, officeId: actor.officeId }, 'add', { after: plan });
    return id;
  });
}

/** @returns how it was before @throws Refused `series-taken`, `series-gone`, `template-gone` */
export async function changeSeries(
  store: Store,
  actor: Actor,
  id: number,
  plan: SeriesPlan,
): Promise<SeriesPlan> {
  return transaction(store, async (client) => {
    const found = await standing(client, id);
    if (found.archivedAt) throw new Refused('series-gone', words.gone);
    await demandSound(client, found.officeId, plan, id);
    const before = planOf(found);
    await client.query(
      `update release_series set name = $2, type = $3, template_id = $4, weekdays = $5, month_days = $6, minute = $7, channels = $8
       where id = $1`,
      [id, ...valuesOf(plan)],
    );
    await note(client, actor, found, 'change', { before, after: plan });
    return before;
  });
}

/** Leaves a column out for a while, or takes it up again. @returns its name @throws Refused `series-gone` */
export async function pauseSeries(store: Store, actor: Actor, id: number, paused: boolean): Promise<string> {
  return transaction(store, async (client) => {
    const found = await standing(client, id);
    if (found.archivedAt) throw new Refused('series-gone', words.gone);
    if ((found.pausedAt !== null) === paused) return found.name;
    await client.query(`update release_series set paused_at = case when $2 then now() end where id = $1`, [
      ...[id, paused],
    ]);
    await note(client, actor, found, paused ? 'pause' : 'resume', { after: { name: found.name } });
    return found.name;
  });
}

/** Ends a column, or brings it back. @returns its name @throws Refused `series-gone`, `series-taken` */
export async function archiveSeries(
  store: Store,
  actor: Actor,
  id: number,
  archived: boolean,
): Promise<string> {
  return transaction(store, async (client) => {
    const found = await standing(client, id);
    if ((found.archivedAt !== null) === archived) return found.name;
    if (!archived) await demandFree(client, found.officeId, found.name, id);
    await client.query(`update release_series set archived_at = case when $2 then now() end where id = $1`, [
      ...[id, archived],
    ]);
    await note(client, actor, found, archived ? 'archive' : 'restore', { after: { name: found.name } });
    return found.name;
  });
}

/**
 * Begins the release of a column's day from its template, for the channels of the column.
 * @throws Refused `series-gone` when the column does not come on that day, `series-filled` when somebody was first,
 * `template-gone`
 */
export async function beginSlot(
  store: Store,
  actor: Actor,
  { seriesId, day }: { seriesId: number; day: string },
): Promise<number> {
  const found = await store.query<Series>(
    `select ${COLUMNS} from release_series s join offices o on o.id = s.office_id
     where s.id = $1 and s.office_id = $2 and s.archived_at is null and s.paused_at is null`,
    [seriesId, actor.officeId],
  );
  const series = found.rows[0];
  if (!series || !comesOn(series, day)) throw new Refused('series-gone', words.gone);
  const { type, templateId } = series;
  const shipped = shippedTemplates.find(({ content }) => content.type === type)?.key ?? type;
  const template = await releaseTemplate(
    store,
    actor.officeId,
    templateId === null ? shipped : String(templateId),
  );
  if (!template) throw new Refused('template-gone', messages.templates.gone);
  const { details } = template.content;
  const on = (channel: Channel) => ({ on: series.channels.includes(channel) });
  const content = {
    ...template.content,
    type,
    details: {
      ...details,
      website: { ...details.website, ...on('website') },
      weibo: { ...details.weibo, ...on('weibo') },
      wechat: { ...details.wechat, ...on('wechat') },
    },
  };
  try {
    return await createRelease(store, actor, content, 'save', { seriesId, day });
  } catch (thrown) {
    // The index on column and day lets one in: whoever was first.
    const { code, constraint } = thrown as { code?: unknown; constraint?: unknown };
    if (code !== '23505' || constraint !== 'releases_series_day') throw thrown;
    throw new Refused('series-filled', words.filled);
  }
}

const valuesOf = ({ name, type, templateId, weekdays, monthDays, minute, channels }: SeriesPlan) => [
  ...[name, type, templateId, weekdays, monthDays, minute, channels],
];
const planOf = ({ name, type, templateId, weekdays, monthDays, minute, channels }: SeriesPlan) => ({
  ...{ name, type, templateId, weekdays, monthDays, minute, channels },
});

async function standing(client: Queryable, id: number): Promise<Series> {
  const found = await client.query<Series>(
    `select ${COLUMNS} from release_series s join offices o on o.id = s.office_id where s.id = $1 for update of s`,
    [id],
  );
  if (!found.rows[0]) throw new Refused('series-gone', words.gone);
  return found.rows[0];
}

async function demandSound(
  client: Queryable,
  officeId: number,
  { name, templateId }: SeriesPlan,
  but: number | null,
): Promise<void> {
  await demandFree(client, officeId, name, but);
  if (templateId !== null && !(await releaseTemplate(client, officeId, String(templateId))))
    throw new Refused('template-gone', messages.templates.gone);
}

async function demandFree(
  client: Queryable,
  officeId: number,
  name: string,
  but: number | null,
): Promise<void> {
  const same = await client.query(
    `select from release_series where office_id = $1 and name = $2 and archived_at is null and ($3::int is null or id <> $3)`,
    [officeId, name, but],
  );
  if (same.rowCount !== 0) throw new Refused('series-taken', words.taken);
}

type Change = 'add' | 'change' | 'pause' | 'resume' | 'archive' | 'restore';

async function note(
  client: PoolClient,
  actor: Actor,
  { id, officeId }: { id: number; officeId: number },
  change: Change,
  what: { before?: unknown; after: unknown },
): Promise<void> {
  await appendAudit(client, {
    ...{ ...actor, officeId, action: `release-series-${change}`, subject: `release-series:${id}` },
    ...what,
  });
}
