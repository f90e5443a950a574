-- Lists of words that people edit at the desk, for the whole hub. Nothing is changed in place: every version is a row, and
-- the newest one counts.
create table word_lists (
  list text not null check (list ~ '^[a-z]+(-[a-z]+)*$'),
  version int not null check (version > 0),
  -- The list as somebody wrote it, one entry on a line; null: as it ships with the program.
  body text,
  why text not null check (why <> ''),
  -- The version whose words these are again.
  restores int,
  made_at timestamptz not null default now(),
  made_by text not null references people,
  primary key (list, version)
);

-- What the steps know is compiled in every process. A process looks here, in one row each, whether that has changed.
create table knowledge_versions (
  part text primary key,
  version bigint not null default 0
);
insert into knowledge_versions (part) values ('word-lists'), ('models'), ('watches');

create function touch_knowledge() returns trigger language plpgsql as $$
begin
  update knowledge_versions set version = version + 1 where part = tg_argv[0];
  return null;
end $$;
create trigger word_lists_touched after insert on word_lists
  for each statement execute function touch_knowledge('word-lists');

comment on column word_lists.list is 'personal=no';
comment on column word_lists.version is 'personal=no';
comment on column word_lists.body is 'personal=no';
comment on column word_lists.why is 'personal=no';
comment on column word_lists.restores is 'personal=no';
comment on column word_lists.made_at is 'personal=no';
comment on column word_lists.made_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column knowledge_versions.part is 'personal=no';
comment on column knowledge_versions.version is 'personal=no';
