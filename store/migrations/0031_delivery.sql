-- How a release leaves the hub: accounts, deliveries, what was tried, what came of it.

-- The office's own accounts. Secrets are sealed beside them; the website is one too, one for each office.
create table channel_accounts (
  id int generated always as identity primary key,
  office_id int not null references offices,
  channel text not null check (channel in ('website', 'weibo', 'wechat')),
  name text not null check (name <> '' and length(name) <= 60),
  -- uid at Weibo, appid at WeChat, '' for the website.
  external_id text not null,
  -- Endpoint, bound domain, kind of account (subscription, service), whether certified, quotas, callback mode: config/channels.ts.
  settings jsonb not null default '{}',
  enabled boolean not null default true,
  -- Nothing leaves the hub: the exact requests are kept in the attempts instead.
  dry_run boolean not null default false,
  -- What the last guided check found, item by item; null: never checked.
  checked_at timestamptz,
  findings jsonb,
  -- Why the account cannot publish now, until somebody has seen to it: reauthorise, administrator; null: it can.
  stopped_why text check (stopped_why in ('reauthorise', 'administrator')),
  stopped_detail text,
  stopped_at timestamptz,
  made_by text references people,
  made_at timestamptz not null default now(),
  archived_at timestamptz
);
create unique index channel_accounts_once on channel_accounts (office_id, channel, external_id) where archived_at is null;
call guard_by_office('channel_accounts');

create table channel_secrets (
  account_id int not null references channel_accounts on delete cascade,
  -- app-key, app-secret, access-token, callback-token, encoding-aes-key, encoding-aes-key-previous, baidu-token
  name text not null check (name ~ '^[a-z][a-z0-9-]{0,39}$'),
  office_id int not null references offices,
  sealed text not null,
  set_at timestamptz not null default now(),
  set_by text references people,
  ends_at timestamptz,
  -- When somebody was last told that it ends soon.
  warned_at timestamptz,
  primary key (account_id, name)
);
call guard_by_office('channel_secrets');

-- A website for each office that has had one; every later office gets its own when it first publishes there.
insert into channel_accounts (office_id, channel, name, external_id)
  select distinct office_id, 'website', '网站', '' from deliveries;

alter table deliveries drop constraint deliveries_channel_check;
alter table deliveries
  add constraint deliveries_channel_check check (channel in ('website', 'weibo', 'wechat')),
  add column account_id int references channel_accounts,
  -- Version of the release that is frozen in `content`.
  add column version int,
  -- What the platform gave: uploaded media, draft, publish_id, msg_data_id, article_id, status id. Written as soon as it is known.
  add column progress jsonb not null default '{}',
  -- When something is to be done next: the try, the poll, the reconciliation. Null: nothing by itself.
  add column next_at timestamptz,
  -- Whoever works on it now, until when: after that it was killed.
  add column claimed_by text,
  add column claimed_until timestamptz,
  -- How often something was tried in the present state.
  add column tries int not null default 0,
  -- The irreversible call was begun, and its outcome is not known before it says so.
  add column sent_at timestamptz,
  -- Why it stands still or ended: retry, quota, reauthorise, administrator, content, unknown, withdrawn-by-platform.
  add column problem text,
  -- A person has to look; what they are asked is told by state and problem.
  add column person_asked_at timestamptz,
  add column scheduled_by text references people,
  -- Everything that can be repeated was done ahead of time for this content; the try at its time does the rest.
  add column prepared_at timestamptz,
  -- Something has happened while somebody works on it: it is to be looked at once more right after that.
  add column woken boolean not null default false,
  -- Readers are to be told this when the new content is put in the place of what stands there; null: nothing is to be corrected.
  add column correction text,
  -- The delivery that this one corrects, where a channel can only send anew.
  add column corrects bigint references deliveries;
update deliveries d set account_id = a.id, next_at = case when d.state = 'waiting' then d.due_at end, version = r.version
  from channel_accounts a, releases r where a.office_id = d.office_id and a.channel = 'website' and r.id = d.release_id;
