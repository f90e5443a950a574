-- What is kept no longer than it is needed, what a citizen objected to, and what every column says about personal data.

-- Raw text goes after its time. What is left is that an item was had: the next visit of its source does not take it again.
create table forgotten (
  office_id int not null references offices,
  source_id int not null references sources,
  identity bytea not null check (octet_length(identity) = 16),
  why text not null check (why in ('expired', 'objection')),
  at timestamptz not null default now(),
  primary key (source_id, identity)
);
call guard_by_office('forgotten');

-- Addresses that no source of the hub takes anything from: first 16 bytes of SHA-256 over the canonical address.
create table refused_addresses (
  address bytea primary key check (octet_length(address) = 16),
  at timestamptz not null default now()
);

-- A row outlives its post: the engine is told to drop a document whose post is gone.
alter table search_outbox drop constraint search_outbox_post_id_fkey;
create index search_outbox_post on search_outbox (post_id);

create index posts_first_seen on posts (office_id, first_seen_at);
-- Equality is all that an objection asks for; a hash holds long addresses in little room.
create index posts_url on posts using hash (url);

-- One row for each day on which an office's records were cleared: it is continued by a second try, and told on the public page.
create table retention_runs (
  office_id int not null references offices,
  day date not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  -- What was removed, by kind.
  removed jsonb not null default '{}',
  primary key (office_id, day)
);
call guard_by_office('retention_runs');

-- A citizen's objection, one row for each office that has to do with it; the receipt is common to them.
create table objections (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  receipt text not null,
  sent_at timestamptz not null default now(),
  due_at timestamptz not null,
  -- When nothing waits for a decision any more.
  settled_at timestamptz,
  -- Masked as every text is.
  reason text,
  -- Sealed: see store/sealed.ts.
  contact text,
  unique (receipt, office_id)
);
create index objections_office on objections (office_id, sent_at desc);
call guard_by_office('objections');

create table objection_addresses (
  objection_id bigint not null references objections on delete cascade,
  -- Which of the addresses on the form it is, from 1.
  place int not null,
  office_id int not null references offices,
  -- In words only while a decision waits, or after a refusal: an address may name the one who wrote there.
  address text,
  address_hash bytea not null check (octet_length(address_hash) = 16),
  -- removed: taken out at once; kept-away: was not there and will not be collected; waiting: an outlet's article, for staff to decide.
  outcome text not null check (outcome in ('removed', 'kept-away', 'waiting', 'honoured', 'declined')),
  removed int not null default 0,
  decided_by text references people,
  decided_at timestamptz,
  answer text,
  primary key (objection_id, place),
  check ((outcome in ('honoured', 'declined')) = (decided_at is not null)),
  check (outcome <> 'declined' or answer is not null),
  check (address is not null or outcome not in ('waiting', 'declined'))
);
create index objection_addresses_waiting on objection_addresses (office_id) where outcome = 'waiting';
call guard_by_office('objection_addresses');

-- How often a form came from one place on one day, against floods; the place as a keyed hash that changes every day.
create table objection_senders (
  sender bytea not null,
  day date not null,
  sent int not null,
  primary key (sender, day)
);

-- Removes what has run out of the tables that only signing in may read. Runs as the owner, so that the role which clears
-- records needs no right to see them.
create function forget_expired_sign_ins() returns jsonb language plpgsql security definer set search_path = public, pg_temp as $$
declare
  counted jsonb := '{}';
  cleared text;
  gone int;
begin
  foreach cleared in array array['sessions', 'verifications', 'webauthn_challenges', 'oidc_states', 'sign_in_tries'] loop
    execute format('delete from %I where expires_at < now()', cleared);
    get diagnostics gone = row_count;
    counted := counted || jsonb_build_object(cleared, gone);
  end loop;
  -- For a while yet, whoever opens an old link is told that it has ended.
  delete from invitations where expires_at < now() - interval '30 days';
  get diagnostics gone = row_count;
  counted := counted || jsonb_build_object('invitations', gone);
  return counted;
end $$;

-- `personal=no`, or `personal=<class> why=<purpose> kept=<retention>` in the words of config/privacy.ts; the privacy page is
-- made from these comments.
create or replace procedure pg_temp.annotate(said text, of_table regclass, variadic columns text[]) language plpgsql as $$
declare
  named text;
begin
  foreach named in array columns loop
    execute format('comment on column %s.%I is %L', of_table, named, said);
  end loop;
end $$;

call pg_temp.annotate('personal=no', 'schema_migrations', 'name', 'sha256', 'applied_at');
call pg_temp.annotate('personal=no', 'offices', 'id', 'code', 'name', 'level', 'parent_id', 'created_at', 'closed_at');
call pg_temp.annotate('personal=no', 'office_tree', 'ancestor_id', 'office_id', 'depth');

call pg_temp.annotate('personal=no', 'people', 'id', 'office_id', 'email_verified', 'must_change_password', 'disabled_at',
  'created_at', 'updated_at');
call pg_temp.annotate('personal=staff-name why=access kept=while-employed', 'people', 'name', 'image');
call pg_temp.annotate('personal=staff-contact why=signing-in kept=while-employed', 'people', 'email');
call pg_temp.annotate('personal=no', 'role_grants', 'id', 'office_id', 'role', 'kind', 'delegated_from', 'from_at', 'until_at',
  'granted_at', 'revoked_at');
call pg_temp.annotate('personal=staff-activity why=access kept=while-employed', 'role_grants', 'person_id', 'granted_by',
  'revoked_by');

