-- Sources that people add: who did, and what was looked at before somebody said that it may run.
alter table sources
  -- The points of the checklist that were ticked (config/sources/approval.ts).
  add column checked text[] not null default '{}',
  add column approved_at timestamptz,
  -- Null: kept as hub.yaml says.
  add column added_by text references people;

comment on column sources.checked is 'personal=no';
comment on column sources.approved_at is 'personal=no';
comment on column sources.added_by is 'personal=staff-activity why=accountability kept=while-record';
