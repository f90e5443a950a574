import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';

/** How an office publishes. Minutes of the day in Asia/Shanghai. */
export type PublishingSettings = {
  /** In which nothing should be planned; both null: at any time. */
  quietFrom: number | null;
  quietUntil: number | null;
  /** Two releases on one account had better not be closer than this. */
  gapMinutes: number;
  /** Later than this a delivery is missed, not sent; null: as hub.yaml says. */
  missedAfterMinutes: number | null;
  /** Hours in which an urgent release is reviewed after the fact. */
  afterHours: number;
};

export const defaultPublishing: PublishingSettings = {
  quietFrom: 22 * 60,
  quietUntil: 7 * 60,
  gapMinutes: 30,
  missedAfterMinutes: null,
  afterHours: 24,
};

const COLUMNS = `quiet_from as "quietFrom", quiet_until as "quietUntil", gap_minutes as "gapMinutes",
  missed_after_minutes as "missedAfterMinutes", after_hours as "afterHours"`;

export async function publishingSettings(db: Queryable, officeId: number): Promise<PublishingSettings> {
  const found = await db.query<PublishingSettings>(
    `select ${COLUMNS} from publishing_settings where office_id = $1`,
    [officeId],
  );
  return found.rows[0] ?? defaultPublishing;
}

/** Of the offices that have settings of their own; the rest have `defaultPublishing`. */
export async function publishingSettingsOf(
  db: Queryable,
  offices: Offices,
): Promise<Map<number, PublishingSettings>> {
  const found = await db.query<PublishingSettings & { officeId: number }>(
    `select office_id as "officeId", ${COLUMNS} from publishing_settings
     where $1::int[] is null or office_id = any ($1)`,
    [offices],
  );
  return new Map(found.rows.map(({ officeId, ...settings }) => [officeId, settings]));
}

export async function savePublishingSettings(
  store: Store,
  actor: Actor,
  settings: PublishingSettings,
): Promise<void> {
  const { quietFrom, quietUntil, gapMinutes, missedAfterMinutes, afterHours } = settings;
  await transaction(store, async (client) => {
    const before = await publishingSettings(client, actor.officeId);
    await client.query(
      `insert into publishing_settings (office_id, quiet_from, quiet_until, gap_minutes, missed_after_minutes, after_hours, changed_by)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (office_id) do update set quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
         gap_minutes = excluded.gap_minutes, missed_after_minutes = excluded.missed_after_minutes,
         after_hours = excluded.after_hours, changed_by = excluded.changed_by, changed_at = now()`,
      [actor.officeId, quietFrom, quietUntil, gapMinutes, missedAfterMinutes, afterHours, actor.id],
    );
    await appendAudit(client, {
      ...{ ...actor, action: 'publishing-settings', subject: `office:${actor.officeId}` },
      before,
      after: settings,
    });
  });
}
