-- Alerts to staff: who is told what, how, and what became of it.

-- Asked for by whoever changes a warning, in the same transaction; the publish role makes notices of them.
create table notice_requests (
  id bigint generated always as identity primary key,
  -- Who asks, and whose people are to be told: an office has one above it told as well.
  office_id int not null references offices,
  to_office_id int not null references offices,
  kind text not null check (kind in ('suggested', 'raised', 'confirmed', 'level', 'dismissed', 'lifted', 'reopened', 'overdue', 'order',
    'order-done', 'order-overdue', 'escalated', 'held', 'undelivered', 'delivery-failed', 'delivery-unknown', 'account-ends', 'account-stopped',
    'account-silent', 'taken-down', 'review-asked', 'review-returned', 'review-overdue')),
  warning_id bigint references warnings,
  level text not null check (level in ('green', 'blue', 'yellow', 'orange', 'red')),
  -- What it is about; requests about the same are told together.
  subject text not null,
  title text not null check (title <> ''),
  text text not null default '',
  -- The page that it leads to, from the first slash on.
  path text not null check (path like '/%'),
  -- Whose act it tells of: they are not told of it. Null: nobody's.
  acted_by text,
  -- Who alone is told: these people, and holders of these roles; both null: everybody who wants to know of such a level.
  to_people text[],
  to_roles text[],
  made_at timestamptz not null default now()
);
call guard_by_office('notice_requests');

-- One for each subject, level and kind of news of an office within a while, with how often there was news.
create table notices (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  kind text not null,
  level text not null,
  subject text not null,
  warning_id bigint references warnings,
  title text not null,
  text text not null default '',
  path text not null,
  times int not null default 1,
  made_at timestamptz not null,
  last_at timestamptz not null,
  -- Somebody has seen to it. Null with `escalate_at`: others are told from then on.
  acknowledged_at timestamptz,
  acknowledged_by text references people,
  escalate_at timestamptz,
  -- 0: those who are told first; 1: the next on the roster too; 2: the leaders too.
  step int not null default 0
);
create index notices_office on notices (office_id, last_at desc, id desc);
create index notices_same on notices (office_id, subject, level, kind, last_at desc);
create index notices_warning on notices (warning_id) where warning_id is not null;
create index notices_escalate on notices (escalate_at) where escalate_at is not null;
call guard_by_office('notices');

-- In whose list a notice stands.
create table notice_readers (
  office_id int not null references offices,
  notice_id bigint not null references notices on delete cascade,
  person_id text not null references people,
  -- By their preferences, on duty, next on the roster, as a leader.
  why text not null check (why in ('chosen', 'duty', 'next', 'leader')),
  told_at timestamptz not null,
  read_at timestamptz,
  primary key (notice_id, person_id)
);
create index notice_readers_person on notice_readers (person_id, office_id, told_at desc);
call guard_by_office('notice_readers');

-- Group robots and other systems. Address and secret are sealed (store/sealed.ts) and shown to nobody again.
create table notice_robots (
  id int generated always as identity primary key,
  office_id int not null references offices,
  kind text not null check (kind in ('wecom', 'dingtalk', 'feishu', 'webhook')),
  name text not null check (name <> '' and length(name) <= 40),
  address_sealed text,
  secret_sealed text,
  -- Host of the address: what may be shown of it.
  host text not null,
  levels text[] not null,
  enabled boolean not null default true,
  -- The platform asked for a pause until then.
  wait_until timestamptz,
  made_at timestamptz not null default now(),
  made_by text references people,
  ended_at timestamptz,
  check ((address_sealed is null) = (ended_at is not null))
);
create index notice_robots_office on notice_robots (office_id) where ended_at is null;
call guard_by_office('notice_robots');

-- One message to one robot or one mailbox: sent at most once.
create table notice_deliveries (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  notice_id bigint not null references notices on delete cascade,
  robot_id int references notice_robots,
  person_id text references people,
  -- First, more of the same, or nobody has seen to it.
  purpose text not null check (purpose in ('first', 'more', 'reminder')),
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'unknown', 'refused', 'failed', 'dropped')),
  due_at timestamptz not null,
  attempts int not null default 0,
  made_at timestamptz not null,
  claimed_at timestamptz,
  ended_at timestamptz,
  -- Code of publisher/notices/outcome.ts, and what the other side answered, without addresses and keys.
  reason text,
  detail text,
  check ((robot_id is null) <> (person_id is null))
);
create index notice_deliveries_due on notice_deliveries (due_at, id) where state = 'waiting';
create index notice_deliveries_claimed on notice_deliveries (claimed_at) where state = 'sending';
create index notice_deliveries_notice on notice_deliveries (notice_id);
create index notice_deliveries_office on notice_deliveries (office_id, id desc);
-- A robot gets its messages one after the other; of each kind one waits, and takes up what comes meanwhile.
create unique index notice_deliveries_one_at_a_time on notice_deliveries (robot_id) where state = 'sending';
create unique index notice_deliveries_one_waiting on notice_deliveries (notice_id, coalesce(robot_id::text, person_id), purpose)
  where state in ('waiting', 'sending');
