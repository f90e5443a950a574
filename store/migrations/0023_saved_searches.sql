-- Searches that people keep for themselves, each with an alert and, if they like, a feed.

create table saved_searches (
  id int generated always as identity primary key,
  office_id int not null references offices,
  person_id text not null references people,
  name text not null check (name <> '' and length(name) <= 60),
  -- The address of the search page: what comes after its question mark.
  query text not null check (length(query) <= 2000),
  -- The same taken apart, for the hub's own look at it (store/saved-searches.ts).
  asks jsonb not null,
  alert boolean not null,
  made_at timestamptz not null default now(),
  -- The newest post that it had found when the person last looked, and how many it has found since.
  seen_post bigint not null default 0,
  fresh int not null default 0,
  checked_at timestamptz,
  -- Of the token in the feed's address; the token itself is not kept. Null: there is no feed.
  feed_digest bytea unique check (octet_length(feed_digest) = 32),
  feed_made_at timestamptz,
  feed_read_at timestamptz
);
create index saved_searches_person on saved_searches (person_id);
call guard_by_office('saved_searches');

comment on column saved_searches.id is 'personal=no';
comment on column saved_searches.office_id is 'personal=no';
comment on column saved_searches.person_id is 'personal=staff-activity why=work-record kept=while-record';
comment on column saved_searches.name is 'personal=no';
comment on column saved_searches.query is 'personal=no';
comment on column saved_searches.asks is 'personal=no';
comment on column saved_searches.alert is 'personal=no';
comment on column saved_searches.made_at is 'personal=no';
comment on column saved_searches.seen_post is 'personal=no';
comment on column saved_searches.fresh is 'personal=no';
comment on column saved_searches.checked_at is 'personal=no';
comment on column saved_searches.feed_digest is 'personal=no';
comment on column saved_searches.feed_made_at is 'personal=no';
comment on column saved_searches.feed_read_at is 'personal=no';
