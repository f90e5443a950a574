import type { OfficeLevel } from '../config/office-levels.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';

export const directions = ['up', 'down', 'share'] as const;
export type Direction = (typeof directions)[number];
export type SubjectKind = 'post' | 'release';
export type HandOverState = 'sent' | 'accepted' | 'returned' | 'done' | 'withdrawn';

export type NewHandOver = {
  to: number;
  direction: Direction;
  subject: { kind: SubjectKind; id: number };
  note: string;
  dueAt: Date | null;
};

export type HandOver = {
  id: number;
  officeId: number;
  officeName: string;
  toOfficeId: number;
  toOfficeName: string;
  direction: Direction;
  subjectKind: SubjectKind;
  subjectId: number;
  /** What it is called now; null when it is there no longer, or out of reach again. */
  title: string | null;
  note: string;
  dueAt: Date | null;
  state: HandOverState;
  answer: string | null;
  createdAt: Date;
  /** Null: somebody of an office that is out of reach. */
  createdBy: string | null;
  answeredAt: Date | null;
  answeredBy: string | null;
};

/** Why nothing was handed over: there is one on its way already, or the office does not stand in that direction. */
export type SendProblem = 'twice' | 'direction';

/**
 * Hands a record over. The database refuses what the sender cannot see.
 * @returns the id of the hand-over, or what is in its way
 */
