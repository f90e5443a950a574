-- What says the same is found by its words wherever a part of them was cut or changed.

-- Instead of the hash of the longest sentence, which one cut in the wrong place took away.
drop index posts_fingerprint;
alter table posts
  drop column fingerprint,
  drop column sentences,
  -- A sample of the hashes of its words (store/sketches.ts); null for texts too short to tell.
  add column sketch bytea;

-- Under which hashes the firsts of each office are found. No reference to posts: who removes a post removes its rows, and
-- one that stays finds nothing.
create table likenesses (
  office_id int not null,
  key int not null,
  post_id bigint not null,
  primary key (office_id, key, post_id)
);
call guard_by_office('likenesses');

comment on column posts.sketch is 'personal=no';
comment on column likenesses.office_id is 'personal=no';
comment on column likenesses.key is 'personal=no';
comment on column likenesses.post_id is 'personal=no';
