-- What the processes of the crawler agree on about a host: whose turn it is, and how long nobody asks it anything. A host
-- belongs to no office: its owner sees one visitor.

create table hosts (
  -- `name`, or `name:port` where the port is not the scheme's own.
  host text primary key check (length(host) <= 300),
  -- The process that may ask the host, until it gives it back, ends (it holds an advisory lock (7, owner)), or the time is over.
  lease_owner int,
  lease_until timestamptz,
  -- The pace: not before that.
  rest_until timestamptz not null default 'epoch',
  -- The host asked for a pause, or is in trouble: not before that, and why.
  paused_until timestamptz not null default 'epoch',
  pause_reason text,
  -- Troubles in a row.
  trouble int not null default 0
);

-- Processes that wait for a host, in the order in which they came. Whoever has not been seen for some seconds waits no more.
create table host_waits (
  host text not null references hosts on delete cascade,
  owner int not null,
  since timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  primary key (host, owner)
);

-- robots.txt of each origin (`https://name`), as it was read last.
create table robots_files (
  origin text primary key check (length(origin) <= 310),
  -- When the text was read; null: it never was.
  read_at timestamptz,
  -- Null: the site has none.
  content text,
  -- Since when it could not be read; null: the last try went well.
  unreachable_since timestamptz,
  tried_at timestamptz not null default now()
);

-- Everybody reads what stands; what is over is for those whose office it was.
drop policy standing on crawl_stops;
create policy standing on crawl_stops for select using (ended_at is null);

comment on column hosts.host is 'personal=no';
comment on column hosts.lease_owner is 'personal=no';
comment on column hosts.lease_until is 'personal=no';
comment on column hosts.rest_until is 'personal=no';
comment on column hosts.paused_until is 'personal=no';
comment on column hosts.pause_reason is 'personal=no';
comment on column hosts.trouble is 'personal=no';
comment on column host_waits.host is 'personal=no';
comment on column host_waits.owner is 'personal=no';
comment on column host_waits.since is 'personal=no';
comment on column host_waits.seen_at is 'personal=no';
comment on column robots_files.origin is 'personal=no';
comment on column robots_files.read_at is 'personal=no';
comment on column robots_files.content is 'personal=no';
comment on column robots_files.unreachable_since is 'personal=no';
comment on column robots_files.tried_at is 'personal=no';
