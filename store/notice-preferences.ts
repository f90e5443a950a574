import { defaultPreferences, type NoticeLevel, type Preferences } from '../config/notices.ts';
import type { Queryable } from './pool.ts';

type Row = {
  appLevels: NoticeLevel[];
  mailLevels: NoticeLevel[];
  quietFrom: number | null;
  quietUntil: number | null;
};

/** What a person wants to be told about an office. */
export async function preferencesOf(db: Queryable, personId: string, officeId: number): Promise<Preferences> {
  const found = await db.query<Row>(
    `select app_levels as "appLevels", mail_levels as "mailLevels", quiet_from as "quietFrom", quiet_until as "quietUntil"
     from notice_preferences where person_id = $1 and office_id = $2`,
    [personId, officeId],
  );
  return found.rows[0] ?? defaultPreferences;
}

/** A person's own wishes, in all the offices where they work; not an act of the office, and not audited. */
export async function savePreferences(
  db: Queryable,
  personId: string,
  officeIds: readonly number[],
  { appLevels, mailLevels, quietFrom, quietUntil }: Preferences,
): Promise<void> {
  await db.query(
    `insert into notice_preferences (person_id, office_id, app_levels, mail_levels, quiet_from, quiet_until)
     select $1, unnest($2::int[]), $3, $4, $5, $6
     on conflict (person_id, office_id) do update set app_levels = excluded.app_levels, mail_levels = excluded.mail_levels,
       quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, changed_at = now()`,
    [personId, officeIds, appLevels, mailLevels, quietFrom, quietUntil],
  );
}
