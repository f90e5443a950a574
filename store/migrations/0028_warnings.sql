-- Everything about warnings, in one step, since each part refers to the others: rules, warnings with their steps, orders, what rules
-- have seen, replays, held deliveries. Beyond 400 lines because nearly a third is what each column holds of persons.

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

-- How an office handles a level, where it has changed what ships (config/defaults/warning-levels.json): 具体表现, 预警层级,
-- 工作措施, 处置流程, 报告办法, and its clocks.
create table warning_levels (
  office_id int not null references offices,
  level text not null check (level in ('green', 'blue', 'yellow', 'orange', 'red')),
  shows text not null,
  tier text not null,
  measures text not null,
  procedure text not null,
  reporting text not null,
  -- Hours from confirmation to the first authoritative word, and to a press conference where one is fitting; null: no clock.
  respond_hours int check (respond_hours between 1 and 720),
  press_hours int check (press_hours between 1 and 720),
  version int not null default 1,
  changed_at timestamptz not null default now(),
  changed_by text not null references people,
  primary key (office_id, level)
);
call guard_by_office('warning_levels');

create table warning_level_versions (
  office_id int not null references offices,
  level text not null,
  version int not null,
  shows text not null,
  tier text not null,
  measures text not null,
  procedure text not null,
  reporting text not null,
  respond_hours int,
  press_hours int,
  made_at timestamptz not null default now(),
  made_by text not null references people,
  primary key (office_id, level, version)
);
call guard_by_office('warning_level_versions');

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
  -- Until when a press conference is to be held or found needless, and when that was said.
  press_by timestamptz,
  press_told_at timestamptz,
  press_at timestamptz,
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
    'assessed', 'lifted', 'reopened', 'note', 'consultation', 'check', 'order', 'order-done', 'order-withdrawn', 'press', 'overdue', 'escalated', 'held', 'released')),
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
-- For the clock: what runs out next.
create index warnings_press on warnings (press_by)
  where press_by is not null and press_at is null and press_told_at is null and state not in ('suggested', 'lifted', 'dismissed');
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
  -- Who orders. Not always the office of the warning: it may lie below.
  office_id int not null references offices,
  warning_id bigint not null references warnings,
  -- The office that is to do it: this one or one below it.
  to_office_id int not null references offices,
  -- What the warning was called: the other office may not see it.
  about text not null check (about <> ''),
  text text not null check (text <> ''),
  due_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'done', 'withdrawn')),
  answer text check (answer <> ''),
  made_at timestamptz not null default now(),
  made_by text not null references people,
  done_at timestamptz,
  done_by text references people,
  -- When it was told to the office above that it is overdue.
  escalated_at timestamptz,
  check (state <> 'done' or answer is not null)
);
create index supervision_orders_warning on supervision_orders (warning_id);
create index supervision_orders_office on supervision_orders (office_id, id desc);
create index supervision_orders_due on supervision_orders (due_at) where state = 'open' and escalated_at is null;
create index supervision_orders_to on supervision_orders (to_office_id, state);

alter table supervision_orders enable row level security;
create policy both_sides on supervision_orders for select using ((select current_setting('jiansheng.every', true) = 'on')
  or office_id in (select unnest(nullif(current_setting('jiansheng.offices', true), '')::int[]))
  or to_office_id in (select unnest(nullif(current_setting('jiansheng.offices', true), '')::int[])));
create policy sender on supervision_orders for insert with check ((select current_setting('jiansheng.every', true) = 'on')
  or office_id in (select unnest(nullif(current_setting('jiansheng.offices', true), '')::int[])));
create policy both_sides_change on supervision_orders for update using ((select current_setting('jiansheng.every', true) = 'on')
  or office_id in (select unnest(nullif(current_setting('jiansheng.offices', true), '')::int[]))
  or to_office_id in (select unnest(nullif(current_setting('jiansheng.offices', true), '')::int[])));

-- Runs with the rights of whoever orders: a warning that they cannot see, this does not find.
create function check_supervision_order() returns trigger language plpgsql as $$
begin
  if not exists (select from warnings where id = new.warning_id) then
    raise exception 'what is ordered about is out of reach' using errcode = '42501';
  end if;
  if new.to_office_id <> new.office_id and not exists (
      select from office_tree where ancestor_id = new.office_id and office_id = new.to_office_id) then
    raise exception 'office % is not below', new.to_office_id using errcode = 'JS005';
  end if;
  return new;
