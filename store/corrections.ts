import { Refused } from '../config/errors.ts';
import type { ReleaseContent } from '../config/release-content.ts';
import type { Channel } from '../config/release-types.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { settleRelease } from './delivery-moves.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { transaction, type Store } from './pool.ts';
import { CONTENT_COLUMNS, readContent } from './releases.ts';

const words = messages.deliveries;

/** How what stands on a channel is corrected: in its place, by a further item, or by a person (with how, in Chinese). */
export type CorrectionWays = Record<
  Channel,
  { way: 'edit' } | { way: 'anew' } | { way: 'manual'; how: string }
>;

/**
 * A published text is to be changed: it becomes a draft again and goes through checks and reviews, while what was published
 * stands as it is.
 * @throws Refused `release-stale`
 */
export async function beginCorrection(
  store: Store,
  actor: Actor,
  { id, version }: { id: number; version: number },
  now: Date,
): Promise<void> {
  await transaction(store, async (client) => {
    const found = await client.query<{ officeId: number }>(
      `update releases set state = 'draft', updated_at = $3 where id = $1 and version = $2 and state = 'published'
       returning office_id as "officeId"`,
      [id, version, now],
    );
    const [row] = found.rows;
    if (!row) throw new Refused('release-stale', words.stale);
    await appendAudit(client, {
      ...{
        ...actor,
        officeId: row.officeId,
        action: 'release-correct',
        subject: `release:${id}`,
        before: { version },
      },
    });
  });
}

/**
 * Puts the changed and approved text where the old one stands, as each channel allows it.
 * @param note what was corrected, for readers
 * @returns how many of each way
 * @throws Refused `release-stale`, `correct-note`, `correct-nothing`
 */
export async function correctRelease(
  store: Store,
  actor: Actor,
  release: { id: number; version: number; note: string },
  ways: CorrectionWays,
  now: Date,
): Promise<Record<'edit' | 'anew' | 'manual', number>> {
  const note = release.note.trim();
  if (note === '' || note.length > 400) throw new Refused('correct-note', words.correctNote);
  return transaction(store, async (client) => {
    const found = await client.query<ReleaseContent & { officeId: number }>(
      `select r.office_id as "officeId", ${CONTENT_COLUMNS} from releases r
       where r.id = $1 and r.version = $2 and r.state in ('approved', 'published') for update`,
      [release.id, release.version],
    );
    const [row] = found.rows;
    if (!row) throw new Refused('release-stale', words.stale);
    const standing = await client.query<{ id: number; channel: Channel }>(
      `select id, channel from deliveries d where release_id = $1 and state = 'published' and version < $2
         and not exists (select from deliveries n where n.corrects = d.id and n.version = $2) order by id for update`,
      [release.id, release.version],
    );
    if (standing.rows.length === 0) throw new Refused('correct-nothing', words.correctNothing);
    const content = JSON.stringify(readContent(row));
    const done = { edit: 0, anew: 0, manual: 0 };
    for (const { id, channel } of standing.rows) {
      const how = ways[channel];
      done[how.way] += 1;
      if (how.way === 'edit') {
        await client.query(
          `update deliveries set content = $2, version = $3, correction = $4, next_at = $5, woken = true, tries = 0 where id = $1`,
          [id, content, release.version, note, now],
        );
      } else if (how.way === 'anew') {
        await client.query(
          `insert into deliveries (office_id, release_id, channel, account_id, due_at, next_at, content, version, scheduled_by, corrects, correction)
           select office_id, release_id, channel, account_id, $2, $2, $3, $4, $5, id, $6 from deliveries where id = $1`,
          [id, now, content, release.version, actor.id, note],
        );
      } else {
        await client.query(
          `update deliveries set version = $2, problem = 'correct', reason = $3, person_asked_at = $4 where id = $1`,
          [id, release.version, how.how, now],
        );
      }
      await tellLive(client, { kind: 'delivery', officeId: row.officeId, deliveryId: id });
    }
    await settleRelease(client, release.id, now);
    await appendAudit(client, {
      ...{ ...actor, officeId: row.officeId, action: 'release-corrected', subject: `release:${release.id}` },
      after: { version: release.version, note, ...done },
    });
    return done;
  });
}

/** A person has corrected it at the platform. @returns false when nothing was to be corrected there */
export async function noteCorrected(store: Store, actor: Actor, deliveryId: number): Promise<boolean> {
  return transaction(store, async (client) => {
    const found = await client.query<{ officeId: number; releaseId: number }>(
      `update deliveries set problem = null, reason = null, person_asked_at = null, correction = null
       where id = $1 and state = 'published' and problem = 'correct' returning office_id as "officeId", release_id as "releaseId"`,
      [deliveryId],
    );
    const [row] = found.rows;
    if (!row) return false;
    const { officeId, releaseId } = row;
    await tellLive(client, { kind: 'delivery', officeId, deliveryId });
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'release-corrected', subject: `release:${releaseId}` },
      after: { delivery: deliveryId, by: 'hand' },
    });
    return true;
  });
}
