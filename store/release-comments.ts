import { Refused } from '../config/errors.ts';
import type { CommentPart } from '../config/review-rules.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

const words = messages.releaseReviews;
export const LONGEST_COMMENT = 2_000;
export const LONGEST_QUOTE = 400;

export type ReleaseComment = {
  id: number;
  part: CommentPart;
  /** The passage as it read then, and where it began in the plain text of the part; null: about the part as a whole. */
  quote: string | null;
  start: number | null;
  text: string;
  /** Null: somebody of an office that is out of reach. */
  madeBy: string | null;
  madeAt: Date;
  resolvedBy: string | null;
  resolvedAt: Date | null;
};

/** Every comment on a release, the first one first. */
export async function commentsOf(db: Queryable, releaseId: number, limit = 500): Promise<ReleaseComment[]> {
  const found = await db.query<ReleaseComment>(
    `select c.id, c.part, c.quote, c.start, c.text, p.name as "madeBy", c.made_at as "madeAt", q.name as "resolvedBy",
       c.resolved_at as "resolvedAt"
     from release_comments c left join people p on p.id = c.made_by left join people q on q.id = c.resolved_by
     where c.release_id = $1 order by c.id limit $2`,
    [releaseId, Math.min(limit, 2_000)],
  );
  return found.rows;
}

export type NewComment = { part: CommentPart; quote: string | null; start: number | null; text: string };

/**
 * Says something about a passage.
 * @throws Refused `comment-text` without a text or with one too long; `round-gone` when there is no such release
 */
export async function addComment(
  store: Store,
  actor: Actor,
  releaseId: number,
  { part, quote, start, text }: NewComment,
  now: Date,
): Promise<number> {
  const said = text.trim();
  if (said === '' || said.length > LONGEST_COMMENT) throw new Refused('comment-text', words.comment);
  return transaction(store, async (client) => {
    const made = await client.query<{ id: number; officeId: number }>(
      `insert into release_comments (office_id, release_id, round_id, part, quote, start, text, made_by, made_at)
       select office_id, id, (select max(id) from review_rounds where release_id = $1), $2, $3, $4, $5, $6, $7
       from releases where id = $1 returning id, office_id as "officeId"`,
      [releaseId, part, quote, start, said, actor.id, now],
    );
    const [row] = made.rows;
    if (!row) throw new Refused('round-gone', words.gone);
    await done(client, actor, 'add', releaseId, row, { part, quote, text: said });
    return row.id;
  });
}

/**
 * Somebody has seen to what was said, or it is open again.
 * @returns false when it was so already, or there is no such comment
 */
export async function settleComment(
  store: Store,
  actor: Actor,
  releaseId: number,
  commentId: number,
  resolved: boolean,
  now: Date,
): Promise<boolean> {
  return transaction(store, async (client) => {
    const changed = await client.query<{ id: number; officeId: number }>(
      `update release_comments set resolved_by = case when $3 then $4 end, resolved_at = case when $3 then $5::timestamptz end
       where id = $2 and release_id = $1 and (resolved_at is null) = $3 returning id, office_id as "officeId"`,
      [releaseId, commentId, resolved, actor.id, now],
    );
    const [row] = changed.rows;
    if (!row) return false;
    await done(client, actor, resolved ? 'resolve' : 'reopen', releaseId, row);
    return true;
  });
}

async function done(
  client: Parameters<typeof appendAudit>[0],
  actor: Actor,
  act: 'add' | 'resolve' | 'reopen',
  releaseId: number,
  { id, officeId }: { id: number; officeId: number },
  after: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await tellLive(client, { kind: 'release', officeId, releaseId });
  await appendAudit(client, {
    ...{ ...actor, officeId, action: `comment-${act}`, subject: `release:${releaseId}` },
    after: { comment: id, ...after },
  });
}
