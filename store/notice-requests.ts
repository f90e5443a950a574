import type { Role } from '../config/access/roles.ts';
import type { NoticeKind, NoticeLevel } from '../config/notices.ts';
import type { Queryable } from './pool.ts';

export type { NoticeKind } from '../config/notices.ts';

export type NoticeRequest = {
  /** Whose people are to be told; it need not be the warning's own. */
  officeId: number;
  kind: NoticeKind;
  /** Null: it is about no warning, and says itself what it is called, about and where it leads. */
  warningId: number | null;
  level: NoticeLevel;
  /** What it is about; absent: what the warning is about. */
  subject?: string;
  /** What the notice is called; absent: as the warning. */
  title?: string;
  /** One or two sentences of what happened and what is to be done, in Chinese. */
  text?: string;
  /** The page that it leads to; absent: the warning's. */
  path?: string;
  /** Whose act it tells of: they know, and are not told. Absent: nobody's. */
  actedBy?: string;
  /** Who alone is told, whatever they want to be told: these people, and holders of these roles. Absent: nobody in particular. */
  toPeople?: readonly string[];
  toRoles?: readonly Role[];
};

/**
 * Asks for a notice, in the transaction that gives the reason for it: the notice comes when that is committed, and not
 * otherwise. Costs one statement and tells nobody anything by itself; the publish role looks every second.
 */
export async function requestNotice(client: Queryable, request: NoticeRequest): Promise<void> {
  const {
    officeId,
    kind,
    warningId,
    level,
    subject,
    title,
    text = '',
    path,
    actedBy,
    toPeople,
    toRoles,
  } = request;
  await client.query(
    // Who asks is an office of the scope; that another one is told is what this is for.
    `insert into notice_requests (to_office_id, office_id, kind, warning_id, level, subject, title, text, path, acted_by,
       to_people, to_roles)
     select $1,
       case when every_office_in_scope() or $1 in (select * from offices_in_scope()) then $1
         else coalesce((select min(id) from offices_in_scope() as scope (id)), $1) end,
       $2, $3, $4, coalesce($9, w.subject_kind || ':' || w.subject_key, 'warning:' || $3::text),
       coalesce($5, nullif(w.title, ''), '#' || $3::text), $6, $7, $8, $10, $11
     from (select $3::bigint as id) asked left join warnings w on w.id = asked.id`,
    [
      ...[officeId, kind, warningId, level, title ?? null, text, path ?? `/warnings/${warningId}`],
      ...[actedBy ?? null, subject ?? null, toPeople ?? null, toRoles ?? null],
    ],
  );
}
