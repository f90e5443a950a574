import type { GrantKind, Role } from '../config/access/roles.ts';
import { asLike } from './offices.ts';
import type { Queryable } from './pool.ts';
import { HELD_NOW } from './role-grants.ts';
import type { Offices } from './scope.ts';

export type PersonRow = {
  id: string;
  name: string;
  email: string;
  officeId: number;
  officeName: string;
  disabledAt: Date | null;
  createdAt: Date;
};
/** A role as a list shows it; the office where it is not the person's own. */
export type HeldRole = { role: Role; kind: GrantKind; office: string | null };
export type PersonLine = PersonRow & { roles: HeldRole[] };

export const personStates = ['active', 'disabled'] as const;
export type PersonFilter = {
  text: string;
  role: Role | null;
  state: (typeof personStates)[number] | null;
};

export const PEOPLE_PER_PAGE = 50;

const COLUMNS = `p.id, p.name, p.email, p.office_id as "officeId", o.name as "officeName", p.disabled_at as "disabledAt",
  p.created_at as "createdAt"`;

const MATCHES = `($1::int[] is null or p.office_id = any ($1))
  and ($2 = '' or p.name like '%' || $2 || '%' or p.email like '%' || lower($2) || '%')
  and ($3::text is null or (p.disabled_at is null) = ($3 = 'active'))
  and ($4::text is null or exists (
    select 1 from role_grants g where g.person_id = p.id and g.role = $4 and ${HELD_NOW}))`;

function values(offices: Offices, { text, role, state }: PersonFilter): unknown[] {
  return [offices, asLike(text.trim()), state, role];
}

/** A page of the people of some offices, by name. @param page from 1 */
export async function listPeople(
  db: Queryable,
  offices: Offices,
  filter: PersonFilter,
  page: number,
): Promise<PersonLine[]> {
  const result = await db.query<PersonLine>(
    `with chosen as materialized (
       select ${COLUMNS} from people p join offices o on o.id = p.office_id
       where ${MATCHES} order by p.name, p.id limit ${PEOPLE_PER_PAGE} offset $5
     )
     select chosen.*, coalesce(held.roles, '[]') as roles from chosen left join lateral (
       select json_agg(json_build_object('role', g.role, 'kind', g.kind,
         'office', case when g.office_id <> chosen."officeId" then elsewhere.name end) order by g.id) as roles
       from role_grants g join offices elsewhere on elsewhere.id = g.office_id
       where g.person_id = chosen.id and ${HELD_NOW}
     ) held on true order by chosen.name, chosen.id`,
    [...values(offices, filter), (Math.max(1, page) - 1) * PEOPLE_PER_PAGE],
  );
  return result.rows;
}

export async function countPeople(db: Queryable, offices: Offices, filter: PersonFilter): Promise<number> {
  const result = await db.query<{ n: number }>(
    `select count(*)::int as n from people p where ${MATCHES}`,
    values(offices, filter),
  );
  return result.rows[0]?.n ?? 0;
}

export async function personById(db: Queryable, id: string): Promise<PersonRow | null> {
  const result = await db.query<PersonRow>(
    `select ${COLUMNS} from people p join offices o on o.id = p.office_id where p.id = $1`,
    [id],
  );
  return result.rows[0] ?? null;
}

export type ExportedPerson = {
  name: string;
  email: string;
  officeCode: string;
  officeName: string;
  disabled: boolean;
};

/** Everybody of the scope, for a list to take away. */
export async function allPeople(db: Queryable): Promise<ExportedPerson[]> {
  const result = await db.query<ExportedPerson>(
    `select p.name, p.email, o.code as "officeCode", o.name as "officeName", p.disabled_at is not null as disabled
     from people p join offices o on o.id = p.office_id order by office_rank(o.level), o.code, p.name, p.id`,
  );
  return result.rows;
}
