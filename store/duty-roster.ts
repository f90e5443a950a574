import { dutyAfter, dutyAt, type Duty, type NoticeSettings, type Shift } from '../config/notices.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { HELD_NOW, STANDS } from './role-grants.ts';

/** Most people of one duty. */
export const MOST_ON_DUTY = 4;

export type DutyWeek = { weekday: number; shift: Shift; personIds: string[] };
export type DutyDay = { day: string; shift: Shift; personIds: string[]; note: string };

/** Who is on duty each week. */
export async function dutyWeek(db: Queryable, officeId: number): Promise<DutyWeek[]> {
  const found = await db.query<DutyWeek>(
    `select weekday, shift, person_ids as "personIds" from duty_weeks where office_id = $1 order by weekday, shift`,
    [officeId],
  );
  return found.rows;
}

/** Days that differ, from a day on. */
export async function dutyDays(db: Queryable, officeId: number, from: string): Promise<DutyDay[]> {
  const found = await db.query<DutyDay>(
    `select day::text as day, shift, person_ids as "personIds", note from duty_days
     where office_id = $1 and day >= $2 order by day, shift limit 200`,
    [officeId, from],
  );
  return found.rows;
}

/** Who has a duty, in the order in which they are told: what was said for that very day wins over the week. */
export async function onDuty(db: Queryable, officeId: number, duty: Duty): Promise<string[]> {
  const found = await db.query<{ ids: string[] | null }>(
    `select coalesce(
       (select person_ids from duty_days where office_id = $1 and day = $2 and shift = $4),
       (select person_ids from duty_weeks where office_id = $1 and weekday = $3 and shift = $4)) as ids`,
    [officeId, duty.day, duty.weekday, duty.shift],
  );
  return found.rows[0]?.ids ?? [];
}

/** How many duties it is looked ahead for somebody to tell next: a week. */
const AHEAD = 14;

/**
 * Who is on duty now, and who comes after them: the others of this duty, then those of the next one that has people.
 * Only those count who can see the office's content.
 */
export async function dutyLine(
  db: Queryable,
  officeId: number,
  at: Date,
  settings: NoticeSettings,
): Promise<string[]> {
  const line: string[] = [];
  let duty = dutyAt(at, settings);
  for (let ahead = 0; ahead < AHEAD && line.length < 2; ahead += 1) {
    const ids = (await onDuty(db, officeId, duty)).filter((id) => !line.includes(id));
    if (ids.length > 0) line.push(...(await standing(db, officeId, ids)));
    // Nobody is woken for a duty that has nobody, but somebody stands by: the one who comes next.
    duty = dutyAfter(duty);
  }
  return line;
}

/** Those among them who work in the office now, in the same order. */
async function standing(db: Queryable, officeId: number, ids: readonly string[]): Promise<string[]> {
  const found = await db.query<{ id: string }>(
    `select p.id from people p where p.id = any ($2) and p.disabled_at is null and exists (
       select 1 from role_grants g where g.person_id = p.id and g.office_id = $1 and g.role not like '%-administrator' and ${HELD_NOW})`,
    [officeId, ids],
  );
  const those = new Set(found.rows.map(({ id }) => id));
  return ids.filter((id) => those.has(id));
}

/** Says who has the duty of every such weekday; nobody: the row goes. */
export async function setDutyWeek(
  store: Store,
  actor: Actor,
  { weekday, shift, personIds }: DutyWeek,
): Promise<void> {
  await transaction(store, async (client) => {
    const before = (await dutyWeek(client, actor.officeId)).find(
      (each) => each.weekday === weekday && each.shift === shift,
    );
    if (personIds.length === 0) {
      await client.query('delete from duty_weeks where office_id = $1 and weekday = $2 and shift = $3', [
        ...[actor.officeId, weekday, shift],
      ]);
    } else {
      await client.query(
        `insert into duty_weeks (office_id, weekday, shift, person_ids, changed_by) values ($1, $2, $3, $4, $5)
         on conflict (office_id, weekday, shift) do update
           set person_ids = excluded.person_ids, changed_by = excluded.changed_by, changed_at = now()`,
        [actor.officeId, weekday, shift, personIds, actor.id],
      );
    }
    await appendAudit(client, {
      ...{ ...actor, action: 'duty-week', subject: `office:${actor.officeId}` },
      before: { weekday, shift, people: before?.personIds ?? [] },
      after: { weekday, shift, people: personIds },
    });
  });
}

/** Says who has the duty of one day; null: as every week again. */
export async function setDutyDay(
  store: Store,
  actor: Actor,
  { day, shift, personIds, note }: Omit<DutyDay, 'personIds'> & { personIds: string[] | null },
): Promise<void> {
  await transaction(store, async (client) => {
    if (personIds === null) {
      await client.query('delete from duty_days where office_id = $1 and day = $2 and shift = $3', [
        ...[actor.officeId, day, shift],
      ]);
    } else {
      await client.query(
        `insert into duty_days (office_id, day, shift, person_ids, note, changed_by) values ($1, $2, $3, $4, $5, $6)
         on conflict (office_id, day, shift) do update set person_ids = excluded.person_ids, note = excluded.note,
           changed_by = excluded.changed_by, changed_at = now()`,
        [actor.officeId, day, shift, personIds, note, actor.id],
      );
    }
    await appendAudit(client, {
      ...{ ...actor, action: 'duty-day', subject: `office:${actor.officeId}` },
      after: { day, shift, people: personIds, note },
    });
  });
}

export type DutyPerson = { id: string; name: string };

/** Those who can be put on duty. */
export async function dutyPeople(db: Queryable, officeId: number): Promise<DutyPerson[]> {
  const found = await db.query<DutyPerson>(
    `select p.id, p.name from people p where p.disabled_at is null and exists (
       select 1 from role_grants g where g.person_id = p.id and g.office_id = $1 and g.role not like '%-administrator' and ${STANDS})
     order by p.name, p.id limit 500`,
    [officeId],
  );
  return found.rows;
}