alter table deliveries alter column account_id set not null;
update deliveries d set content = (d.content - 'body') || jsonb_build_object('type', 'notice', 'details', '{}'::jsonb, 'document',
  jsonb_build_object('type', 'doc', 'content', coalesce((
    select jsonb_agg(case when paragraph = '' then jsonb_build_object('type', 'paragraph')
        else jsonb_build_object('type', 'paragraph', 'content', jsonb_build_array(jsonb_build_object('type', 'text', 'text', regexp_replace(paragraph, E'\n', ' ', 'g')))) end order by place)
    from regexp_split_to_table(trim(d.content->>'body', E'\n '), E'\n\\s*\n') with ordinality as parts (paragraph, place)), '[]')));

-- A delivery changes many times on its way: room for that in its own page.
alter table deliveries set (fillfactor = 60);

drop index deliveries_due;
create index deliveries_next on deliveries (channel, next_at) where next_at is not null;
drop index deliveries_one_live;
create unique index deliveries_one_live on deliveries (release_id, account_id)
  where state in ('waiting', 'sending', 'unknown', 'processing', 'published') and corrects is null;
create index deliveries_account on deliveries (account_id, published_at desc);
-- The calendar.
create index deliveries_planned on deliveries (office_id, due_at);
create index deliveries_person on deliveries (office_id) where person_asked_at is not null;

-- What a release is, after one of its deliveries has moved: published while something of it stands, scheduled while something is
-- on its way, withdrawn when all was taken back; else free to be scheduled again, or to be changed where a platform did not take
-- this very text. One that is being written or reviewed stays so. Two of its deliveries may move at once: the second waits for the
-- first, and sees what it has done.
create function settle_release(of bigint, at timestamptz) returns void language plpgsql as $$
begin
  perform 1 from releases where id = of for no key update;
  update releases r set state = s.state, updated_at = at
  from (select case
      when bool_or(d.state = 'published') then 'published'
      when bool_or(d.state in ('waiting', 'sending', 'unknown', 'processing')) then 'scheduled'
      when bool_or(d.state = 'withdrawn') then 'withdrawn'
      when bool_or(d.state = 'refused' and d.version = r.version) then 'draft'
      else 'approved' end as state
    from deliveries d join releases r on r.id = d.release_id where d.release_id = of) s
  where r.id = of and r.state in ('approved', 'scheduled', 'published', 'withdrawn') and r.state <> s.state;
end $$;

-- The ledger: a row is committed before a call that cannot be taken back, and finished after it.
alter table delivery_attempts
  add column kind text not null default 'publish' check (kind in ('prepare', 'publish', 'poll', 'reconcile', 'withdraw', 'correct', 'dry-run', 'person')),
  -- Path of the interface, without anything secret.
  add column call text,
  -- The platform's own code and request id.
  add column code text,
  add column request_id text,
  -- Of a dry run: the exact requests, secrets left out.
  add column requests jsonb;

-- Taking back what stands on a channel, as far as the channel allows it.
create table withdrawals (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  delivery_id bigint not null references deliveries,
  reason text not null check (reason <> '' and length(reason) <= 400),
  asked_by text not null references people,
  asked_at timestamptz not null default now(),
  -- manual: the channel has no way, a person does it there and says so.
  state text not null default 'waiting' check (state in ('waiting', 'doing', 'done', 'manual', 'refused', 'unknown')),
  detail text,
  next_at timestamptz default now(),
  tries int not null default 0,
  done_at timestamptz,
  done_by text references people
);
create unique index withdrawals_open on withdrawals (delivery_id) where state <> 'refused';
create index withdrawals_next on withdrawals (next_at) where next_at is not null;
call guard_by_office('withdrawals');

-- What stands on the website, as it is shown.
alter table site_articles
  add column html text,
  add column type text not null default 'notice',
  add column column_key text not null default 'news',
  add column keywords text[] not null default '{}',
  add column source text,
  -- A department, never a citizen.
  add column author text,
  add column image_id bigint references media,
  -- Every picture, video, audio and attachment that its page shows: they are there for everybody as long as it stands.
  add column media_ids bigint[] not null default '{}',
  add column updated_at timestamptz,
  -- What was corrected and when, for readers.
  add column correction text,
  -- Said in the place of a text that was withdrawn.
  add column withdrawn_note text,
  add column ai_assisted boolean not null default false;
update site_articles set html = (
  select string_agg('<p>' || replace(replace(replace(regexp_replace(paragraph, E'\n', ' ', 'g'), '&', '&amp;'), '<', '&lt;'), '>', '&gt;') || '</p>', '' order by place)
  from regexp_split_to_table(trim(body, E'\n '), E'\n\\s*\n') with ordinality as parts (paragraph, place));
