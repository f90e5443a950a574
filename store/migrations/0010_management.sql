-- Changing the tree of offices, the people in it and their roles.

-- Every change of the tree rewrites a part of the closure by what it sees: one after the other, or two moves at once would
-- leave an office within reach of one that it no longer stands under. And whoever moves an office must have the place that
-- it goes to; its policy sees only the office itself.
create function guard_office_tree() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(6, 0);
  if row_security_active('offices') and not every_office_in_scope()
    and (tg_op = 'INSERT' or new.parent_id is distinct from old.parent_id)
    and not exists (
      select 1 from office_tree where office_id = new.parent_id and ancestor_id in (select * from offices_in_scope())
    ) then
    raise exception 'office % would stand outside the scope', new.code using errcode = 'JS004';
  end if;
  return new;
end $$;
create trigger offices_guarded before insert or update of parent_id on offices
  for each row execute function guard_office_tree();

-- What was made a moment ago below an office of the scope belongs to it too: an import makes a city and its counties in
-- one transaction.
drop policy office_scope_new on offices;
create policy office_scope_new on offices for insert with check ((select every_office_in_scope()) or exists (
  select 1 from office_tree where office_id = parent_id and ancestor_id in (select * from offices_in_scope())
));

create index people_name on people (name, id);
create index role_grants_role on role_grants (role, office_id) where revoked_at is null;
create index role_grants_giver on role_grants (delegated_from) where revoked_at is null and delegated_from is not null;

-- Whether somebody holds an administrator's role over an office for good, when the grants of `ending` are gone. Those
-- above it are out of the scope of those who may ask, so that it runs as the owner, and says no more than yes or no. Two
-- who take the role from each other at the same moment come one after the other.
create function administrator_remains(wanted text, over_office int, ending bigint[]) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(6, 1);
  return exists (
    select 1 from role_grants g
    join office_tree t on t.ancestor_id = g.office_id and t.office_id = over_office
    join people p on p.id = g.person_id and p.disabled_at is null
    where g.role = wanted and g.id <> all (ending) and g.revoked_at is null and g.until_at is null and g.from_at <= now()
  );
end $$;

-- Whether closing an account would leave some office without an administrator, also where the person's roles are out of
-- the scope of whoever closes it.
create function is_sole_administrator(person text) returns boolean
language sql security definer set search_path = public, pg_temp as $$
  select exists (
    select 1 from role_grants g
    where g.person_id = person and g.role like '%-administrator' and g.revoked_at is null and g.until_at is null
      and not administrator_remains(g.role, g.office_id, array(select id from role_grants where person_id = person))
  )
$$;
