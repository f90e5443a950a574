-- What an office looks out for: an institution, a kind of work or an issue, never a person. A watch counts for the posts of
-- its office and of all offices below it.
create table watches (
  id int generated always as identity primary key,
  office_id int not null references offices,
  -- Of those that ship with the program: what it is called there. Null: made at the desk.
  key text,
  name text not null check (name <> ''),
  subject_kind text not null check (subject_kind in ('institution', 'work', 'issue')),
  subject text not null check (subject <> ''),
  query text not null check (query <> ''),
  enabled boolean not null default true,
  -- Taken off the list; what was counted for it stays.
  archived_at timestamptz,
  -- Raised with every change: whoever changes it says which version they have seen.
  version int not null default 1,
  made_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  -- Null: as it ships.
  changed_by text references people,
  unique (office_id, key)
);
create unique index watches_name on watches (office_id, name) where archived_at is null;
call guard_by_office('watches');
-- What counts for the posts of an office is not hidden from it.
create policy from_above on watches for select using (
  enabled and archived_at is null and office_id in (
    select t.ancestor_id from office_tree t where t.office_id in (select * from offices_in_scope())));

-- Every version as it was, the present one among them.
create table watch_versions (
  office_id int not null references offices,
  watch_id int not null references watches,
  version int not null,
  name text not null,
  subject_kind text not null,
  subject text not null,
  query text not null,
  enabled boolean not null,
  archived boolean not null,
  -- The version whose words these are again.
  restores int,
  made_at timestamptz not null default now(),
  made_by text references people,
  primary key (watch_id, version)
);
call guard_by_office('watch_versions');

-- Stored posts of an office that a watch has still to be asked about, newest first.
create table watch_backlog (
  office_id int not null references offices,
  watch_id int not null references watches,
  version int not null,
  due_at timestamptz not null default now(),
  -- Only posts that were stored from then on: the second round, over those that were on their way when the watch changed.
  from_at timestamptz,
  -- How far it has come: the last post that was asked about. Null: none yet.
  at timestamptz,
  post_id bigint,
  primary key (office_id, watch_id)
);
create index watch_backlog_due on watch_backlog (due_at);
call guard_by_office('watch_backlog');

-- A new query is asked of what is stored already. As the owner: offices below are not in the scope of who makes a watch.
create function queue_watch() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not new.enabled or new.archived_at is not null then
    delete from watch_backlog where watch_id = new.id;
  elsif tg_op = 'INSERT' or new.query <> old.query or not old.enabled or old.archived_at is not null then
    insert into watch_backlog (office_id, watch_id, version)
    select t.office_id, new.id, new.version from office_tree t
    where t.ancestor_id = new.office_id and exists (select from sources s where s.office_id = t.office_id)
    on conflict (office_id, watch_id)
    do update set version = excluded.version, due_at = now(), from_at = null, at = null, post_id = null;
  else
    update watch_backlog set version = new.version where watch_id = new.id;
  end if;
  return null;
end $$;
create trigger watches_queued after insert or update on watches for each row execute function queue_watch();

comment on column watches.id is 'personal=no';
comment on column watches.office_id is 'personal=no';
comment on column watches.key is 'personal=no';
comment on column watches.name is 'personal=no';
comment on column watches.subject_kind is 'personal=no';
comment on column watches.subject is 'personal=no';
comment on column watches.query is 'personal=no';
comment on column watches.enabled is 'personal=no';
comment on column watches.archived_at is 'personal=no';
comment on column watches.version is 'personal=no';
comment on column watches.made_at is 'personal=no';
comment on column watches.changed_at is 'personal=no';
comment on column watches.changed_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column watch_versions.office_id is 'personal=no';
comment on column watch_versions.watch_id is 'personal=no';
comment on column watch_versions.version is 'personal=no';
comment on column watch_versions.name is 'personal=no';
comment on column watch_versions.subject_kind is 'personal=no';
comment on column watch_versions.subject is 'personal=no';
comment on column watch_versions.query is 'personal=no';
comment on column watch_versions.enabled is 'personal=no';
comment on column watch_versions.archived is 'personal=no';
comment on column watch_versions.restores is 'personal=no';
comment on column watch_versions.made_at is 'personal=no';
comment on column watch_versions.made_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column watch_backlog.office_id is 'personal=no';
comment on column watch_backlog.watch_id is 'personal=no';
comment on column watch_backlog.version is 'personal=no';
comment on column watch_backlog.due_at is 'personal=no';
comment on column watch_backlog.from_at is 'personal=no';
comment on column watch_backlog.at is 'personal=no';
comment on column watch_backlog.post_id is 'personal=no';