call guard_by_office('notice_deliveries');

-- Every try of a delivery.
create table notice_attempts (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  delivery_id bigint not null references notice_deliveries on delete cascade,
  robot_id int references notice_robots,
  at timestamptz not null,
  outcome text not null check (outcome in ('sent', 'again', 'wait', 'unknown', 'refused')),
  reason text,
  detail text
);
create index notice_attempts_delivery on notice_attempts (delivery_id, id);
create index notice_attempts_robot on notice_attempts (robot_id, at) where robot_id is not null;
call guard_by_office('notice_attempts');

-- What a person wants to be told about an office, and how. No row: config/notices.ts says.
create table notice_preferences (
  person_id text not null references people,
  office_id int not null references offices,
  app_levels text[] not null,
  mail_levels text[] not null,
  -- Minutes of the day in Asia/Shanghai between which no mail is sent but of orange and red; both null: none.
  quiet_from int check (quiet_from between 0 and 1439),
  quiet_until int check (quiet_until between 0 and 1439),
  changed_at timestamptz not null default now(),
  primary key (person_id, office_id),
  check ((quiet_from is null) = (quiet_until is null))
);
call guard_by_office('notice_preferences');

-- How an office has its notices. No row: config/notices.ts says.
create table notice_settings (
  office_id int primary key references offices,
  -- Level → minutes after which others are told when nobody has seen to it; null: never.
  escalate_minutes jsonb not null,
  -- News about the same within so long is told together.
  bundle_minutes int not null check (bundle_minutes between 0 and 1440),
  -- Minutes of the day in Asia/Shanghai at which the day's and the night's duty begin.
  day_begins int not null check (day_begins between 0 and 1439),
  night_begins int not null check (night_begins between 0 and 1439),
  changed_at timestamptz not null default now(),
  changed_by text references people,
  check (day_begins < night_begins)
);
call guard_by_office('notice_settings');

-- Who is on duty each week; the night's duty belongs to the day on which it begins.
create table duty_weeks (
  office_id int not null references offices,
  -- 1: Monday … 7: Sunday.
  weekday int not null check (weekday between 1 and 7),
  shift text not null check (shift in ('day', 'night')),
  -- In the order in which they are told.
  person_ids text[] not null,
  changed_at timestamptz not null default now(),
  changed_by text references people,
  primary key (office_id, weekday, shift)
);
call guard_by_office('duty_weeks');

-- Another duty on one day: holidays, leave, swaps.
create table duty_days (
  office_id int not null references offices,
  -- In Asia/Shanghai.
  day date not null,
  shift text not null check (shift in ('day', 'night')),
  person_ids text[] not null,
  note text not null default '',
  changed_at timestamptz not null default now(),
  changed_by text references people,
  primary key (office_id, day, shift)
);
call guard_by_office('duty_days');