alter table site_articles alter column html set not null, drop column body;

create index site_articles_newest on site_articles (published_at desc, id desc) where withdrawn_at is null;
create index site_articles_column on site_articles (column_key, published_at desc, id desc) where withdrawn_at is null;
create index site_articles_keywords on site_articles using gin (keywords) where withdrawn_at is null;
create index site_articles_media on site_articles using gin (media_ids) where withdrawn_at is null;
create policy published on media for select
  using (exists (select from site_articles a where a.media_ids @> array[media.id] and a.withdrawn_at is null));

-- Columns of the public site (栏目), of each office.
create table site_columns (
  office_id int not null references offices,
  key text not null check (key ~ '^[a-z][a-z0-9-]{0,39}$'),
  name text not null check (name <> '' and length(name) <= 30),
  description text not null default '',
  keywords text[] not null default '{}',
  -- One of the column types of the government site guideline (国办发〔2017〕47号).
  type text not null,
  place int not null default 0,
  archived_at timestamptz,
  primary key (office_id, key)
);
call guard_by_office('site_columns');

-- Addresses that search engines are told of.
create table site_pushes (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  address text not null,
  target text not null check (target in ('baidu')),
  state text not null default 'waiting' check (state in ('waiting', 'done', 'refused')),
  next_at timestamptz default now(),
  tries int not null default 0,
  detail text,
  made_at timestamptz not null default now()
);
create index site_pushes_next on site_pushes (next_at) where next_at is not null;
create index site_pushes_office on site_pushes (office_id, id desc);
-- An address that waits already is told once, however often its page has changed meanwhile.
create unique index site_pushes_waiting on site_pushes (office_id, address, target) where state = 'waiting';
call guard_by_office('site_pushes');

-- What the platform counts of what was published: the newest, and how it went.
create table delivery_counts (
  office_id int not null references offices,
  delivery_id bigint not null references deliveries,
  at timestamptz not null,
  reads int,
  likes int,
  comments int,
  shares int,
  primary key (delivery_id, at)
);
call guard_by_office('delivery_counts');
alter table deliveries
  -- When its counts, and whether it still stands, are asked for next.
  add column look_at timestamptz,
  add column looked_at timestamptz;
create index deliveries_look on deliveries (look_at) where look_at is not null;

-- How often the pages of the website were opened, hour by hour: numbers, and nothing about who opened them.
create table site_views (
  office_id int not null references offices,
  delivery_id bigint not null references deliveries,
  hour timestamptz not null,
  views int not null check (views > 0),
  primary key (delivery_id, hour)
);
call guard_by_office('site_views');

-- Adds to them. Public pages have no office in their scope and write nothing of any; as the owner this adds to the numbers of
-- what stands on the website, and does nothing else. In order, so that two who add at once never wait for each other.
create function count_views(opened bigint[], times int[]) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into site_views as v (office_id, delivery_id, hour, views)
  select a.office_id, a.delivery_id, date_trunc('hour', now()), o.times
  from unnest(opened, times) as o (delivery_id, times) join site_articles a on a.delivery_id = o.delivery_id
  where o.times > 0 and a.withdrawn_at is null order by a.delivery_id
  on conflict (delivery_id, hour) do update set views = v.views + excluded.views
$$;