call pg_temp.annotate('personal=no', 'sessions', 'id', 'expires_at', 'created_at', 'updated_at');
call pg_temp.annotate('personal=staff-activity why=signing-in kept=until-expiry', 'sessions', 'person_id', 'device');
call pg_temp.annotate('personal=staff-credential why=signing-in kept=until-expiry', 'sessions', 'token');
call pg_temp.annotate('personal=network-address why=signing-in kept=until-expiry', 'sessions', 'place');
call pg_temp.annotate('personal=no', 'credentials', 'id', 'provider_id', 'access_token_expires_at',
  'refresh_token_expires_at', 'scope', 'created_at', 'updated_at');
call pg_temp.annotate('personal=staff-credential why=signing-in kept=while-employed', 'credentials', 'person_id', 'account_id',
  'password', 'access_token', 'refresh_token', 'id_token');
call pg_temp.annotate('personal=no', 'verifications', 'id', 'expires_at', 'created_at', 'updated_at');
call pg_temp.annotate('personal=staff-credential why=signing-in kept=until-expiry', 'verifications', 'identifier', 'value');

call pg_temp.annotate('personal=no', 'sources', 'id', 'office_id', 'key', 'name', 'kind', 'url', 'outlet', 'enabled',
  'interval_seconds', 'legal_basis', 'impact_note', 'settings', 'etag', 'last_modified', 'next_visit_at', 'created_at');
call pg_temp.annotate('personal=staff-name why=accountability kept=while-record', 'sources', 'approved_by');
call pg_temp.annotate('personal=no', 'visits', 'id', 'office_id', 'source_id', 'slot', 'started_at', 'finished_at', 'outcome',
  'reason', 'detail', 'expected', 'got', 'fresh', 'copies', 'failed', 'failures', 'unsettled');
call pg_temp.annotate('personal=no', 'gaps', 'id', 'office_id', 'source_id', 'began_at', 'ended_at', 'reason');
call pg_temp.annotate('personal=no', 'posts', 'id', 'office_id', 'source_id', 'kind', 'outlet', 'published_at', 'date_problem',
  'first_seen_at', 'at', 'sentiment', 'sentiment_probability', 'redactions', 'place', 'watches', 'fingerprint', 'sentences',
  'copy_of', 'likes', 'comments', 'shares');
call pg_temp.annotate('personal=public-text why=listening kept=raw-text-days', 'posts', 'title', 'text');
call pg_temp.annotate('personal=public-address why=listening kept=raw-text-days', 'posts', 'url', 'parent_url', 'identity');
call pg_temp.annotate('personal=no', 'pulse', 'office_id', 'hour', 'source_id', 'sentiment', 'posts', 'copies');
call pg_temp.annotate('personal=no', 'search_outbox', 'id', 'office_id', 'post_id', 'created_at', 'refused');

call pg_temp.annotate('personal=no', 'releases', 'id', 'office_id', 'title', 'summary', 'body', 'state', 'version',
  'created_at', 'updated_at');
call pg_temp.annotate('personal=staff-activity why=work-record kept=while-record', 'releases', 'created_by');
call pg_temp.annotate('personal=no', 'deliveries', 'id', 'office_id', 'release_id', 'channel', 'due_at', 'state', 'content',
  'address', 'published_at', 'reason', 'created_at');
call pg_temp.annotate('personal=no', 'delivery_attempts', 'id', 'office_id', 'delivery_id', 'started_at', 'finished_at',
  'outcome', 'detail');
call pg_temp.annotate('personal=no', 'site_articles', 'id', 'office_id', 'delivery_id', 'slug', 'title', 'summary', 'body',
  'published_at', 'withdrawn_at');

call pg_temp.annotate('personal=no', 'forgotten', 'office_id', 'source_id', 'why', 'at');
call pg_temp.annotate('personal=citizen-mark why=not-again kept=while-refused', 'forgotten', 'identity');
call pg_temp.annotate('personal=no', 'refused_addresses', 'at');
call pg_temp.annotate('personal=citizen-mark why=not-again kept=while-refused', 'refused_addresses', 'address');
call pg_temp.annotate('personal=no', 'retention_runs', 'office_id', 'day', 'started_at', 'finished_at', 'removed');
call pg_temp.annotate('personal=no', 'objections', 'id', 'office_id', 'sent_at', 'due_at', 'settled_at');
call pg_temp.annotate('personal=citizen-mark why=objection kept=objection-days', 'objections', 'receipt');
call pg_temp.annotate('personal=citizen-text why=objection kept=objection-days', 'objections', 'reason');
call pg_temp.annotate('personal=citizen-contact why=objection kept=contact-days', 'objections', 'contact');
call pg_temp.annotate('personal=no', 'objection_addresses', 'objection_id', 'place', 'office_id', 'outcome', 'removed',
  'decided_at', 'answer');
call pg_temp.annotate('personal=public-address why=objection kept=until-decided', 'objection_addresses', 'address');
call pg_temp.annotate('personal=citizen-mark why=objection kept=objection-days', 'objection_addresses', 'address_hash');
call pg_temp.annotate('personal=staff-activity why=accountability kept=objection-days', 'objection_addresses', 'decided_by');
call pg_temp.annotate('personal=no', 'objection_senders', 'day', 'sent');
call pg_temp.annotate('personal=network-address why=objection kept=one-day', 'objection_senders', 'sender');
