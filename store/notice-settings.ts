import { defaultSettings, type NoticeSettings } from '../config/notices.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** How an office has its notices. */
export async function settingsOf(db: Queryable, officeId: number): Promise<NoticeSettings> {
  const found = await db.query<NoticeSettings>(
    `select escalate_minutes as "escalateMinutes", bundle_minutes as "bundleMinutes", day_begins as "dayBegins",
       night_begins as "nightBegins" from notice_settings where office_id = $1`,
    [officeId],
  );
  return found.rows[0] ?? defaultSettings;
}

export async function saveSettings(store: Store, actor: Actor, settings: NoticeSettings): Promise<void> {
  const { escalateMinutes, bundleMinutes, dayBegins, nightBegins } = settings;
  await transaction(store, async (client) => {
    const before = await settingsOf(client, actor.officeId);
    await client.query(
      `insert into notice_settings (office_id, escalate_minutes, bundle_minutes, day_begins, night_begins, changed_by)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (office_id) do update set escalate_minutes = excluded.escalate_minutes, bundle_minutes = excluded.bundle_minutes,
         day_begins = excluded.day_begins, night_begins = excluded.night_begins, changed_by = excluded.changed_by, changed_at = now()`,
      [actor.officeId, JSON.stringify(escalateMinutes), bundleMinutes, dayBegins, nightBegins, actor.id],
    );
    await appendAudit(client, {
      ...{ ...actor, action: 'notice-settings', subject: `office:${actor.officeId}` },
      before,
      after: settings,
    });
  });
}
