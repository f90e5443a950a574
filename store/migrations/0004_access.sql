-- Who may see and do what. The tree of offices is kept as a closure (every office with all that stands above it), so that
-- "this office and all below" is one index scan; moving an office rewrites the rows of its subtree and nothing else.
alter table offices add column closed_at timestamptz;
create index offices_parent on offices (parent_id);
create index people_office on people (office_id, name);

create table office_tree (
  ancestor_id int not null references offices,
  office_id int not null references offices,
  -- 0: the office itself.
  depth int not null check (depth >= 0),
  primary key (ancestor_id, office_id)
);
create index office_tree_office on office_tree (office_id);

create function office_rank(level text) returns int language sql immutable as $$
  select array_position(array['supreme', 'provincial', 'municipal', 'county'], level)
$$;

-- An office stands below one of a higher level; levels may be left out (a county directly under its province).
-- Runs as the owner: the program itself may read the tree and not write it.
create function keep_office_tree() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.parent_id = new.id or exists (
    select 1 from office_tree where ancestor_id = new.id and office_id = new.parent_id
  ) then
    raise exception 'office % would stand below itself', new.code using errcode = 'JS001';
  end if;
  if exists (select 1 from offices p where p.id = new.parent_id and office_rank(p.level) >= office_rank(new.level))
    or exists (select 1 from offices c where c.parent_id = new.id and office_rank(c.level) <= office_rank(new.level)) then
    raise exception 'office % does not fit the levels around it', new.code using errcode = 'JS003';
  end if;
  if tg_op = 'INSERT' then
    insert into office_tree (ancestor_id, office_id, depth) values (new.id, new.id, 0);
  elsif new.parent_id is not distinct from old.parent_id then
    return new;
  else
    delete from office_tree t using office_tree below
    where below.ancestor_id = new.id and t.office_id = below.office_id
      and t.ancestor_id not in (select office_id from office_tree where ancestor_id = new.id);
  end if;
  insert into office_tree (ancestor_id, office_id, depth)
  select above.ancestor_id, below.office_id, above.depth + 1 + below.depth
  from office_tree above, office_tree below
  where above.office_id = new.parent_id and below.ancestor_id = new.id;
  return new;
end $$;
create trigger offices_tree after insert or update of parent_id, level on offices
  for each row execute function keep_office_tree();
insert into office_tree (ancestor_id, office_id, depth) select id, id, 0 from offices;

-- A role is held in an office, by oneself, as a deputy, or on behalf of its holder for a time.
create table role_grants (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  person_id text not null references people,
  role text not null check (role in ('press-officer', 'first-reviewer', 'second-reviewer', 'final-reviewer', 'signatory',
    'responder', 'analyst', 'leader', 'system-administrator', 'security-administrator', 'audit-administrator')),
  kind text not null check (kind in ('holder', 'deputy', 'delegate')),
  -- The grant that a delegate acts on behalf of: when that one ends, so does this.
  delegated_from bigint references role_grants,
  from_at timestamptz not null default now(),
  until_at timestamptz,
  granted_by text not null,
  granted_at timestamptz not null default now(),
  revoked_by text,
  revoked_at timestamptz,
  check ((kind = 'delegate') = (delegated_from is not null)),
  check (kind <> 'delegate' or until_at is not null),
  check (until_at > from_at)
);
create index role_grants_person on role_grants (person_id) where revoked_at is null;
create index role_grants_office on role_grants (office_id) where revoked_at is null;
create unique index role_grants_once on role_grants (person_id, office_id, role)
  where revoked_at is null and until_at is null;

-- The three administrators exclude one another and every other role, whoever grants it and by whatever way.
create function separate_administrators() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.revoked_at is not null then return new; end if;
  -- Of two grants to one person at once, the second sees the first.
  perform 1 from people where id = new.person_id for update;
  if exists (
    select 1 from role_grants g
    where g.person_id = new.person_id and g.id <> new.id and g.revoked_at is null and g.role <> new.role
      and (g.role like '%-administrator' or new.role like '%-administrator')
      and tstzrange(g.from_at, g.until_at) && tstzrange(new.from_at, new.until_at)
      and (g.until_at is null or g.until_at > now())
  ) then
    raise exception 'an administrator holds no other role' using errcode = 'JS002';
  end if;
  return new;
end $$;
create trigger role_grants_separated before insert or update on role_grants
  for each row execute function separate_administrators();

-- The one gate, below every query: rows are there only for a connection whose scope holds their office. Without a scope
-- nothing is. The settings are made by store/scope.ts alone.
create function every_office_in_scope() returns boolean language sql stable parallel safe as $$
  select coalesce(current_setting('jiansheng.every', true), '') = 'on'
$$;
create function offices_in_scope() returns setof int language sql stable parallel safe as $$
  select unnest(coalesce(nullif(current_setting('jiansheng.offices', true), ''), '{}')::int[])
$$;

-- Whether an office is in scope is one bit of a mask, the bit of its id: the list of offices once more, in the form in which
-- a row and a statement cost least. Sub-selects, so that both settings are looked at once for a statement and not once for a
-- row; written out, since the body of a function would be parsed anew for every statement. Without a setting nothing is true.
create procedure guard_by_office(guarded regclass, office text default 'office_id') language plpgsql as $$
begin
  execute format('alter table %s enable row level security', guarded);
  execute format(
    'create policy office_scope on %s using ((select current_setting(''jiansheng.every'', true) = ''on'')
       or substring((select nullif(current_setting(''jiansheng.mask'', true), '''')::bit varying) from %I + 1 for 1) = B''1'')',
    guarded, office);
end $$;

call guard_by_office('people');
call guard_by_office('role_grants');
call guard_by_office('sources');
call guard_by_office('visits');
call guard_by_office('gaps');
call guard_by_office('posts');
call guard_by_office('pulse');
call guard_by_office('search_outbox');
call guard_by_office('releases');
call guard_by_office('deliveries');
call guard_by_office('delivery_attempts');
call guard_by_office('site_articles');

-- What stands on the website is there for everybody.
create policy published on site_articles for select using (withdrawn_at is null);

-- The register of offices is no secret; it is changed by those who have the office, and a new one by those above it.
alter table offices enable row level security;
create policy register on offices for select using (true);
create policy office_scope on offices for update
  using ((select every_office_in_scope()) or id in (select * from offices_in_scope()));
create policy office_scope_new on offices for insert
  with check ((select every_office_in_scope()) or parent_id in (select * from offices_in_scope()));

-- A roll-up of many offices asks for a time, not for an office.
create index pulse_hour on pulse (hour);
create index posts_at on posts (at desc, id desc);
