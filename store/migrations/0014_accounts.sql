-- Accounts of the office's own at other platforms, and what opens their interfaces.

-- Tokens and keys of a source, sealed by the hub's cipher. Nobody gets to see one again.
create table source_secrets (
  source_id int not null references sources on delete cascade,
  -- As the source's settings call it: `access-token`.
  name text not null check (name ~ '^[a-z][a-z0-9-]{0,39}$'),
  office_id int not null references offices,
  sealed text not null,
  set_at timestamptz not null default now(),
  -- Null: from the environment of the hub.
  set_by text references people,
  -- The day it ends, where the platform says so.
  ends_at timestamptz,
  primary key (source_id, name)
);
call guard_by_office('source_secrets');

-- Calls of the day (Asia/Shanghai), counted by everything that uses the account. The path '' counts them all.
create table account_calls (
  office_id int not null references offices,
  -- `weibo:⟨uid⟩`, `wechat:⟨appid⟩`
  account text not null,
  day date not null,
  path text not null,
  calls int not null default 0,
  -- The platform has said that there are no more today, whatever we counted.
  used_up boolean not null default false,
  primary key (office_id, account, day, path)
);
call guard_by_office('account_calls');

-- Tokens that a platform lends for some hours: shared by all processes.
create table account_tokens (
  office_id int not null references offices,
  account text not null,
  sealed text not null,
  ends_at timestamptz not null,
  primary key (office_id, account)
);
call guard_by_office('account_tokens');

-- What reading remembers of the account's own articles and posts: which there are, how far their comments were read.
create table account_marks (
  office_id int not null references offices,
  account text not null,
  name text not null,
  value jsonb not null,
  marked_at timestamptz not null default now(),
  primary key (office_id, account, name)
);
call guard_by_office('account_marks');

comment on column source_secrets.source_id is 'personal=no';
comment on column source_secrets.name is 'personal=no';
comment on column source_secrets.office_id is 'personal=no';
comment on column source_secrets.sealed is 'personal=no';
comment on column source_secrets.set_at is 'personal=no';
comment on column source_secrets.set_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column source_secrets.ends_at is 'personal=no';
comment on column account_calls.office_id is 'personal=no';
comment on column account_calls.account is 'personal=no';
comment on column account_calls.day is 'personal=no';
comment on column account_calls.path is 'personal=no';
comment on column account_calls.calls is 'personal=no';
comment on column account_calls.used_up is 'personal=no';
comment on column account_tokens.office_id is 'personal=no';
comment on column account_tokens.account is 'personal=no';
comment on column account_tokens.sealed is 'personal=no';
comment on column account_tokens.ends_at is 'personal=no';
comment on column account_marks.office_id is 'personal=no';
comment on column account_marks.account is 'personal=no';
comment on column account_marks.name is 'personal=no';
comment on column account_marks.value is 'personal=no';
comment on column account_marks.marked_at is 'personal=no';
