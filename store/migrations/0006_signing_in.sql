-- Signing in with a password, and what a session is bound to. All of this is read by the code that signs people in, and
-- by nobody else (grants.ts).

-- Where a session was opened, and with what: words made from the User-Agent ("Chrome · Windows"), never the text itself.
alter table sessions rename column ip_address to place;
alter table sessions rename column user_agent to device;
alter table sessions
  add column last_seen_at timestamptz not null default now(),
  -- Whether it has come as far as the desk: only then do older ones make room for it.
  add column settled boolean not null default false,
  -- How many did.
  add column ended_others int not null default 0,
  -- Whether its person was told of their other sessions.
  add column welcomed boolean not null default false;

alter table credentials add column password_at timestamptz not null default now();
-- One password for each person; other providers keep nothing here.
create unique index credentials_once on credentials (person_id, provider_id);

-- The passwords before the present one, so that none comes back at once.
create table password_history (
  id bigint generated always as identity primary key,
  person_id text not null references people on delete cascade,
  password text not null,
  replaced_at timestamptz not null default now()
);
create index password_history_person on password_history (person_id, id desc);

-- Tries to sign in, counted for an account at a place, an account wherever (place ''), and a place whatever the account
-- (account ''). The account is a hash of what was typed: it may be nobody's, or a password typed into the wrong field.
create table sign_in_tries (
  kind text not null check (kind in ('password', 'code')),
  account text not null,
  place text not null,
  tries int not null,
  -- Set with the last try that was allowed.
  locked_at timestamptz,
  -- When it is forgotten: counted from the first try, or from the lock.
  expires_at timestamptz not null,
  primary key (account, place, kind)
);
create index sign_in_tries_expiry on sign_in_tries (expires_at);

-- What an account is called in there.
create function account_hash(email text) returns text language sql immutable parallel safe as $$
  select encode(sha256(convert_to(email, 'UTF8')), 'hex')
$$;
create index people_account on people (account_hash(email));

-- Links by which a person sets a password: the first one, or another when it is lost.
create table invitations (
  id bigint generated always as identity primary key,
  token_hash bytea not null unique,
  person_id text not null references people on delete cascade,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  check (used_at is null or revoked_at is null)
);
create index invitations_person on invitations (person_id, id desc);

comment on column sessions.last_seen_at is 'personal=staff-activity why=signing-in kept=until-expiry';
comment on column sessions.settled is 'personal=no';
comment on column sessions.ended_others is 'personal=no';
comment on column sessions.welcomed is 'personal=no';

comment on column credentials.password_at is 'personal=staff-activity why=signing-in kept=while-employed';

comment on column password_history.id is 'personal=no';
comment on column password_history.person_id is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column password_history.password is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column password_history.replaced_at is 'personal=staff-activity why=signing-in kept=while-employed';

comment on column sign_in_tries.kind is 'personal=no';
comment on column sign_in_tries.account is 'personal=staff-contact why=signing-in kept=one-day';
comment on column sign_in_tries.place is 'personal=network-address why=signing-in kept=one-day';
comment on column sign_in_tries.tries is 'personal=no';
comment on column sign_in_tries.locked_at is 'personal=no';
comment on column sign_in_tries.expires_at is 'personal=no';

comment on column invitations.id is 'personal=no';
comment on column invitations.token_hash is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column invitations.person_id is 'personal=staff-activity why=signing-in kept=while-employed';
comment on column invitations.created_by is 'personal=staff-activity why=accountability kept=while-employed';
comment on column invitations.created_at is 'personal=no';
comment on column invitations.expires_at is 'personal=no';
comment on column invitations.used_at is 'personal=staff-activity why=signing-in kept=while-employed';
comment on column invitations.revoked_at is 'personal=no';
