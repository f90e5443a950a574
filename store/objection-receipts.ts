import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { ObjectionOutcome } from './objections.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** What a contact is sealed for: it opens as that of this very objection only, in every office that has a part in it. */
export function contactContext(receipt: string): string {
  return `objection:${receipt}`;
}

export type ReceiptLine = {
  place: number;
  officeName: string;
  outcome: ObjectionOutcome;
  removed: number;
  answer: string | null;
};
export type Receipt = { sentAt: Date; dueAt: Date; lines: ReceiptLine[] };

/** What whoever has the receipt is told: no address, no contact. Null when there is no such receipt. */
export async function receiptOf(db: Queryable, receipt: string): Promise<Receipt | null> {
  const result = await db.query<ReceiptLine & { sentAt: Date; dueAt: Date }>(
    `select o.sent_at as "sentAt", o.due_at as "dueAt", f.name as "officeName", a.place, a.outcome, a.removed, a.answer
     from objections o join objection_addresses a on a.objection_id = o.id join offices f on f.id = o.office_id
     where o.receipt = $1 order by a.place, f.name`,
    [receipt],
  );
  const [first] = result.rows;
  if (!first) return null;
  const lines = result.rows.map(({ place, officeName, outcome, removed, answer }) => ({
    place,
    officeName,
    outcome,
    removed,
    answer,
  }));
  return { sentAt: first.sentAt, dueAt: first.dueAt, lines };
}

/**
 * Counts a form from a place against the day's limit.
 * @param sender keyed hash of the place and the day
 * @returns false when the limit was reached before
 */
export async function admitSender(
  db: Queryable,
  sender: Buffer,
  day: string,
  limit: number,
): Promise<boolean> {
  const result = await db.query(
    `insert into objection_senders as s (sender, day, sent) values ($1, $2, 1)
     on conflict (sender, day) do update set sent = s.sent + 1 where s.sent < $3`,
    [sender, day, limit],
  );
  return result.rowCount === 1;
}

/** The sealed contact of an objection; that it was read goes into the audit log. Null when there is none. */
export async function readContact(
  store: Store,
  actor: Actor,
  id: number,
): Promise<{ receipt: string; contact: string } | null> {
  return transaction(store, async (client) => {
    const found = await client.query<{ receipt: string; contact: string; officeId: number }>(
      'select receipt, contact, office_id as "officeId" from objections where id = $1 and contact is not null',
      [id],
    );
    const [row] = found.rows;
    if (!row) return null;
    await appendAudit(client, {
      ...actor,
      officeId: row.officeId,
      action: 'contact-read',
      subject: `objection:${id}`,
    });
    return { receipt: row.receipt, contact: row.contact };
  });
}