end $$;
create trigger supervision_orders_checked after insert on supervision_orders
  for each row execute function check_supervision_order();

-- The receiver answers, the sender withdraws, the clock tells, and nobody changes what was ordered.
create function keep_supervision_order() returns trigger language plpgsql as $$
declare
  acting int := case when new.state = 'done' then old.to_office_id else old.office_id end;
begin
  if (new.office_id, new.warning_id, new.to_office_id, new.about, new.text, new.due_at, new.made_at, new.made_by)
      is distinct from (old.office_id, old.warning_id, old.to_office_id, old.about, old.text, old.due_at, old.made_at, old.made_by)
    or old.state <> 'open'
    or row_security_active('supervision_orders') and not every_office_in_scope()
      and acting not in (select * from offices_in_scope()) then
    raise exception 'order % is not to be changed so', old.id using errcode = '42501';
  end if;
  return new;
end $$;
create trigger supervision_orders_kept before update on supervision_orders
  for each row execute function keep_supervision_order();

-- What becomes of an order stands in the life of its warning, also where the receiver cannot see that. As the owner: it
-- writes what has just been changed, and nothing else.
create function note_supervision_order() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  if new.state <> old.state then
    insert into warning_steps (office_id, warning_id, kind, text, details, made_by)
    select w.office_id, w.id, case new.state when 'done' then 'order-done' else 'order-withdrawn' end, new.answer,
      jsonb_build_object('order', new.id, 'office', new.to_office_id), new.done_by
    from warnings w where w.id = new.warning_id;
  end if;
  return null;
end $$;
create trigger supervision_orders_noted after update on supervision_orders
  for each row execute function note_supervision_order();

