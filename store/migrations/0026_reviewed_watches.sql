-- What a person says about a post has the watches asked again that look at it.

-- A watch that asks for the post since this word has made it relevant, whatever the steps had thought: when no watch asks
-- for it any more, it is off-topic again.
alter table reviews add column made_relevant boolean not null default false;
create index reviews_made_relevant on reviews (post_id) where made_relevant;

comment on column reviews.made_relevant is 'personal=no';