export async function sendHandOver(
  store: Store,
  actor: Actor,
  { to, direction, subject, note, dueAt }: NewHandOver,
): Promise<number | SendProblem> {
  const work = transaction(store, async (client) => {
    const made = await client.query<{ id: number }>(
      `insert into hand_overs (office_id, to_office_id, direction, subject_kind, subject_id, note, due_at, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
      [actor.officeId, to, direction, subject.kind, subject.id, note, dueAt, actor.id],
    );
    const { id } = made.rows[0] as { id: number };
    await appendAudit(client, {
      ...actor,
      action: 'hand-over-send',
      subject: `hand-over:${id}`,
      after: { to, direction, subject: `${subject.kind}:${subject.id}`, note, dueAt },
    });
    await tellBoth(client, id, [actor.officeId, to]);
    return id;
  });
  return work.catch((error: { code?: string }) => {
    if (error.code === '23505') return 'twice';
    if (error.code === 'JS005') return 'direction';
    throw error;
  });
}

export type Answer = { state: 'accepted' | 'returned' | 'done'; answer: string | null };

/** From which states an answer, or the withdrawal, is still possible. */
const FROM: Record<Answer['state'] | 'withdrawn', readonly HandOverState[]> = {
  accepted: ['sent'],
  returned: ['sent', 'accepted'],
  done: ['sent', 'accepted'],
  withdrawn: ['sent', 'accepted', 'done', 'returned'],
};

/**
 * Answers a hand-over in the name of its receiver.
 * @returns false when it has gone on meanwhile (withdrawn, or answered by somebody else)
 */
export async function answerHandOver(
  store: Store,
  actor: Actor,
  id: number,
  { state, answer }: Answer,
): Promise<boolean> {
  return move(store, actor, id, state, answer);
}

/** Takes a hand-over back: what was shared by it is out of the receiver's reach from the next request on. */
export async function withdrawHandOver(store: Store, actor: Actor, id: number): Promise<boolean> {
  return move(store, actor, id, 'withdrawn', null);
}

async function move(
  store: Store,
  actor: Actor,
  id: number,
  state: Answer['state'] | 'withdrawn',
  answer: string | null,
): Promise<boolean> {
  return transaction(store, async (client) => {
    const found = await client.query<{ from: HandOverState; office: number; to: number }>(
      'select state as "from", office_id as office, to_office_id as "to" from hand_overs where id = $1 for update',
      [id],
    );
    const row = found.rows[0];
    if (!row || !FROM[state].includes(row.from)) return false;
    await client.query(
      state === 'withdrawn'
        ? 'update hand_overs set state = $2 where id = $1'
        : `update hand_overs set state = $2, answer = coalesce($3, answer), answered_by = $4, answered_at = now()
           where id = $1`,
      state === 'withdrawn' ? [id, state] : [id, state, answer, actor.id],
    );
    await appendAudit(client, {
      ...actor,
      action: state === 'withdrawn' ? 'hand-over-withdraw' : 'hand-over-answer',
      subject: `hand-over:${id}`,
      before: { state: row.from },
      after: { state, answer },
    });
    // Shared records that somebody has open, or hears of, may be out of reach now.
    if (state === 'withdrawn') await tellLive(client, { kind: 'access' });
    await tellBoth(client, id, [row.office, row.to]);
    return true;
  });
}

async function tellBoth(db: Queryable, handOverId: number, offices: number[]): Promise<void> {
  for (const officeId of offices) await tellLive(db, { kind: 'hand-over', officeId, handOverId });
}

const COLUMNS = `h.id, h.office_id as "officeId", f.name as "officeName", h.to_office_id as "toOfficeId",
  t.name as "toOfficeName", h.direction, h.subject_kind as "subjectKind", h.subject_id as "subjectId",
  case h.subject_kind when 'post' then (select coalesce(p.title, left(p.text, 60)) from posts p where p.id = h.subject_id)
    else (select r.title from releases r where r.id = h.subject_id) end as title,
  h.note, h.due_at as "dueAt", h.state, h.answer, h.created_at as "createdAt", c.name as "createdBy",
  h.answered_at as "answeredAt", a.name as "answeredBy"`;
const TABLES = `hand_overs h join offices f on f.id = h.office_id join offices t on t.id = h.to_office_id
  left join people c on c.id = h.created_by left join people a on a.id = h.answered_by`;

/** @param box what came to the offices, or what went out from them; what still waits for an answer comes first */
export async function listHandOvers(
  db: Queryable,
  offices: Offices,
  box: 'received' | 'sent',
  limit = 100,
): Promise<HandOver[]> {
  const side = box === 'received' ? 'h.to_office_id' : 'h.office_id';
  const result = await db.query<HandOver>(
    `select ${COLUMNS} from ${TABLES} where $1::int[] is null or ${side} = any ($1)
     order by h.state not in ('sent', 'accepted'), h.id desc limit $2`,
    [offices, Math.min(limit, 500)],
  );
  return result.rows;
}

export async function handOverById(db: Queryable, id: number): Promise<HandOver | null> {
  const result = await db.query<HandOver>(`select ${COLUMNS} from ${TABLES} where h.id = $1`, [id]);
  return result.rows[0] ?? null;
}

/** Where a record has been handed over to, and from where it came, as far as the scope holds one of the sides. */
export async function handOversAbout(db: Queryable, kind: SubjectKind, id: number): Promise<HandOver[]> {
  const result = await db.query<HandOver>(
    `select ${COLUMNS} from ${TABLES} where h.subject_kind = $1 and h.subject_id = $2 order by h.id desc limit 50`,
    [kind, id],
  );
  return result.rows;
}

/** Ids of the newest posts that were shared with the offices of the scope; for the search engine, which knows no tables. */
export async function sharedPosts(db: Queryable, limit = 2_000): Promise<number[]> {
  const result = await db.query<{ id: number }>(
    `select distinct id from shared_records('post') as id order by id desc limit $1`,
    [limit],
  );
  return result.rows.map((row) => row.id);
}

export type FoundOffice = {
  id: number;
  code: string;
  name: string;
  level: OfficeLevel;
  parentName: string | null;
  closed: false;
};

/** Offices to hand over to: by a part of their name or by their code, in a direction from the sender. */
export async function officesToward(
  db: Queryable,
  from: number,
  direction: Direction,
  text: string,
  limit = 20,
): Promise<FoundOffice[]> {
  const result = await db.query<FoundOffice>(
    `select o.id, o.code, o.name, o.level, above.name as "parentName", false as closed
     from offices o left join offices above on above.id = o.parent_id
     where o.id <> $1 and o.closed_at is null and (o.code = $3 or strpos(o.name, $3) > 0)
       and case $2
         when 'up' then exists (select from office_tree where ancestor_id = o.id and office_id = $1)
         when 'down' then exists (select from office_tree where ancestor_id = $1 and office_id = o.id)
         else true end
     order by o.code = $3 desc, o.name = $3 desc, length(o.name), o.name limit $4`,
    [from, direction, text, Math.min(limit, 50)],
  );
  return result.rows;
}