-- How a series was found to go, kept between two evaluations (indexer/warnings): numbers only.
create table rhythms (
  office_id int not null references offices,
  -- "office:<id>", "line:<key>", "watch:<id>", "concern:<id>": volume and negative share of it.
  series text not null,
  state bytea not null,
  form int not null,
  -- Hours before this are learnt.
  until timestamptz not null,
  -- Posts in them: where older hours have changed by much since, it is learnt anew.
  posts int not null,
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

-- When an office was judged by its rules last: that nothing is told means something only while that goes on.
create table judgings (
  office_id int primary key references offices,
  -- Null: never.
  judged_at timestamptz,
  -- Why it could not be judged since, as a code.
  failure text check (failure ~ '^[A-Za-z0-9_-]{1,40}$'),
  check (judged_at is not null or failure is not null)
);
call guard_by_office('judgings');

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

-- The past of an office run through grouping and rules as if live, to see how early and how often wrong they are.
create table replays (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  from_at timestamptz not null,
  to_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
  -- 0 to 1.
  progress real not null default 0,
  -- When the process that runs it was last heard of: another one takes over from one that was killed.
  seen_at timestamptz,
  -- What came of it: levels, times, numbers and names of subjects; no words of posts.
  result jsonb,
  made_at timestamptz not null default now(),
  made_by text not null references people,
  done_at timestamptz,
  check (from_at < to_at)
);
create index replays_office on replays (office_id, id desc);
create unique index replays_one on replays (office_id) where state in ('waiting', 'running');
call guard_by_office('replays');

-- What was counted lately: which subjects of an office are to be looked at.
create index pulse_by_office_hour on pulse_by (office_id, hour);

-- A scheduled delivery waits for a second look while a warning of its office stands at orange or red.
alter table deliveries add column held_for bigint references warnings, add column held_at timestamptz,
  -- When its office was told that it is held.
  add column held_told_at timestamptz,
  add check ((held_for is null) = (held_at is null));
create index deliveries_held on deliveries (office_id) where held_for is not null and state = 'waiting';

-- How grave a warning is for what is scheduled, by what a person or a rule says; 0: not at all.
create function holds(level text, higher_level text, state text) returns int language sql immutable as $$
  select case when state in ('lifted', 'dismissed') then 0 when 'red' in (level, coalesce(higher_level, '')) then 2
    when 'orange' in (level, coalesce(higher_level, '')) then 1 else 0 end
$$;

-- Whoever raises a warning, program or person: in the same transaction everything scheduled is held. What is scheduled after
-- that was decided in knowledge of it and goes out, unless the warning becomes graver still.
create function hold_deliveries() returns trigger language plpgsql as $$
declare
  before int := case when tg_op = 'UPDATE' then holds(old.level, old.higher_level, old.state) else 0 end;
  taken bigint[];
begin
  if holds(new.level, new.higher_level, new.state) <= before then
    return null;
  end if;
  with held as (
    update deliveries set held_for = new.id, held_at = now()
    where office_id = new.office_id and state = 'waiting' and held_for is null returning id)
  select array_agg(id order by id) into taken from held;
  if taken is not null then
    insert into warning_steps (office_id, warning_id, kind, details)
    values (new.office_id, new.id, 'held', jsonb_build_object('deliveries', taken));
    perform pg_notify('jiansheng_live',
      json_build_object('kind', 'delivery', 'officeId', new.office_id, 'deliveryId', taken[1])::text);
  end if;
  return null;
end $$;
create trigger warnings_hold after insert or update of level, higher_level, state on warnings
  for each row execute function hold_deliveries();

comment on column warning_levels.office_id is 'personal=no';
comment on column warning_levels.level is 'personal=no';
comment on column warning_levels.shows is 'personal=no';
comment on column warning_levels.tier is 'personal=no';
comment on column warning_levels.measures is 'personal=no';
comment on column warning_levels.procedure is 'personal=no';
comment on column warning_levels.reporting is 'personal=no';
comment on column warning_levels.respond_hours is 'personal=no';
comment on column warning_levels.press_hours is 'personal=no';
comment on column warning_levels.version is 'personal=no';
comment on column warning_levels.changed_at is 'personal=no';
comment on column warning_levels.changed_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column warning_level_versions.office_id is 'personal=no';
comment on column warning_level_versions.level is 'personal=no';
comment on column warning_level_versions.version is 'personal=no';
comment on column warning_level_versions.shows is 'personal=no';
comment on column warning_level_versions.tier is 'personal=no';
comment on column warning_level_versions.measures is 'personal=no';
comment on column warning_level_versions.procedure is 'personal=no';
comment on column warning_level_versions.reporting is 'personal=no';
comment on column warning_level_versions.respond_hours is 'personal=no';
comment on column warning_level_versions.press_hours is 'personal=no';
comment on column warning_level_versions.made_at is 'personal=no';
comment on column warning_level_versions.made_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column warnings.id is 'personal=no';
comment on column warnings.office_id is 'personal=no';
comment on column warnings.subject_kind is 'personal=no';
comment on column warnings.subject_key is 'personal=no';
comment on column warnings.concern_id is 'personal=no';
comment on column warnings.title is 'personal=no';
comment on column warnings.suggested_level is 'personal=no';
comment on column warnings.level is 'personal=no';
comment on column warnings.state is 'personal=no';
comment on column warnings.rule_id is 'personal=no';
comment on column warnings.rule_version is 'personal=no';
comment on column warnings.evidence is 'personal=public-text why=listening kept=raw-text-days';
comment on column warnings.suggested_at is 'personal=no';
comment on column warnings.confirmed_at is 'personal=no';
comment on column warnings.handling_at is 'personal=no';
comment on column warnings.answered_at is 'personal=no';
comment on column warnings.assessed_at is 'personal=no';
comment on column warnings.lifted_at is 'personal=no';
comment on column warnings.dismissed_at is 'personal=no';
comment on column warnings.respond_by is 'personal=no';
comment on column warnings.overdue_told_at is 'personal=no';
comment on column warnings.press_by is 'personal=no';
comment on column warnings.press_told_at is 'personal=no';
comment on column warnings.press_at is 'personal=no';
comment on column warnings.calm_since is 'personal=no';
comment on column warnings.higher_level is 'personal=no';
comment on column warnings.higher_evidence is 'personal=public-text why=listening kept=raw-text-days';
comment on column warnings.higher_at is 'personal=no';
comment on column warnings.version is 'personal=no';
comment on column warning_steps.id is 'personal=no';
comment on column warning_steps.office_id is 'personal=no';
comment on column warning_steps.warning_id is 'personal=no';
comment on column warning_steps.kind is 'personal=no';
comment on column warning_steps.from_level is 'personal=no';
comment on column warning_steps.to_level is 'personal=no';
comment on column warning_steps.text is 'personal=no';
comment on column warning_steps.details is 'personal=no';
comment on column warning_steps.at is 'personal=no';
comment on column warning_steps.made_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column warning_checks.office_id is 'personal=no';
comment on column warning_checks.warning_id is 'personal=no';
comment on column warning_checks.item is 'personal=no';
comment on column warning_checks.note is 'personal=no';
comment on column warning_checks.done_at is 'personal=no';
comment on column warning_checks.done_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column supervision_orders.id is 'personal=no';
comment on column supervision_orders.office_id is 'personal=no';
comment on column supervision_orders.warning_id is 'personal=no';
comment on column supervision_orders.to_office_id is 'personal=no';
comment on column supervision_orders.about is 'personal=no';
comment on column supervision_orders.text is 'personal=no';
comment on column supervision_orders.due_at is 'personal=no';
comment on column supervision_orders.state is 'personal=no';
comment on column supervision_orders.answer is 'personal=no';
comment on column supervision_orders.made_at is 'personal=no';
comment on column supervision_orders.made_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column supervision_orders.done_at is 'personal=no';
comment on column supervision_orders.done_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column supervision_orders.escalated_at is 'personal=no';
comment on column deliveries.held_for is 'personal=no';
comment on column deliveries.held_at is 'personal=no';
comment on column deliveries.held_told_at is 'personal=no';
comment on column warning_rules.id is 'personal=no';
comment on column warning_rules.office_id is 'personal=no';
comment on column warning_rules.key is 'personal=no';
comment on column warning_rules.name is 'personal=no';
comment on column warning_rules.level is 'personal=no';
comment on column warning_rules.rule is 'personal=no';
comment on column warning_rules.enabled is 'personal=no';
comment on column warning_rules.archived_at is 'personal=no';
comment on column warning_rules.version is 'personal=no';
comment on column warning_rules.made_at is 'personal=no';
comment on column warning_rules.changed_at is 'personal=no';
comment on column warning_rules.changed_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column warning_rule_versions.office_id is 'personal=no';
comment on column warning_rule_versions.rule_id is 'personal=no';
comment on column warning_rule_versions.version is 'personal=no';
comment on column warning_rule_versions.name is 'personal=no';
comment on column warning_rule_versions.level is 'personal=no';
comment on column warning_rule_versions.rule is 'personal=no';
comment on column warning_rule_versions.enabled is 'personal=no';
comment on column warning_rule_versions.archived is 'personal=no';
comment on column warning_rule_versions.made_at is 'personal=no';
comment on column warning_rule_versions.made_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column rhythms.office_id is 'personal=no';
comment on column rhythms.series is 'personal=no';
comment on column rhythms.state is 'personal=no';
comment on column rhythms.form is 'personal=no';
comment on column rhythms.until is 'personal=no';
comment on column rhythms.posts is 'personal=no';
comment on column rule_states.office_id is 'personal=no';
comment on column rule_states.rule_id is 'personal=no';
comment on column rule_states.subject_kind is 'personal=no';
comment on column rule_states.subject_key is 'personal=no';
comment on column rule_states.holds_since is 'personal=no';
comment on column rule_states.fired_at is 'personal=no';
comment on column judgings.office_id is 'personal=no';
comment on column judgings.judged_at is 'personal=no';
comment on column judgings.failure is 'personal=no';
comment on column marked_events.id is 'personal=no';
comment on column marked_events.office_id is 'personal=no';
comment on column marked_events.name is 'personal=no';
comment on column marked_events.subject_kind is 'personal=no';
comment on column marked_events.subject_key is 'personal=no';
comment on column marked_events.began_at is 'personal=no';
comment on column marked_events.peak_at is 'personal=no';
comment on column marked_events.ended_at is 'personal=no';
comment on column marked_events.level is 'personal=no';
comment on column marked_events.made_at is 'personal=no';
comment on column marked_events.made_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column marked_events.removed_at is 'personal=no';
comment on column replays.id is 'personal=no';
comment on column replays.office_id is 'personal=no';
comment on column replays.from_at is 'personal=no';
comment on column replays.to_at is 'personal=no';
comment on column replays.state is 'personal=no';
comment on column replays.progress is 'personal=no';
comment on column replays.seen_at is 'personal=no';
comment on column replays.result is 'personal=no';
comment on column replays.made_at is 'personal=no';
comment on column replays.made_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column replays.done_at is 'personal=no';
