-- How each source is doing, since when and why; and how often it is worth asking.

alter table sources
  -- The host that is asked, `name` or `name:port` where the port is not the scheme's own: a pace and a stop hold for it.
  add column host text generated always as (lower(regexp_replace(
    substring(url from '^https?://(?:[^/?#@]*@)?([^/?#]+)'), case when url like 'https:%' then ':443$' else ':80$' end, ''))) stored,
  -- Learned between the two bounds; null: not visited yet. Why it is what it is: a code of crawler/revisit.ts.
  add column current_interval_seconds int,
  add column interval_reason text,
  -- Off and stopped are states too, so that one column answers "how is it doing".
  add column health text not null default 'unknown'
    check (health in ('healthy', 'degraded', 'failing', 'blocked', 'silent', 'unknown', 'off')),
  add column health_since timestamptz not null default now(),
  -- Code of the reason, and the sentence for people.
  add column health_reason text,
  add column health_detail text,
  -- Visits in a row, up to the last: that got everything, that got anything, that got nothing, and since when; and of the
  -- latter, the last ones of one kind (positive: we were refused; negative: it is ill).
  add column visits_good int not null default 0,
  add column visits_usable int not null default 0,
  add column visits_bad int not null default 0,
  add column visits_alike int not null default 0,
  add column bad_since timestamptz,
  -- When a visit last brought something new; how long a silence is nothing unusual here (null: too little is known to say);
  -- and when that was last worked out.
  add column last_fresh_at timestamptz,
  add column quiet_seconds int,
  add column quiet_learned_at timestamptz;

alter table visits
  -- Of the items that the source listed, those that the hub had already.
  add column known int not null default 0;
-- What a source has brought altogether.
create index pulse_source on pulse (source_id);
create index visits_running on visits (source_id) where outcome = 'running';

-- The states of a source as stretches of time without a hole: charts shade them, and a day's list tells what changed.
create table source_states (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  source_id int not null references sources,
  state text not null,
  since timestamptz not null default now(),
  until timestamptz,
  reason text,
  detail text
);
create unique index source_states_one_open on source_states (source_id) where until is null;
create index source_states_source on source_states (source_id, since desc);
create index source_states_office on source_states (office_id, since);
call guard_by_office('source_states');

-- What is known so far, from the last visit that ended: charts and lists go on from there.
update sources s set health = case when not s.enabled or s.stopped_at is not null then 'off'
    when v.id is null then 'unknown' when v.outcome = 'failed' then 'failing'
    when v.outcome = 'partial' then 'degraded' else 'healthy' end,
  health_since = coalesce(v.finished_at, s.created_at), health_reason = v.reason, health_detail = v.detail,
  visits_good = case when v.outcome in ('complete', 'unchanged') then 1 else 0 end,
  visits_usable = case when v.outcome in ('complete', 'unchanged', 'partial') then 1 else 0 end,
  visits_bad = case when v.outcome = 'failed' then 1 else 0 end,
  visits_alike = case when v.outcome = 'failed' then -1 else 0 end,
  bad_since = case when v.outcome = 'failed' then v.finished_at end,
  last_fresh_at = (select max(finished_at) from visits where source_id = s.id and fresh > 0)
from sources same left join lateral (
  select * from visits where source_id = same.id and finished_at is not null order by started_at desc limit 1
) v on true
where same.id = s.id;

-- A source has a state from its first moment on.
create function open_source_state() returns trigger language plpgsql as $$
begin
  insert into source_states (office_id, source_id, state, since, reason, detail)
  values (new.office_id, new.id, new.health, new.health_since, new.health_reason, new.health_detail);
  return new;
end $$;
insert into source_states (office_id, source_id, state, since, reason, detail)
select office_id, id, health, health_since, health_reason, health_detail from sources;
create trigger sources_state after insert on sources for each row execute function open_source_state();

comment on column sources.host is 'personal=no';
comment on column sources.current_interval_seconds is 'personal=no';
comment on column sources.interval_reason is 'personal=no';
comment on column sources.health is 'personal=no';
comment on column sources.health_since is 'personal=no';
comment on column sources.health_reason is 'personal=no';
comment on column sources.health_detail is 'personal=no';
comment on column sources.visits_good is 'personal=no';
comment on column sources.visits_usable is 'personal=no';
comment on column sources.visits_bad is 'personal=no';
comment on column sources.visits_alike is 'personal=no';
comment on column sources.bad_since is 'personal=no';
comment on column sources.last_fresh_at is 'personal=no';
comment on column sources.quiet_seconds is 'personal=no';
comment on column sources.quiet_learned_at is 'personal=no';
comment on column visits.known is 'personal=no';
comment on column source_states.id is 'personal=no';
comment on column source_states.office_id is 'personal=no';
comment on column source_states.source_id is 'personal=no';
comment on column source_states.state is 'personal=no';
comment on column source_states.since is 'personal=no';
comment on column source_states.until is 'personal=no';
comment on column source_states.reason is 'personal=no';
comment on column source_states.detail is 'personal=no';