comment on column notice_requests.id is 'personal=no';
comment on column notice_requests.office_id is 'personal=no';
comment on column notice_requests.to_office_id is 'personal=no';
comment on column notice_requests.kind is 'personal=no';
comment on column notice_requests.warning_id is 'personal=no';
comment on column notice_requests.level is 'personal=no';
comment on column notice_requests.subject is 'personal=no';
comment on column notice_requests.title is 'personal=no';
comment on column notice_requests.text is 'personal=no';
comment on column notice_requests.path is 'personal=no';
comment on column notice_requests.acted_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column notice_requests.to_people is 'personal=staff-activity why=work-record kept=while-record';
comment on column notice_requests.to_roles is 'personal=no';
comment on column notice_requests.made_at is 'personal=no';
comment on column notices.id is 'personal=no';
comment on column notices.office_id is 'personal=no';
comment on column notices.kind is 'personal=no';
comment on column notices.level is 'personal=no';
comment on column notices.subject is 'personal=no';
comment on column notices.warning_id is 'personal=no';
comment on column notices.title is 'personal=no';
comment on column notices.text is 'personal=no';
comment on column notices.path is 'personal=no';
comment on column notices.times is 'personal=no';
comment on column notices.made_at is 'personal=no';
comment on column notices.last_at is 'personal=no';
comment on column notices.acknowledged_at is 'personal=no';
comment on column notices.acknowledged_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column notices.escalate_at is 'personal=no';
comment on column notices.step is 'personal=no';
comment on column notice_readers.office_id is 'personal=no';
comment on column notice_readers.notice_id is 'personal=no';
comment on column notice_readers.person_id is 'personal=staff-activity why=work-record kept=while-record';
comment on column notice_readers.why is 'personal=no';
comment on column notice_readers.told_at is 'personal=no';
comment on column notice_readers.read_at is 'personal=staff-activity why=work-record kept=while-record';
comment on column notice_robots.id is 'personal=no';
comment on column notice_robots.office_id is 'personal=no';
comment on column notice_robots.kind is 'personal=no';
comment on column notice_robots.name is 'personal=no';
comment on column notice_robots.address_sealed is 'personal=no';
comment on column notice_robots.secret_sealed is 'personal=no';
comment on column notice_robots.host is 'personal=no';
comment on column notice_robots.levels is 'personal=no';
comment on column notice_robots.enabled is 'personal=no';
comment on column notice_robots.wait_until is 'personal=no';
comment on column notice_robots.made_at is 'personal=no';
comment on column notice_robots.made_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column notice_robots.ended_at is 'personal=no';
comment on column notice_deliveries.id is 'personal=no';
comment on column notice_deliveries.office_id is 'personal=no';
comment on column notice_deliveries.notice_id is 'personal=no';
comment on column notice_deliveries.robot_id is 'personal=no';
comment on column notice_deliveries.person_id is 'personal=staff-activity why=work-record kept=while-record';
comment on column notice_deliveries.purpose is 'personal=no';
comment on column notice_deliveries.state is 'personal=no';
comment on column notice_deliveries.due_at is 'personal=no';
comment on column notice_deliveries.attempts is 'personal=no';
comment on column notice_deliveries.made_at is 'personal=no';
comment on column notice_deliveries.claimed_at is 'personal=no';
comment on column notice_deliveries.ended_at is 'personal=no';
comment on column notice_deliveries.reason is 'personal=no';
comment on column notice_deliveries.detail is 'personal=no';
comment on column notice_attempts.id is 'personal=no';
comment on column notice_attempts.office_id is 'personal=no';
comment on column notice_attempts.delivery_id is 'personal=no';
comment on column notice_attempts.robot_id is 'personal=no';
comment on column notice_attempts.at is 'personal=no';
comment on column notice_attempts.outcome is 'personal=no';
comment on column notice_attempts.reason is 'personal=no';
comment on column notice_attempts.detail is 'personal=no';
comment on column notice_preferences.person_id is 'personal=staff-activity why=work-record kept=while-record';
comment on column notice_preferences.office_id is 'personal=no';
comment on column notice_preferences.app_levels is 'personal=no';
comment on column notice_preferences.mail_levels is 'personal=no';
comment on column notice_preferences.quiet_from is 'personal=staff-activity why=work-record kept=while-record';
comment on column notice_preferences.quiet_until is 'personal=staff-activity why=work-record kept=while-record';
comment on column notice_preferences.changed_at is 'personal=no';
comment on column notice_settings.office_id is 'personal=no';
comment on column notice_settings.escalate_minutes is 'personal=no';
comment on column notice_settings.bundle_minutes is 'personal=no';
comment on column notice_settings.day_begins is 'personal=no';
comment on column notice_settings.night_begins is 'personal=no';
comment on column notice_settings.changed_at is 'personal=no';
comment on column notice_settings.changed_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column duty_weeks.office_id is 'personal=no';
comment on column duty_weeks.weekday is 'personal=no';
comment on column duty_weeks.shift is 'personal=no';
comment on column duty_weeks.person_ids is 'personal=staff-activity why=work-record kept=while-record';
comment on column duty_weeks.changed_at is 'personal=no';
comment on column duty_weeks.changed_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column duty_days.office_id is 'personal=no';
comment on column duty_days.day is 'personal=no';
comment on column duty_days.shift is 'personal=no';
comment on column duty_days.person_ids is 'personal=staff-activity why=work-record kept=while-record';
comment on column duty_days.note is 'personal=no';
comment on column duty_days.changed_at is 'personal=no';
comment on column duty_days.changed_by is 'personal=staff-activity why=accountability kept=while-record';
