-- What the public is concerned about: posts of one office that are about the same, in whatever words.
create table concerns (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  -- Under which grouping knows it (indexer/topics). Null: a person made it a moment ago by splitting another one.
  number int,
  -- Words of the posts; `renamed` is what a person called it and wins.
  label text not null default '',
  renamed text check (renamed <> ''),
  -- Sentences taken from its posts: [{"postId", "text"}].
  sentences jsonb not null default '[]',
  -- The posts that the sentences were taken from: with such a post its sentence goes.
  sentence_posts bigint[] not null default '{}',
  -- How many posts it had when label, sentences and words were taken; null: they are to be taken anew.
  labelled_posts int,
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
  -- When it is to be worked out again: at once after posts have come, and now and then by itself.
  heat_due timestamptz not null default '-infinity',
  made_at timestamptz not null default now(),
  -- Raised by every act of a person: whoever acts says which version they have seen.
  version int not null default 1,
  unique (office_id, number)
);
create index concerns_office_heat on concerns (office_id, heat desc, id desc) where merged_into is null;
create index concerns_office_last on concerns (office_id, last_at desc, id desc) where merged_into is null;
create index concerns_merged on concerns (merged_into) where merged_into is not null;
create index concerns_heat_due on concerns (heat_due) where merged_into is null and asleep_at is null;
create index concerns_unnumbered on concerns (office_id) where number is null and merged_into is null;
create index concerns_unlabelled on concerns (office_id, id) where labelled_posts is null and merged_into is null;
create index concerns_sentences on concerns using gin (sentence_posts);
call guard_by_office('concerns');

-- A concern, and whatever is a part of it by now: what people said of those is said of it.
create function concern_parts(whole bigint) returns setof bigint language sql stable parallel safe rows 3 as $$
  with recursive parts as (
    select whole as id union select c.id from parts p join concerns c on c.merged_into = p.id
  ) select id from parts
$$;

-- To which concern a post belongs; a post that stands alone is in none.
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

-- Where a concern was spoken of, in which order, and how often: outlasts the posts.
create table concern_sources (
  office_id int not null references offices,
  concern_id bigint not null references concerns,
  source_id int not null references sources,
  -- Where the post stands; empty where the source itself is that.
  outlet text not null default '',
  posts int not null,
  copies int not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (concern_id, source_id, outlet)
);
call guard_by_office('concern_sources');

-- What grouping knows of an office between two runs: hashed words, counts and numbers, no text.
create table grouping_states (
  office_id int primary key references offices,
  -- Raised by each portion: who holds an older one in memory reads it anew.
  turn bigint not null default 0,
  -- Null: what there is stands in the journal, or nothing is there yet.
  state bytea,
  -- Changes with the form of the state and the journal: of another form they are not read, and made anew from the posts.
  form int not null default 0,
  -- Words of posts up to this one are counted (word_days).
  counted_post bigint not null default 0,
  saved_at timestamptz
);
-- They are packed already.
alter table grouping_states alter column state set storage external;
call guard_by_office('grouping_states');

-- What grouping did since the state was kept, a row for each portion.
create table grouping_journal (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  entry bytea not null
);
create index grouping_journal_office on grouping_journal (office_id, id);
alter table grouping_journal alter column entry set storage external;
call guard_by_office('grouping_journal');

-- In how many posts of an office a word or phrase stood on a day of Asia/Shanghai; copies are not counted.
create table word_days (
  office_id int not null references offices,
  day date not null,
  word text not null,
  posts int not null,
  primary key (office_id, day, word)
);
call guard_by_office('word_days');

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

-- What grouping has still to do, in order. Posts that came, went, or of which something was said that decides whether they are
-- grouped, one row for each transaction that did so; or something that a person did by hand, so that grouping knows.
create table grouping_backlog (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  post_ids bigint[] not null default '{}',
  act_id bigint references concern_acts,
  -- The act was undone.
  undone boolean not null default false,
  made_at timestamptz not null default now()
);
create index grouping_backlog_office on grouping_backlog (office_id, id);
call guard_by_office('grouping_backlog');

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

