-- Offices: the tree of procuratorates. Every other record names the office that it belongs to.
create table offices (
  id int generated always as identity primary key,
  code text not null unique,
  name text not null,
  level text not null check (level in ('supreme', 'provincial', 'municipal', 'county')),
  parent_id int references offices,
  created_at timestamptz not null default now()
);

-- People who sign in; what they may do stands in role_grants. The shape of these four tables is what better-auth reads and writes; sessions, credentials and
-- verifications belong to a person and have no office of their own, so that a person who moves takes them along.
create table people (
  id text primary key,
  office_id int not null references offices,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  must_change_password boolean not null default false,
  -- Set when the person has left: nothing of theirs is deleted, and nobody signs in under the account any more.
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table sessions (
  id text primary key,
  person_id text not null references people on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_person on sessions (person_id);

create table credentials (
  id text primary key,
  person_id text not null references people on delete cascade,
  account_id text not null,
  provider_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index credentials_person on credentials (person_id);

create table verifications (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
