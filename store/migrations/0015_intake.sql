-- What comes to the hub by itself: files that people bring, and items that other systems send.

alter table posts
  -- A line of a file, or an item that was sent, may stand nowhere that a person could open.
  alter column url drop not null,
  -- How many there were of it, where the source has counted them (aggregates of a hotline). Null: it does not say.
  add column times int check (times > 0);

-- Which column of the source's files is what, as somebody has last said at the desk; hub.yaml may say it too, in `settings`.
alter table sources add column upload_mapping jsonb;

-- What a system shows that sends to a source. The token itself is not kept, only its SHA-256.
create table push_tokens (
  id int generated always as identity primary key,
  office_id int not null references offices,
  source_id int not null references sources,
  -- Which system has it.
  name text not null check (name <> ''),
  digest bytea not null unique check (octet_length(digest) = 32),
  made_at timestamptz not null default now(),
  made_by text not null references people,
  last_used_at timestamptz,
  ended_at timestamptz,
  ended_by text references people,
  -- Calls within one minute: the limit holds for all processes together.
  minute timestamptz,
  calls int not null default 0
);
create index push_tokens_source on push_tokens (source_id);
call guard_by_office('push_tokens');

comment on column posts.times is 'personal=no';
comment on column sources.upload_mapping is 'personal=no';
comment on column push_tokens.id is 'personal=no';
comment on column push_tokens.office_id is 'personal=no';
comment on column push_tokens.source_id is 'personal=no';
comment on column push_tokens.name is 'personal=no';
comment on column push_tokens.digest is 'personal=no';
comment on column push_tokens.made_at is 'personal=no';
comment on column push_tokens.made_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column push_tokens.last_used_at is 'personal=no';
comment on column push_tokens.ended_at is 'personal=no';
comment on column push_tokens.ended_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column push_tokens.minute is 'personal=no';
comment on column push_tokens.calls is 'personal=no';
