import type { Channel, ReleaseType } from '../config/release-types.ts';
import type { DeliveryState } from './deliveries.ts';
import type { Queryable } from './pool.ts';
import type { Offices } from './scope.ts';

/** One delivery as a calendar shows it. */
export type CalendarEntry = {
  id: number;
  releaseId: number;
  officeId: number;
  officeName: string;
  title: string;
  type: ReleaseType;
  channel: Channel;
  accountId: number;
  accountName: string;
  dueAt: Date;
  publishedAt: Date | null;
  state: DeliveryState;
  /** It waits for a second look because of a warning. */
  held: boolean;
  /** Nothing leaves the hub. */
  dryRun: boolean;
  embargoUntil: Date | null;
};

/** More than any span of a calendar can show. */
export const CALENDAR_MOST = 3_000;

/** What is due from `from` up to `until`, by time. What was cancelled is left out, what was missed or refused is not. */
export async function calendarEntries(
  db: Queryable,
  offices: Offices,
  from: Date,
  until: Date,
): Promise<CalendarEntry[]> {
  const found = await db.query<CalendarEntry>(
    `select d.id, d.release_id as "releaseId", d.office_id as "officeId", o.name as "officeName", d.content ->> 'title' as title,
       d.content ->> 'type' as type, d.channel, d.account_id as "accountId", a.name as "accountName", d.due_at as "dueAt",
       d.published_at as "publishedAt", d.state, d.held_for is not null as held, a.dry_run as "dryRun", r.embargo_until as "embargoUntil"
     from deliveries d join offices o on o.id = d.office_id join channel_accounts a on a.id = d.account_id
     join releases r on r.id = d.release_id
     where d.due_at >= $2 and d.due_at < $3 and d.state <> 'cancelled' and ($1::int[] is null or d.office_id = any ($1))
     order by d.due_at, d.id limit ${CALENDAR_MOST}`,
    [offices, from, until],
  );
  return found.rows;
}

/** A release that may not go out before a time, and has none yet. */
export type EmbargoEntry = { releaseId: number; officeName: string; title: string; until: Date };

export async function embargoes(
  db: Queryable,
  offices: Offices,
  from: Date,
  until: Date,
): Promise<EmbargoEntry[]> {
  const found = await db.query<EmbargoEntry>(
    `select r.id as "releaseId", o.name as "officeName", r.title, r.embargo_until as until
     from releases r join offices o on o.id = r.office_id
     where r.embargo_until >= $2 and r.embargo_until < $3 and r.state in ('draft', 'reviewing', 'approved')
       and ($1::int[] is null or r.office_id = any ($1)) order by r.embargo_until limit 200`,
    [offices, from, until],
  );
  return found.rows;
}
