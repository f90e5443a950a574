-- What people say about what the program found, and what it learns from that.

-- One row for each word of a person about one field of one post: no text, and it outlives the post. What stands is the
-- newest row that was not undone.
create table reviews (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  post_id bigint not null,
  field text not null check (field in ('sentiment', 'line', 'voice', 'relevance', 'place', 'copy')),
  -- What the program had found (null: nothing), how sure it was, and what found it.
  machine text,
  probability real,
  model text not null,
  -- says: what it is stands in `said`; wrong: not what the program found, no more is said; unsure: the person cannot tell.
  verdict text not null check (verdict in ('says', 'wrong', 'unsure')),
  -- Null: nothing; for a copy, the id of the first post.
  said text,
  -- With what the program found.
  agreed boolean check ((agreed is null) = (verdict = 'unsure')),
  -- Drawn by chance and not chosen by whoever reviews: only these are counted into the agreement.
  sampled boolean not null,
  -- Copies that followed the post when it was linked.
  followed bigint[] not null default '{}',
  made_at timestamptz not null default now(),
  made_by text not null references people,
  undone_at timestamptz,
  undone_by text references people,
  check ((undone_at is null) = (undone_by is null))
);
create index reviews_standing on reviews (post_id, field, id desc) where undone_at is null;
create index reviews_office on reviews (office_id, made_at) where undone_at is null;
call guard_by_office('reviews');

-- The fields on which a person's word stands: nothing that reads a post again changes them.
alter table posts add column reviewed text[] not null default '{}';

-- Models that were learnt here, for the whole hub, and what people decided about them.
create table models (
  id int generated always as identity primary key,
  name text not null check (name in ('sentiment')),
  -- trained: learnt from reviews; shipped: somebody went back to what ships with the program; resumed: and on again.
  kind text not null check (kind in ('trained', 'shipped', 'resumed')),
  -- What was learnt, to be put on the shipped model; null where it was not better.
  bytes bytea,
  -- Number of reviews that it was learnt from, the newest of them, and the share judged rightly without and with it.
  n int,
  newest bigint,
  share_before real,
  share_after real,
  why text,
  made_at timestamptz not null default now(),
  -- Null: the nightly job.
  made_by text references people,
  check ((kind = 'trained') = (n is not null))
);
create trigger models_touched after insert on models for each statement execute function touch_knowledge('models');

-- Watches are a part of what the steps know.
create trigger watches_touched after insert or update or delete on watches
  for each statement execute function touch_knowledge('watches');

comment on column reviews.id is 'personal=no';
comment on column reviews.office_id is 'personal=no';
comment on column reviews.post_id is 'personal=no';
comment on column reviews.field is 'personal=no';
comment on column reviews.machine is 'personal=no';
comment on column reviews.probability is 'personal=no';
comment on column reviews.model is 'personal=no';
comment on column reviews.verdict is 'personal=no';
comment on column reviews.said is 'personal=no';
comment on column reviews.agreed is 'personal=no';
comment on column reviews.sampled is 'personal=no';
comment on column reviews.followed is 'personal=no';
comment on column reviews.made_at is 'personal=no';
comment on column reviews.made_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column reviews.undone_at is 'personal=no';
comment on column reviews.undone_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column posts.reviewed is 'personal=no';
comment on column models.id is 'personal=no';
comment on column models.name is 'personal=no';
comment on column models.kind is 'personal=no';
comment on column models.bytes is 'personal=no';
comment on column models.n is 'personal=no';
comment on column models.newest is 'personal=no';
comment on column models.share_before is 'personal=no';
comment on column models.share_after is 'personal=no';
comment on column models.why is 'personal=no';
comment on column models.made_at is 'personal=no';
comment on column models.made_by is 'personal=staff-activity why=accountability kept=while-record';
