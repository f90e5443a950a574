import type { ReleaseContent } from '../config/release-content.ts';
import type { Channel } from '../config/release-types.ts';
import type { DeliveryProblem } from './delivery-moves.ts';
import type { Queryable } from './pool.ts';
import { readContent } from './releases.ts';

export type { Channel };
export const deliveryStates = [
  'waiting',
  'sending',
  'unknown',
  'processing',
  'published',
  'refused',
  'failed',
  'missed',
  'cancelled',
  'withdrawn',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** One release on one account, as people see it. */
export type DeliveryRow = {
  id: number;
  officeId: number;
  releaseId: number;
  channel: Channel;
  accountId: number;
  accountName: string;
  /** Nothing leaves the hub for this account. */
  dryRun: boolean;
  dueAt: Date;
  state: DeliveryState;
  content: ReleaseContent;
  /** Of the release: what `content` is frozen from. */
  version: number | null;
  /** A path on the website, an address elsewhere. */
  address: string | null;
  publishedAt: Date | null;
  problem: DeliveryProblem | null;
  /** One or two sentences about where it stands, in Chinese. */
  reason: string | null;
  /** When something is done next; of one that waits at its best: its time, or the preparation before that. */
  nextAt: Date | null;
  /** The irreversible call was begun then. */
  sentAt: Date | null;
  preparedAt: Date | null;
  /** A person has to look: what became of it, or how it is corrected. */
  personAskedAt: Date | null;
  /** The new text is not yet in the place of what stands there. */
  correction: string | null;
  /** The delivery that this one corrects. */
  corrects: number | null;
  /** The warning for which it waits for a second look; null: it does not. */
  heldFor: number | null;
};

const COLUMNS = `d.id, d.office_id as "officeId", d.release_id as "releaseId", d.channel, d.account_id as "accountId",
  a.name as "accountName", a.dry_run as "dryRun", d.due_at as "dueAt", d.state, d.content, d.version, d.address,
  d.published_at as "publishedAt", d.problem, d.reason, d.next_at as "nextAt", d.sent_at as "sentAt",
  d.prepared_at as "preparedAt", d.person_asked_at as "personAskedAt", d.correction, d.corrects, d.held_for as "heldFor"`;
const FROM = 'deliveries d join channel_accounts a on a.id = d.account_id';

const read = (row: DeliveryRow): DeliveryRow => ({ ...row, content: readContent(row.content) });

export async function deliveryById(db: Queryable, id: number): Promise<DeliveryRow | null> {
  const result = await db.query<DeliveryRow>(`select ${COLUMNS} from ${FROM} where d.id = $1`, [id]);
  return result.rows[0] ? read(result.rows[0]) : null;
}

/** Every delivery that a release has had, the newest first. */
export async function deliveriesOf(db: Queryable, releaseId: number): Promise<DeliveryRow[]> {
  const result = await db.query<DeliveryRow>(
    `select ${COLUMNS} from ${FROM} where d.release_id = $1 order by d.id desc limit 500`,
    [releaseId],
  );
  return result.rows.map(read);
}

/** What an account has of today's calls, by path; `''`: of all together. `usedUp`: the platform says that there are no more. */
export type CallsToday = { path: string; calls: number; usedUp: boolean };

/** @param account `weibo:⟨uid⟩`, `wechat:⟨appid⟩`, as everything calls it that counts its calls */
export async function callsTodayByPath(
  db: Queryable,
  { officeId, account }: { officeId: number; account: string },
): Promise<CallsToday[]> {
  const found = await db.query<CallsToday>(
    `select path, calls, used_up as "usedUp" from account_calls
     where office_id = $1 and account = $2 and day = (now() at time zone 'Asia/Shanghai')::date order by path`,
    [officeId, account],
  );
  return found.rows;
}
