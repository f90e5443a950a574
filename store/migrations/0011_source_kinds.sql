-- Sources of more kinds: some have no address that the hub visits, some are added at the desk, and some wait to be approved.

alter table sources
  alter column url drop not null,
  alter column legal_basis drop not null,
  alter column impact_note drop not null,
  alter column approved_by drop not null,
  -- `file`: kept as hub.yaml says. `desk`: added and changed by people; hub.yaml knows nothing of it.
  add column origin text not null default 'file' check (origin in ('file', 'desk')),
  -- The most seconds between two visits; `interval_seconds` is the least.
  add column longest_interval_seconds int,
  -- Switched off by a person for the time being: outlives a new start, unlike `enabled`, which hub.yaml decides.
  add column stopped_at timestamptz,
  add column stopped_by text references people,
  add column stop_reason text,
  -- A source does not run without its legal basis, what it costs the site, and who approved it.
  add constraint sources_approved check (
    not enabled or (legal_basis is not null and impact_note is not null and approved_by is not null));

-- No request goes out while one of these stands: for a host, or for all. It holds for the office and everything below it.
-- Every worker reads them all, whatever its scope.
create table crawl_stops (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  -- Null: every host.
  host text,
  reason text not null,
  stopped_at timestamptz not null default now(),
  -- Null: from the command line of the machine.
  stopped_by text references people,
  ended_at timestamptz,
  ended_by text references people
);
create unique index crawl_stops_standing on crawl_stops (office_id, coalesce(host, '')) where ended_at is null;
call guard_by_office('crawl_stops');
create policy standing on crawl_stops for select using (true);

comment on column sources.origin is 'personal=no';
comment on column sources.longest_interval_seconds is 'personal=no';
comment on column sources.stopped_at is 'personal=no';
comment on column sources.stopped_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column sources.stop_reason is 'personal=no';
comment on column crawl_stops.id is 'personal=no';
comment on column crawl_stops.office_id is 'personal=no';
comment on column crawl_stops.host is 'personal=no';
comment on column crawl_stops.reason is 'personal=no';
comment on column crawl_stops.stopped_at is 'personal=no';
comment on column crawl_stops.stopped_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column crawl_stops.ended_at is 'personal=no';
comment on column crawl_stops.ended_by is 'personal=staff-activity why=accountability kept=while-record';
