-- What the office says.
create table releases (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  title text not null check (title <> ''),
  summary text not null default '',
  -- Plain text, paragraphs parted by a blank line.
  body text not null,
  state text not null default 'draft' check (state in ('draft', 'scheduled', 'published', 'withdrawn')),
  -- Counts the saves: a save names the version it was made from, so that two people cannot overwrite each other unseen.
  version int not null default 1,
  created_by text not null references people,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index releases_office_updated on releases (office_id, updated_at desc);

-- One release on one channel at one time. The content is frozen when it is scheduled.
create table deliveries (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  release_id bigint not null references releases,
  channel text not null check (channel in ('website')),
  due_at timestamptz not null,
  state text not null default 'waiting' check (
    state in ('waiting', 'sending', 'unknown', 'processing', 'published', 'refused', 'failed', 'missed', 'cancelled', 'withdrawn')
  ),
  content jsonb not null,
  address text,
  published_at timestamptz,
  reason text,
  created_at timestamptz not null default now()
);
create index deliveries_due on deliveries (due_at) where state = 'waiting';
create index deliveries_release on deliveries (release_id);
-- A release is on its way to a channel, or out on it, at most once.
create unique index deliveries_one_live on deliveries (release_id, channel)
  where state in ('waiting', 'sending', 'unknown', 'processing', 'published');

-- Every try of a delivery and how it ended.
create table delivery_attempts (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  delivery_id bigint not null references deliveries,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  outcome text,
  detail text
);
create index delivery_attempts_delivery on delivery_attempts (delivery_id);

-- What stands on the website.
create table site_articles (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  delivery_id bigint not null unique references deliveries,
  slug text not null unique,
  title text not null,
  summary text not null,
  body text not null,
  published_at timestamptz not null,
  withdrawn_at timestamptz
);
create index site_articles_published on site_articles (office_id, published_at desc);
