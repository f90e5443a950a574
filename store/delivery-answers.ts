import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { noteAttempt } from './delivery-attempts.ts';
import { settleRelease } from './delivery-moves.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { transaction, type Store } from './pool.ts';

const words = messages.deliveries;

/** What a person has seen at the platform. */
export type Answer =
  /** It stands there; `address` null: they do not know where. */
  | { kind: 'published'; address: string | null }
  /** It does not, and is to be sent again now. */
  | { kind: 'again' }
  /** It does not, and is not to be sent. */
  | { kind: 'give-up' };

/**
 * A person says what became of a delivery of which the hub does not know it. Whoever works on it at this moment finds that
 * nothing of theirs counts any more.
 * @throws Refused `delivery-not-unknown`, `delivery-address`; `delivery-begun` when it is to be taken back anyway
 */
export async function answerUnknown(
  store: Store,
  actor: Actor,
  id: number,
  answer: Answer,
  now: Date,
): Promise<void> {
  const address = answer.kind === 'published' ? addressOf(answer.address) : null;
  await transaction(store, async (client) => {
    const found = await client.query<{ officeId: number; releaseId: number; withdrawing: boolean }>(
      `select office_id as "officeId", release_id as "releaseId",
         exists (select from withdrawals w where w.delivery_id = d.id and w.state <> 'refused') as withdrawing
       from deliveries d where id = $1 and state = 'unknown' for update`,
      [id],
    );
    const [row] = found.rows;
    if (!row) throw new Refused('delivery-not-unknown', words.notUnknown);
    const { officeId, releaseId, withdrawing } = row;
    if (answer.kind === 'again' && withdrawing) throw new Refused('delivery-begun', words.begun);
    const common = `claimed_by = null, claimed_until = null, woken = false, person_asked_at = null, tries = 0`;
    const sets = {
      published: `state = 'published', problem = null, reason = null, next_at = null, address = $3,
        published_at = coalesce(sent_at, $2), look_at = $2::timestamptz + interval '10 minutes'`,
      again: `state = 'waiting', problem = null, reason = null, sent_at = null, due_at = $2, next_at = $2, address = $3`,
      'give-up': `state = 'failed', problem = 'given-up', reason = null, next_at = null, address = $3, sent_at = coalesce(sent_at, $2)`,
    };
    await client.query(`update deliveries set ${common}, ${sets[answer.kind]} where id = $1`, [
      id,
      now,
      address,
    ]);
    await settleRelease(client, releaseId, now);
    await noteAttempt(
      client,
      { officeId, id },
      {
        ...{ kind: 'person', startedAt: now, finishedAt: now, outcome: answer.kind, detail: address },
      },
    );
    await tellLive(client, { kind: 'delivery', officeId, deliveryId: id });
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'delivery-answer', subject: `release:${releaseId}` },
      after: { delivery: id, answer: answer.kind, address },
    });
  });
}

/** @throws Refused `delivery-address` */
function addressOf(given: string | null): string | null {
  const text = given?.trim() ?? '';
  if (text === '') return null;
  if (!/^https?:\/\//i.test(text) || text.length > 500 || !URL.canParse(text)) {
    throw new Refused('delivery-address', words.address);
  }
  return text;
}
