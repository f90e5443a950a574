-- What a post is about, beside its words.

-- Watches have ids of their own since they are edited at the desk; what stored posts match is found out again from their text.
alter table posts
  drop column watches,
  add column watches int[] not null default '{}',
  -- Business line, and what kind of voice it is (config/defaults): null where nothing speaks for one.
  add column line text,
  add column voice text check (voice in ('question', 'complaint', 'suggestion', 'praise', 'rumour', 'report')),
  add column relevance text not null default 'relevant' check (relevance in ('relevant', 'advertisement', 'off-topic'));

-- A post with a minor as its subject is not kept: that it was there stays in the counters, and its mark keeps it away.
alter table forgotten drop constraint forgotten_why_check;
alter table forgotten add constraint forgotten_why_check check (why in ('expired', 'objection', 'minor'));
alter table pulse add column withheld int not null default 0;

-- Hourly counters by one more property of the posts each, kept in the transaction that stores them.
create table pulse_by (
  office_id int not null references offices,
  dimension text not null check (dimension in ('watch', 'line', 'voice', 'place')),
  -- Id of a watch, key of a line or voice, division code.
  key text not null,
  hour timestamptz not null,
  sentiment text not null,
  posts int not null,
  copies int not null,
  primary key (office_id, dimension, key, hour, sentiment)
);
create index pulse_by_hour on pulse_by (dimension, hour);
call guard_by_office('pulse_by');

comment on column posts.watches is 'personal=no';
comment on column posts.line is 'personal=no';
comment on column posts.voice is 'personal=no';
comment on column posts.relevance is 'personal=no';
comment on column pulse.withheld is 'personal=no';
comment on column pulse_by.office_id is 'personal=no';
comment on column pulse_by.dimension is 'personal=no';
comment on column pulse_by.key is 'personal=no';
comment on column pulse_by.hour is 'personal=no';
comment on column pulse_by.sentiment is 'personal=no';
comment on column pulse_by.posts is 'personal=no';
comment on column pulse_by.copies is 'personal=no';