comment on column channel_accounts.id is 'personal=no';
comment on column channel_accounts.office_id is 'personal=no';
comment on column channel_accounts.channel is 'personal=no';
comment on column channel_accounts.name is 'personal=no';
comment on column channel_accounts.external_id is 'personal=no';
comment on column channel_accounts.settings is 'personal=no';
comment on column channel_accounts.enabled is 'personal=no';
comment on column channel_accounts.dry_run is 'personal=no';
comment on column channel_accounts.checked_at is 'personal=no';
comment on column channel_accounts.findings is 'personal=no';
comment on column channel_accounts.stopped_why is 'personal=no';
comment on column channel_accounts.stopped_detail is 'personal=no';
comment on column channel_accounts.stopped_at is 'personal=no';
comment on column channel_accounts.made_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column channel_accounts.made_at is 'personal=no';
comment on column channel_accounts.archived_at is 'personal=no';
comment on column channel_secrets.account_id is 'personal=no';
comment on column channel_secrets.name is 'personal=no';
comment on column channel_secrets.office_id is 'personal=no';
comment on column channel_secrets.sealed is 'personal=no';
comment on column channel_secrets.set_at is 'personal=no';
comment on column channel_secrets.set_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column channel_secrets.ends_at is 'personal=no';
comment on column channel_secrets.warned_at is 'personal=no';
comment on column withdrawals.id is 'personal=no';
comment on column withdrawals.office_id is 'personal=no';
comment on column withdrawals.delivery_id is 'personal=no';
comment on column withdrawals.reason is 'personal=no';
comment on column withdrawals.asked_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column withdrawals.asked_at is 'personal=no';
comment on column withdrawals.state is 'personal=no';
comment on column withdrawals.detail is 'personal=no';
comment on column withdrawals.next_at is 'personal=no';
comment on column withdrawals.tries is 'personal=no';
comment on column withdrawals.done_at is 'personal=no';
comment on column withdrawals.done_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column site_columns.office_id is 'personal=no';
comment on column site_columns.key is 'personal=no';
comment on column site_columns.name is 'personal=no';
comment on column site_columns.description is 'personal=no';
comment on column site_columns.keywords is 'personal=no';
comment on column site_columns.type is 'personal=no';
comment on column site_columns.place is 'personal=no';
comment on column site_columns.archived_at is 'personal=no';
comment on column site_pushes.id is 'personal=no';
comment on column site_pushes.office_id is 'personal=no';
comment on column site_pushes.address is 'personal=no';
comment on column site_pushes.target is 'personal=no';
comment on column site_pushes.state is 'personal=no';
comment on column site_pushes.next_at is 'personal=no';
comment on column site_pushes.tries is 'personal=no';
comment on column site_pushes.detail is 'personal=no';
comment on column site_pushes.made_at is 'personal=no';
comment on column delivery_counts.office_id is 'personal=no';
comment on column delivery_counts.delivery_id is 'personal=no';
comment on column delivery_counts.at is 'personal=no';
comment on column delivery_counts.reads is 'personal=no';
comment on column delivery_counts.likes is 'personal=no';
comment on column delivery_counts.comments is 'personal=no';
comment on column delivery_counts.shares is 'personal=no';
comment on column site_views.office_id is 'personal=no';
comment on column site_views.delivery_id is 'personal=no';
comment on column site_views.hour is 'personal=no';
comment on column site_views.views is 'personal=no';
comment on column deliveries.account_id is 'personal=no';
comment on column deliveries.version is 'personal=no';
comment on column deliveries.progress is 'personal=no';
comment on column deliveries.next_at is 'personal=no';
comment on column deliveries.claimed_by is 'personal=no';
comment on column deliveries.claimed_until is 'personal=no';
comment on column deliveries.tries is 'personal=no';
comment on column deliveries.sent_at is 'personal=no';
comment on column deliveries.problem is 'personal=no';
comment on column deliveries.person_asked_at is 'personal=no';
comment on column deliveries.scheduled_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column deliveries.prepared_at is 'personal=no';
comment on column deliveries.woken is 'personal=no';
comment on column deliveries.correction is 'personal=no';
comment on column deliveries.corrects is 'personal=no';
comment on column delivery_attempts.kind is 'personal=no';
comment on column delivery_attempts.call is 'personal=no';
comment on column delivery_attempts.code is 'personal=no';
comment on column delivery_attempts.request_id is 'personal=no';
comment on column delivery_attempts.requests is 'personal=no';
comment on column site_articles.html is 'personal=no';
comment on column site_articles.type is 'personal=no';
comment on column site_articles.column_key is 'personal=no';
comment on column site_articles.keywords is 'personal=no';
comment on column site_articles.source is 'personal=no';
comment on column site_articles.author is 'personal=no';
comment on column site_articles.image_id is 'personal=no';
comment on column site_articles.media_ids is 'personal=no';
comment on column site_articles.updated_at is 'personal=no';
comment on column site_articles.correction is 'personal=no';
comment on column site_articles.withdrawn_note is 'personal=no';
comment on column site_articles.ai_assisted is 'personal=no';
comment on column deliveries.look_at is 'personal=no';
comment on column deliveries.looked_at is 'personal=no';
