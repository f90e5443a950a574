-- Where the hub listens. `settings` is the checked form of one source in hub.yaml (config/sources.ts).
create table sources (
  id int generated always as identity primary key,
  office_id int not null references offices,
  key text not null,
  name text not null,
  kind text not null,
  url text not null,
  outlet text,
  enabled boolean not null default true,
  interval_seconds int not null check (interval_seconds >= 5),
  legal_basis text not null,
  impact_note text not null,
  approved_by text not null,
  settings jsonb not null,
  -- Answer of the last complete visit, for conditional requests.
  etag text,
  last_modified text,
  next_visit_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (office_id, key)
);

-- One row for each visit, also for those that failed: what was got, what was not, and why.
create table visits (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  source_id int not null references sources,
  -- The clock's slot; with the source it names the visit, so that two clocks or a second try cannot make two of it.
  slot bigint not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  outcome text not null default 'running' check (outcome in ('running', 'complete', 'unchanged', 'partial', 'failed')),
  -- Stable code of the reason when partial or failed, and the sentence for people.
  reason text,
  detail text,
  -- Items that the source listed, and of them: usable, new, copies of known ones, not usable.
  expected int,
  got int,
  fresh int,
  copies int,
  failed int,
  -- Reason code → number of items that were not got because of it.
  failures jsonb not null default '{}',
  -- Something may still be there to get: the next visit reads the source's list to its end.
  unsettled boolean not null default true,
  unique (source_id, slot)
);
create index visits_source_started on visits (source_id, started_at desc);

-- Times for which a source is not known: a chart shades them, nothing reads them as calm.
create table gaps (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  source_id int not null references sources,
  began_at timestamptz not null,
  ended_at timestamptz,
  reason text not null
);
create unique index gaps_one_open on gaps (source_id) where ended_at is null;
create index gaps_office_time on gaps (office_id, began_at);

-- What the public says: text after redaction, never its author.
create table posts (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  source_id int not null references sources,
  -- First 16 bytes of SHA-256 over the external id or the canonical address: a post is stored once per source.
  identity bytea not null check (octet_length(identity) = 16),
  kind text not null check (kind in ('article', 'post', 'comment')),
  url text not null,
  parent_url text,
  title text,
  text text not null,
  outlet text,
  -- As the source states it; null when it states none, or one that cannot be (date_problem).
  published_at timestamptz,
  date_problem text check (date_problem in ('missing', 'future', 'ancient')),
  first_seen_at timestamptz not null default now(),
  -- The time that lists and charts go by: published_at, else first_seen_at.
  at timestamptz not null,
  sentiment text not null check (sentiment in ('negative', 'neutral', 'positive')),
  sentiment_probability real not null,
  -- Kind of personal data → how often it was masked.
  redactions jsonb not null default '{}',
  -- Administrative division (GB/T 2260) that the text is about, and the watches that it matches.
  place text,
  watches text[] not null default '{}',
  -- Finds posts that may say the same (null for texts too short to tell); the hashes of its sentences decide.
  fingerprint bigint,
  sentences int[] not null default '{}',
  copy_of bigint references posts,
  likes int,
  comments int,
  shares int,
  unique (source_id, identity)
);
create index posts_office_at on posts (office_id, at desc, id desc);
create index posts_source_at on posts (source_id, at desc, id desc);
create index posts_fingerprint on posts (office_id, fingerprint) where fingerprint is not null and copy_of is null;
create index posts_copy_of on posts (copy_of) where copy_of is not null;

-- Hourly counters, kept in the transaction that stores the posts: charts read these and never scan posts.
create table pulse (
  office_id int not null references offices,
  hour timestamptz not null,
  source_id int not null references sources,
  sentiment text not null,
  posts int not null,
  copies int not null,
  primary key (office_id, hour, source_id, sentiment)
);

-- What the search engine has still to be told. A row lives until the engine has confirmed the document.
create table search_outbox (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  post_id bigint not null references posts,
  created_at timestamptz not null default now(),
  -- Set when the engine refuses this one document again and again; such a row waits for a person.
  refused text
);
create index search_outbox_waiting on search_outbox (id) where refused is null;
