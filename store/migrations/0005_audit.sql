-- What people did, and what the hub did for them. The text of an entry is what its hash is made of (audit-entry.ts); the
-- columns to search by are generated from that text, so that they cannot say anything else.

-- Entries write their time in UTC with a Z, so that no setting of the session has a part in how it is read.
create function audit_time(entry text) returns timestamptz language sql immutable parallel safe as $$
  select (entry::jsonb ->> 'at')::timestamptz
$$;

create table audit_entries (
  seq bigint primary key,
  entry text not null,
  -- Hash of the entry before: an entry can be checked also where its neighbour is gone.
  previous bytea not null,
  hash bytea not null,
  -- Suite and key of the hash.
  key_id text not null,
  office_id int not null generated always as ((entry::jsonb ->> 'officeId')::int) stored,
  at timestamptz not null generated always as (audit_time(entry)) stored,
  actor text not null generated always as (entry::jsonb ->> 'actor') stored,
  role text not null generated always as (entry::jsonb ->> 'role') stored,
  address text generated always as (entry::jsonb ->> 'address') stored,
  action text not null generated always as (entry::jsonb ->> 'action') stored,
  -- "C": what begins with some letters is one range of the index, also where row-level security forbids "like" to use it.
  subject text collate "C" not null generated always as (entry::jsonb ->> 'subject') stored
);
create index audit_entries_office on audit_entries (office_id, seq);
create index audit_entries_actor on audit_entries (actor, seq);
create index audit_entries_action on audit_entries (action, seq);
create index audit_entries_subject on audit_entries (subject, seq);
create index audit_entries_at on audit_entries (at);

-- Where the chain ends. Its keyed hash lets nobody but the program set it back.
create table audit_head (
  id int primary key check (id = 1),
  seq bigint not null,
  hash bytea not null,
  key_id text not null,
  mac bytea not null
);
insert into audit_head (id, seq, hash, key_id, mac) values (1, 0, decode(repeat('00', 32), 'hex'), '', '');

-- A second barrier: the roles of the program have no privilege to do any of this (grants.ts).
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'entries of % are only ever added', tg_table_name;
end $$;
create trigger audit_entries_append_only before update or delete or truncate on audit_entries
  for each statement execute function refuse_change();
create trigger audit_head_kept before delete or truncate on audit_head
  for each statement execute function refuse_change();

-- Read within the scope; written about any office, since the act itself has passed the gate.
alter table audit_entries enable row level security;
create policy office_scope on audit_entries for select
  using ((select every_office_in_scope()) or office_id in (select * from offices_in_scope()));
create policy appended on audit_entries for insert with check (true);

-- The last entry whatever the scope, for the appender that finds a head which is not the program's.
create function audit_last() returns table (seq bigint, hash bytea)
language sql stable security definer set search_path = public, pg_temp as $$
  select seq, hash from audit_entries order by seq desc limit 1
$$;

-- What the hub keeps for itself, sealed: the key that signs exports of the audit log.
create table secrets (
  name text primary key,
  sealed text not null,
  made_at timestamptz not null default now()
);

comment on column audit_entries.seq is 'personal=no';
comment on column audit_entries.entry is 'personal=staff-activity why=accountability kept=audit-period';
comment on column audit_entries.previous is 'personal=no';
comment on column audit_entries.hash is 'personal=no';
comment on column audit_entries.key_id is 'personal=no';
comment on column audit_entries.office_id is 'personal=no';
comment on column audit_entries.at is 'personal=staff-activity why=accountability kept=audit-period';
comment on column audit_entries.actor is 'personal=staff-activity why=accountability kept=audit-period';
comment on column audit_entries.role is 'personal=staff-activity why=accountability kept=audit-period';
comment on column audit_entries.address is 'personal=network-address why=accountability kept=audit-period';
comment on column audit_entries.action is 'personal=staff-activity why=accountability kept=audit-period';
comment on column audit_entries.subject is 'personal=staff-activity why=accountability kept=audit-period';
comment on column audit_head.id is 'personal=no';
comment on column audit_head.seq is 'personal=no';
comment on column audit_head.hash is 'personal=no';
comment on column audit_head.key_id is 'personal=no';
comment on column audit_head.mac is 'personal=no';
comment on column secrets.name is 'personal=no';
comment on column secrets.sealed is 'personal=no';
comment on column secrets.made_at is 'personal=no';
