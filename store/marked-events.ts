import { Refused } from '../config/errors.ts';
import type { SuggestedLevel } from '../config/warning-levels.ts';
import type { RuleSubject } from '../config/warning-rules.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';

const words = messages.markedEvents;

/** Something that people afterwards say was a real event: what rules are measured against. */
export type EventDetails = {
  name: string;
  subjectKind: RuleSubject;
  subjectKey: string;
  beganAt: Date;
  /** At its height: lead time counts up to it; null: up to its end. */
  peakAt: Date | null;
  endedAt: Date;
  /** That it would have deserved. */
  level: SuggestedLevel;
};
export type MarkedEvent = EventDetails & {
  id: number;
  officeId: number;
  officeName: string;
  madeAt: Date;
  madeBy: string | null;
};

/** Marked events, the latest first; no more than five hundred. */
export async function listMarkedEvents(
  db: Queryable,
  offices: Offices,
  range?: { from: Date; to: Date },
): Promise<MarkedEvent[]> {
  const found = await db.query<MarkedEvent>(
    `select e.id, e.office_id as "officeId", o.name as "officeName", e.name, e.subject_kind as "subjectKind",
       e.subject_key as "subjectKey", e.began_at as "beganAt", e.peak_at as "peakAt", e.ended_at as "endedAt", e.level,
       e.made_at as "madeAt", p.name as "madeBy"
     from marked_events e join offices o on o.id = e.office_id left join people p on p.id = e.made_by
     where e.removed_at is null and ($1::int[] is null or e.office_id = any ($1))
       and ($2::timestamptz is null or (e.ended_at > $2 and e.began_at < $3))
     order by e.began_at desc, e.id desc limit 500`,
    [offices, range?.from ?? null, range?.to ?? null],
  );
  return found.rows;
}

/** Marks an event. @throws Refused `mark-times` where it ends before it begins, or its height lies outside */
export async function markEvent(
  store: Store,
  actor: Actor,
  officeId: number,
  event: EventDetails,
): Promise<number> {
  const { name, subjectKind, subjectKey, beganAt, peakAt, endedAt, level } = event;
  const [began, peak, ended] = [beganAt.getTime(), (peakAt ?? beganAt).getTime(), endedAt.getTime()];
  if (!(began < ended && peak >= began && peak <= ended)) throw new Refused('mark-times', words.times);
  return transaction(store, async (client) => {
    const made = await client.query<{ id: number }>(
      `insert into marked_events (office_id, name, subject_kind, subject_key, began_at, peak_at, ended_at, level, made_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
      [officeId, name, subjectKind, subjectKey, beganAt, peakAt, endedAt, level, actor.id],
    );
    const { id } = made.rows[0] as { id: number };
    const act = { ...actor, officeId, action: 'marked-event-add', subject: `marked-event:${id}` };
    await appendAudit(client, { ...act, after: audited(event) });
    return id;
  });
}

/** Takes a mark back; it stays in the records. @throws Refused `mark-gone` */
export async function removeMark(store: Store, actor: Actor, id: number): Promise<void> {
  await transaction(store, async (client) => {
    const gone = await client.query<EventDetails & { officeId: number }>(
      `update marked_events set removed_at = now() where id = $1 and removed_at is null
       returning office_id as "officeId", name, subject_kind as "subjectKind", subject_key as "subjectKey", began_at as "beganAt",
         peak_at as "peakAt", ended_at as "endedAt", level`,
      [id],
    );
    const [event] = gone.rows;
    if (!event) throw new Refused('mark-gone', words.gone);
    await appendAudit(client, {
      ...{ ...actor, officeId: event.officeId, action: 'marked-event-remove', subject: `marked-event:${id}` },
      before: audited(event),
    });
  });
}

function audited({ name, subjectKind, subjectKey, beganAt, peakAt, endedAt, level }: EventDetails) {
  return {
    ...{ name, subjectKind, subjectKey, level },
    beganAt: beganAt.toISOString(),
    peakAt: peakAt?.toISOString() ?? null,
    endedAt: endedAt.toISOString(),
  };
}
