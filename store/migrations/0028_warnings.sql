-- Rules by which the program suggests a level (config/warning-rules.ts checks `rule`); a person decides.
create table warning_rules (
  id int generated always as identity primary key,
  office_id int not null references offices,
  -- Of those that ship with the program: what it is called there. Null: made at the desk.
  key text,
  name text not null check (name <> ''),
  level text not null check (level in ('blue', 'yellow', 'orange', 'red')),
  rule jsonb not null,
  enabled boolean not null default true,
  archived_at timestamptz,
  version int not null default 1,
  made_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  -- Null: as it ships.
  changed_by text references people,
  unique (office_id, key)
);
call guard_by_office('warning_rules');

create table warning_rule_versions (
  office_id int not null references offices,
  rule_id int not null references warning_rules,
  version int not null,
  name text not null,
  level text not null,
  rule jsonb not null,
  enabled boolean not null,
  archived boolean not null,
  made_at timestamptz not null default now(),
  made_by text references people,
  primary key (rule_id, version)
);
call guard_by_office('warning_rule_versions');

-- How each level is handled (report 003: 具体表现、预警层级、工作措施、处置流程、报告办法), and its clocks.
create table warning_levels (
  office_id int not null references offices,
  level text not null check (level in ('green', 'blue', 'yellow', 'orange', 'red')),
  shows text not null,
  tier text not null,
  measures text not null,
  procedure text not null,
  reporting text not null,
  -- Hours from confirmation to an answer; null: no clock.
  respond_hours int check (respond_hours between 1 and 720),
  version int not null default 1,
  changed_at timestamptz not null default now(),
  changed_by text references people,
  primary key (office_id, level)
);
call guard_by_office('warning_levels');

create table warnings (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  -- What it is about: a concern, a watch, a business line, or the whole of the office.
  subject_kind text not null check (subject_kind in ('concern', 'watch', 'line', 'office')),
  -- Id of the concern or watch, key of the line, id of the office.
  subject_key text not null,
  concern_id bigint references concerns,
  title text not null,
  -- As suggested, and as it stands: a person may have raised or lowered it.
  suggested_level text not null check (suggested_level in ('blue', 'yellow', 'orange', 'red')),
  level text not null check (level in ('green', 'blue', 'yellow', 'orange', 'red')),
  state text not null default 'suggested'
    check (state in ('suggested', 'confirmed', 'handling', 'answered', 'assessed', 'lifted', 'dismissed')),
  -- The rule that fired, as it read then; the numbers, the series and the posts of that moment. Never changed afterwards,
  -- but for the words of posts that may no longer be kept.
  rule_id int references warning_rules,
  rule_version int,
  evidence jsonb not null,
  suggested_at timestamptz not null default now(),
  confirmed_at timestamptz,
  handling_at timestamptz,
  answered_at timestamptz,
  assessed_at timestamptz,
  lifted_at timestamptz,
  dismissed_at timestamptz,
  -- Until when it is to be answered: from confirmation on, by the level's clock.
  respond_by timestamptz,
  overdue_told_at timestamptz,
  -- The numbers say that it is over; a person lifts it.
  calm_since timestamptz,
  -- The rule that would suggest a higher level now.
  higher_level text check (higher_level in ('yellow', 'orange', 'red')),
  higher_evidence jsonb,
  higher_at timestamptz,
  version int not null default 1
);
-- One that is not over for each subject.
create unique index warnings_one_open on warnings (office_id, subject_kind, subject_key)
  where state not in ('lifted', 'dismissed');
create index warnings_office on warnings (office_id, suggested_at desc, id desc);
create index warnings_concern on warnings (concern_id) where concern_id is not null;
create index warnings_respond on warnings (respond_by)
  where respond_by is not null and state in ('confirmed', 'handling') and overdue_told_at is null;
call guard_by_office('warnings');

-- Everything that happened to a warning, by the program and by people, in order.
create table warning_steps (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  warning_id bigint not null references warnings,
  kind text not null check (kind in ('suggested', 'raised-by-rule', 'calm', 'stirred', 'confirmed', 'level', 'dismissed', 'handling', 'answered',
    'assessed', 'lifted', 'reopened', 'note', 'consultation', 'check', 'order', 'order-done', 'overdue', 'escalated', 'held', 'released')),
  from_level text,
  to_level text,
  -- Reason, note or the like, in the words of the person.
  text text,
  details jsonb not null default '{}',
  at timestamptz not null default now(),
  -- Null: the program.
  made_by text references people
);
create index warning_steps_warning on warning_steps (warning_id, id);
call guard_by_office('warning_steps');

-- 三同步 on orange and red: handled by law, guided in public, and the competent department told.
create table warning_checks (
  office_id int not null references offices,
  warning_id bigint not null references warnings,
  item text not null check (item in ('law', 'opinion', 'order')),
  note text not null default '',
  done_at timestamptz not null default now(),
  done_by text not null references people,
  primary key (warning_id, item)
);
call guard_by_office('warning_checks');

-- Somebody is to see to something until a time (督办); overdue ones are told to the office above.
create table supervision_orders (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  warning_id bigint not null references warnings,
  -- The office that is to do it: this one or one below it.
  to_office_id int not null references offices,
  text text not null check (text <> ''),
  due_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'done', 'withdrawn')),
  answer text,
  made_at timestamptz not null default now(),
  made_by text not null references people,
  done_at timestamptz,
  done_by text references people,
  -- When it was told to the office above that it is overdue.
  escalated_at timestamptz
);
create index supervision_orders_warning on supervision_orders (warning_id);
create index supervision_orders_due on supervision_orders (due_at) where state = 'open' and escalated_at is null;
create index supervision_orders_to on supervision_orders (to_office_id, state);

-- How a series was found to go, kept between two evaluations (indexer/warnings): numbers only.
create table rhythms (
  office_id int not null references offices,
  -- "office", "line:<key>", "watch:<id>", "concern:<id>", each with ":volume" or ":share".
  series text not null,
  state bytea not null,
  form int not null,
  -- Hours before this are learnt.
  until timestamptz not null,
  primary key (office_id, series)
);
call guard_by_office('rhythms');

-- What a rule has seen of a subject so far: since when it holds, and when it last fired.
create table rule_states (
  office_id int not null references offices,
  rule_id int not null references warning_rules,
  subject_kind text not null,
  subject_key text not null,
  holds_since timestamptz,
  fired_at timestamptz,
  primary key (rule_id, subject_kind, subject_key)
);
call guard_by_office('rule_states');

-- What people marked as a real event afterwards, to measure rules against.
create table marked_events (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  name text not null check (name <> ''),
  subject_kind text not null check (subject_kind in ('concern', 'watch', 'line', 'office')),
  subject_key text not null,
  began_at timestamptz not null,
  -- When it was at its height; lead time counts up to it.
  peak_at timestamptz,
  ended_at timestamptz not null,
  level text not null check (level in ('blue', 'yellow', 'orange', 'red')),
  made_at timestamptz not null default now(),
  made_by text references people,
  removed_at timestamptz,
  check (began_at < ended_at and (peak_at is null or peak_at between began_at and ended_at))
);
create index marked_events_office on marked_events (office_id, began_at desc);
call guard_by_office('marked_events');

-- A scheduled delivery waits for a second look while a warning of its office stands at orange or red.
alter table deliveries add column held_for bigint references warnings, add column held_at timestamptz;
