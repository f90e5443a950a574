-- Second factors. All of this is read by the code that signs people in, and by nobody else (grants.ts).

-- What the session was opened with besides the password; null: nothing.
alter table sessions
  add column factor text check (factor in ('totp', 'passkey', 'recovery', 'oidc')),
  add column factor_at timestamptz;

-- One authenticator app for each person. A new one is pending until a code from it was typed in; the old one stays good
-- until then.
create table totp_factors (
  person_id text primary key references people on delete cascade,
  secret_sealed text,
  confirmed_at timestamptz,
  -- The time step of the last code taken: that one and all before it are spent.
  last_step bigint not null default 0,
  pending_sealed text,
  pending_at timestamptz,
  check ((secret_sealed is null) = (confirmed_at is null)),
  check ((pending_sealed is null) = (pending_at is null))
);

create table passkeys (
  id text primary key,
  person_id text not null references people on delete cascade,
  credential_id text not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null check (char_length(name) between 1 and 40),
  backed_up boolean not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index passkeys_person on passkeys (person_id);

create table recovery_codes (
  id bigint generated always as identity primary key,
  person_id text not null references people on delete cascade,
  salt bytea not null,
  code_hash bytea not null,
  made_at timestamptz not null default now(),
  used_at timestamptz,
  unique (person_id, code_hash)
);

-- What an authenticator is asked to sign: for one session or one browser, once, for some minutes.
create table webauthn_challenges (
  challenge text primary key,
  purpose text not null check (purpose in ('enrol', 'second', 'sign-in')),
  bound_to text not null,
  expires_at timestamptz not null
);
create index webauthn_challenges_expiry on webauthn_challenges (expires_at);

-- A sign-on that is under way at the provider, from one browser.
create table oidc_states (
  state text primary key,
  bound_to text not null,
  nonce text not null,
  code_verifier text not null,
  return_path text not null,
  expires_at timestamptz not null
);
create index oidc_states_expiry on oidc_states (expires_at);

create table oidc_links (
  person_id text not null references people on delete cascade,
  issuer text not null,
  subject text not null,
  linked_at timestamptz not null default now(),
  last_used_at timestamptz,
  primary key (issuer, subject),
  unique (person_id, issuer)
);

comment on column sessions.factor is 'personal=staff-activity why=signing-in kept=until-expiry';
comment on column sessions.factor_at is 'personal=staff-activity why=signing-in kept=until-expiry';

comment on column totp_factors.person_id is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column totp_factors.secret_sealed is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column totp_factors.confirmed_at is 'personal=staff-activity why=signing-in kept=while-employed';
comment on column totp_factors.last_step is 'personal=staff-activity why=signing-in kept=while-employed';
comment on column totp_factors.pending_sealed is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column totp_factors.pending_at is 'personal=staff-activity why=signing-in kept=while-employed';

comment on column passkeys.id is 'personal=no';
comment on column passkeys.person_id is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column passkeys.credential_id is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column passkeys.public_key is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column passkeys.counter is 'personal=staff-activity why=signing-in kept=while-employed';
comment on column passkeys.transports is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column passkeys.name is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column passkeys.backed_up is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column passkeys.created_at is 'personal=staff-activity why=signing-in kept=while-employed';
comment on column passkeys.last_used_at is 'personal=staff-activity why=signing-in kept=while-employed';

comment on column recovery_codes.id is 'personal=no';
comment on column recovery_codes.person_id is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column recovery_codes.salt is 'personal=no';
comment on column recovery_codes.code_hash is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column recovery_codes.made_at is 'personal=staff-activity why=signing-in kept=while-employed';
comment on column recovery_codes.used_at is 'personal=staff-activity why=signing-in kept=while-employed';

comment on column webauthn_challenges.challenge is 'personal=no';
comment on column webauthn_challenges.purpose is 'personal=no';
comment on column webauthn_challenges.bound_to is 'personal=staff-credential why=signing-in kept=until-expiry';
comment on column webauthn_challenges.expires_at is 'personal=no';

comment on column oidc_states.state is 'personal=no';
comment on column oidc_states.bound_to is 'personal=staff-credential why=signing-in kept=until-expiry';
comment on column oidc_states.nonce is 'personal=no';
comment on column oidc_states.code_verifier is 'personal=no';
comment on column oidc_states.return_path is 'personal=staff-activity why=signing-in kept=until-expiry';
comment on column oidc_states.expires_at is 'personal=no';

comment on column oidc_links.person_id is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column oidc_links.issuer is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column oidc_links.subject is 'personal=staff-credential why=signing-in kept=while-employed';
comment on column oidc_links.linked_at is 'personal=staff-activity why=signing-in kept=while-employed';
comment on column oidc_links.last_used_at is 'personal=staff-activity why=signing-in kept=while-employed';