comment on column concerns.id is 'personal=no';
comment on column concerns.office_id is 'personal=no';
comment on column concerns.number is 'personal=no';
comment on column concerns.label is 'personal=no';
comment on column concerns.renamed is 'personal=no';
comment on column concerns.sentences is 'personal=public-text why=listening kept=raw-text-days';
comment on column concerns.sentence_posts is 'personal=no';
comment on column concerns.labelled_posts is 'personal=no';
comment on column concerns.words is 'personal=no';
comment on column concerns.asleep_at is 'personal=no';
comment on column concerns.merged_into is 'personal=no';
comment on column concerns.pinned_at is 'personal=no';
comment on column concerns.muted_at is 'personal=no';
comment on column concerns.first_at is 'personal=no';
comment on column concerns.last_at is 'personal=no';
comment on column concerns.first_source_id is 'personal=no';
comment on column concerns.posts is 'personal=no';
comment on column concerns.copies is 'personal=no';
comment on column concerns.sources is 'personal=no';
comment on column concerns.heat is 'personal=no';
comment on column concerns.heat_parts is 'personal=no';
comment on column concerns.trend is 'personal=no';
comment on column concerns.heat_at is 'personal=no';
comment on column concerns.heat_due is 'personal=no';
comment on column concerns.made_at is 'personal=no';
comment on column concerns.version is 'personal=no';
comment on column concern_posts.office_id is 'personal=no';
comment on column concern_posts.post_id is 'personal=no';
comment on column concern_posts.concern_id is 'personal=no';
comment on column concern_posts.at is 'personal=no';
comment on column concern_posts.held is 'personal=no';
comment on column concern_sources.office_id is 'personal=no';
comment on column concern_sources.concern_id is 'personal=no';
comment on column concern_sources.source_id is 'personal=no';
comment on column concern_sources.outlet is 'personal=no';
comment on column concern_sources.posts is 'personal=no';
comment on column concern_sources.copies is 'personal=no';
comment on column concern_sources.first_at is 'personal=no';
comment on column concern_sources.last_at is 'personal=no';
comment on column grouping_states.office_id is 'personal=no';
comment on column grouping_states.turn is 'personal=no';
comment on column grouping_states.state is 'personal=no';
comment on column grouping_states.form is 'personal=no';
comment on column grouping_states.counted_post is 'personal=no';
comment on column grouping_states.saved_at is 'personal=no';
comment on column grouping_journal.id is 'personal=no';
comment on column grouping_journal.office_id is 'personal=no';
comment on column grouping_journal.entry is 'personal=no';
comment on column word_days.office_id is 'personal=no';
comment on column word_days.day is 'personal=no';
comment on column word_days.word is 'personal=no';
comment on column word_days.posts is 'personal=no';
comment on column concern_acts.id is 'personal=no';
comment on column concern_acts.office_id is 'personal=no';
comment on column concern_acts.concern_id is 'personal=no';
comment on column concern_acts.kind is 'personal=no';
comment on column concern_acts.before is 'personal=no';
comment on column concern_acts.made_at is 'personal=no';
comment on column concern_acts.made_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column concern_acts.undone_at is 'personal=no';
comment on column concern_acts.undone_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column grouping_backlog.id is 'personal=no';
comment on column grouping_backlog.office_id is 'personal=no';
comment on column grouping_backlog.post_ids is 'personal=no';
comment on column grouping_backlog.act_id is 'personal=no';
comment on column grouping_backlog.undone is 'personal=no';
comment on column grouping_backlog.made_at is 'personal=no';
comment on column concern_notes.id is 'personal=no';
comment on column concern_notes.office_id is 'personal=no';
comment on column concern_notes.concern_id is 'personal=no';
comment on column concern_notes.text is 'personal=no';
comment on column concern_notes.made_at is 'personal=no';
comment on column concern_notes.made_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column concern_notes.removed_at is 'personal=no';
comment on column concern_releases.office_id is 'personal=no';
comment on column concern_releases.concern_id is 'personal=no';
comment on column concern_releases.release_id is 'personal=no';
comment on column concern_releases.made_at is 'personal=no';
comment on column concern_releases.made_by is 'personal=staff-activity why=accountability kept=while-record';
