-- What the public is concerned about: posts of one office that are about the same, in whatever words.
create table concerns (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  -- Words of the posts; `renamed` is what a person called it and wins.
  label text not null default '',
  renamed text check (renamed <> ''),
  -- Sentences taken from its posts: [{"postId", "text"}].
  sentences jsonb not null default '[]',
  -- Words that set it apart, with weights: [{"word", "weight"}].
  words jsonb not null default '[]',
  -- A concern that nothing was added to for long sleeps; it wakes with the next post.
  asleep_at timestamptz,
  -- Its posts belong to another one since, by regrouping or by hand.
  merged_into bigint references concerns,
  pinned_at timestamptz,
  muted_at timestamptz,
  -- Times of its earliest and latest post, and the source of the earliest.
  first_at timestamptz not null,
  last_at timestamptz not null,
  first_source_id int references sources,
  -- Posts, copies among them, and different sources.
  posts int not null default 0,
  copies int not null default 0,
  sources int not null default 0,
  -- Heat as of `heat_at`, its parts (config/heat.ts), and how it stands to its own usual: change of heat, 1 = as usual.
  heat real not null default 0,
  heat_parts jsonb not null default '{}',
  trend real,
  heat_at timestamptz,
  made_at timestamptz not null default now(),
  -- Raised by every act of a person: whoever acts says which version they have seen.
  version int not null default 1
);
create index concerns_office_heat on concerns (office_id, heat desc, id desc) where merged_into is null;
create index concerns_office_last on concerns (office_id, last_at desc, id desc) where merged_into is null;
create index concerns_merged on concerns (merged_into) where merged_into is not null;
call guard_by_office('concerns');

-- To which concern a post belongs.
create table concern_posts (
  office_id int not null references offices,
  post_id bigint primary key references posts on delete cascade,
  concern_id bigint not null references concerns,
  -- As of the post.
  at timestamptz not null,
  -- A person said so: grouping does not move it.
  held boolean not null default false
);
create index concern_posts_concern on concern_posts (concern_id, at desc, post_id desc);
call guard_by_office('concern_posts');

-- Posts of one storing transaction each that have still to be grouped.
create table grouping_backlog (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  post_ids bigint[] not null,
  made_at timestamptz not null default now()
);
create index grouping_backlog_office on grouping_backlog (office_id, id);
call guard_by_office('grouping_backlog');

-- What grouping knows of an office between two runs: hashed words, counts and numbers, no text.
create table grouping_states (
  office_id int primary key references offices,
  state bytea not null,
  -- Changes with the form of the state: an older one is made anew from the posts.
  form int not null,
  saved_at timestamptz not null default now()
);
call guard_by_office('grouping_states');

-- What people did to concerns, and what it takes to undo it.
create table concern_acts (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  concern_id bigint not null references concerns,
  kind text not null check (kind in ('merge', 'split', 'rename', 'pin', 'unpin', 'mute', 'unmute')),
  -- Numbers of concerns and posts, and the names before: enough to undo it.
  before jsonb not null default '{}',
  made_at timestamptz not null default now(),
  made_by text not null references people,
  undone_at timestamptz,
  undone_by text references people,
  check ((undone_at is null) = (undone_by is null))
);
create index concern_acts_concern on concern_acts (concern_id, id desc);
call guard_by_office('concern_acts');

-- Notes of people about a concern.
create table concern_notes (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  concern_id bigint not null references concerns,
  text text not null check (text <> ''),
  made_at timestamptz not null default now(),
  made_by text not null references people,
  removed_at timestamptz
);
create index concern_notes_concern on concern_notes (concern_id, id desc);
call guard_by_office('concern_notes');

-- Releases that a person linked to a concern: what was said about it.
create table concern_releases (
  office_id int not null references offices,
  concern_id bigint not null references concerns,
  release_id bigint not null references releases,
  made_at timestamptz not null default now(),
  made_by text not null references people,
  primary key (concern_id, release_id)
);
call guard_by_office('concern_releases');

-- Concerns are counted like watches: in the transaction that puts a post into one.
alter table pulse_by drop constraint pulse_by_dimension_check;
alter table pulse_by add constraint pulse_by_dimension_check
  check (dimension in ('watch', 'line', 'voice', 'place', 'concern'));
