import type { Actor } from './actor.ts';
import { tellLive } from './live.ts';
import type { Queryable } from './pool.ts';

/** Somebody who has the release open. `wroteAt` null: looks only. */
export type EditorRow = { personId: string; name: string | null; seenAt: Date; wroteAt: Date | null };

/** Whoever did not say so for this long has gone: three times the interval in which an open page says that it is there. */
export const GONE_SECONDS = 60;

/**
 * Notes that somebody has a release open; the others with it open are told when they came, or began to write.
 * @param writing whether they changed something since they last said so
 */
export async function noteEditor(
  db: Queryable,
  actor: Actor,
  release: { id: number; officeId: number },
  writing: boolean,
): Promise<void> {
  const before = await db.query<{ here: boolean; writing: boolean }>(
    `select seen_at > now() - make_interval(secs => $3) as here,
       coalesce(wrote_at > now() - make_interval(secs => $3), false) as writing
     from release_editors where release_id = $1 and person_id = $2`,
    [release.id, actor.id, GONE_SECONDS],
  );
  await db.query(
    `insert into release_editors (office_id, release_id, person_id, wrote_at) values ($1, $2, $3, case when $4 then now() end)
     on conflict (release_id, person_id) do update set seen_at = now(),
       wrote_at = case when $4 then now() when release_editors.seen_at < now() - make_interval(secs => $5) then null
         else release_editors.wrote_at end`,
    [release.officeId, release.id, actor.id, writing, GONE_SECONDS],
  );
  const [was] = before.rows;
  if (!was?.here || (writing && !was.writing)) await tell(db, release);
}

/** They have closed it. */
export async function dropEditor(
  db: Queryable,
  actor: Actor,
  release: { id: number; officeId: number },
): Promise<void> {
  const gone = await db.query('delete from release_editors where release_id = $1 and person_id = $2', [
    release.id,
    actor.id,
  ]);
  if (gone.rowCount === 1) await tell(db, release);
}

/** Who else has it open now, who writes first. */
export async function otherEditors(db: Queryable, releaseId: number, personId: string): Promise<EditorRow[]> {
  const found = await db.query<EditorRow>(
    `select e.person_id as "personId", p.name, e.seen_at as "seenAt", e.wrote_at as "wroteAt"
     from release_editors e left join people p on p.id = e.person_id
     where e.release_id = $1 and e.person_id <> $2 and e.seen_at > now() - make_interval(secs => $3)
     order by e.wrote_at desc nulls last, e.person_id`,
    [releaseId, personId, GONE_SECONDS],
  );
  return found.rows;
}

function tell(db: Queryable, { id, officeId }: { id: number; officeId: number }): Promise<void> {
  return tellLive(db, { kind: 'editors', officeId, releaseId: id });
}
