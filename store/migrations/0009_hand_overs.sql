-- What one office hands over to another: up to one above it, down to one below it, or to any other for it to read.

create table hand_overs (
  id bigint generated always as identity primary key,
  -- Who hands over, and to whom.
  office_id int not null references offices,
  to_office_id int not null references offices,
  direction text not null check (direction in ('up', 'down', 'share')),
  -- No reference and no words of it: a post goes after its time, and that it was handed over remains.
  subject_kind text not null check (subject_kind in ('post', 'release')),
  subject_id bigint not null,
  note text not null,
  due_at timestamptz,
  state text not null default 'sent' check (state in ('sent', 'accepted', 'returned', 'done', 'withdrawn')),
  answer text,
  created_by text not null references people,
  created_at timestamptz not null default now(),
  answered_by text references people,
  answered_at timestamptz,
  check (office_id <> to_office_id),
  check (state <> 'returned' or answer is not null)
);
create index hand_overs_sent on hand_overs (office_id, id desc);
create index hand_overs_received on hand_overs (to_office_id, id desc);
create index hand_overs_subject on hand_overs (subject_kind, subject_id);
create unique index hand_overs_once on hand_overs (office_id, to_office_id, subject_kind, subject_id)
  where state in ('sent', 'accepted');

alter table hand_overs enable row level security;
create policy both_sides on hand_overs for select using ((select current_setting('jiansheng.every', true) = 'on')
  or office_id in (select unnest(nullif(current_setting('jiansheng.offices', true), '')::int[]))
  or to_office_id in (select unnest(nullif(current_setting('jiansheng.offices', true), '')::int[])));
create policy sender on hand_overs for insert with check ((select current_setting('jiansheng.every', true) = 'on')
  or office_id in (select unnest(nullif(current_setting('jiansheng.offices', true), '')::int[])));
create policy both_sides_change on hand_overs for update using ((select current_setting('jiansheng.every', true) = 'on')
  or office_id in (select unnest(nullif(current_setting('jiansheng.offices', true), '')::int[]))
  or to_office_id in (select unnest(nullif(current_setting('jiansheng.offices', true), '')::int[])));

-- Runs with the rights of whoever hands over: what they cannot see, this does not find.
create function check_hand_over() returns trigger language plpgsql as $$
begin
  if new.subject_kind = 'post' and not exists (select 1 from posts where id = new.subject_id)
    or new.subject_kind = 'release' and not exists (select 1 from releases where id = new.subject_id) then
    raise exception 'what is handed over is out of reach' using errcode = '42501';
  end if;
  if new.direction = 'up' and not exists (
      select 1 from office_tree where ancestor_id = new.to_office_id and office_id = new.office_id)
    or new.direction = 'down' and not exists (
      select 1 from office_tree where ancestor_id = new.office_id and office_id = new.to_office_id) then
    raise exception 'office % is not in that direction', new.to_office_id using errcode = 'JS005';
  end if;
  return new;
end $$;
create trigger hand_overs_checked after insert on hand_overs for each row execute function check_hand_over();

-- The sender withdraws, the receiver answers, and neither changes what was sent.
create function keep_hand_over() returns trigger language plpgsql as $$
declare
  acting int := case when new.state = 'withdrawn' then old.office_id else old.to_office_id end;
begin
  if (new.office_id, new.to_office_id, new.direction, new.subject_kind, new.subject_id, new.note, new.due_at, new.created_by,
      new.created_at) is distinct from (old.office_id, old.to_office_id, old.direction, old.subject_kind,
      old.subject_id, old.note, old.due_at, old.created_by, old.created_at)
    or row_security_active('hand_overs') and not every_office_in_scope()
      and acting not in (select * from offices_in_scope()) then
    raise exception 'hand-over % is not to be changed so', old.id using errcode = '42501';
  end if;
  return new;
end $$;
create trigger hand_overs_kept before update on hand_overs for each row execute function keep_hand_over();

-- Records that were shared with the offices of the connection's scope (`jiansheng.shared`, set where the access matrix says
-- that shared records count). Runs as the owner, and is looked at only for rows that the scope itself does not hold.
create function shared_records(kind text) returns setof bigint
language sql stable parallel safe security definer set search_path = public, pg_temp as $$
  select subject_id from hand_overs
  where subject_kind = kind and state <> 'withdrawn'
    and to_office_id in (select unnest(nullif(current_setting('jiansheng.shared', true), '')::int[]))
$$;
create policy shared on posts for select using (id in (select * from shared_records('post')));
create policy shared on releases for select using (id in (select * from shared_records('release')));

comment on column hand_overs.id is 'personal=no';
comment on column hand_overs.office_id is 'personal=no';
comment on column hand_overs.to_office_id is 'personal=no';
comment on column hand_overs.direction is 'personal=no';
comment on column hand_overs.subject_kind is 'personal=no';
comment on column hand_overs.subject_id is 'personal=no';
comment on column hand_overs.note is 'personal=no';
comment on column hand_overs.due_at is 'personal=no';
comment on column hand_overs.state is 'personal=no';
comment on column hand_overs.answer is 'personal=no';
comment on column hand_overs.created_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column hand_overs.created_at is 'personal=no';
comment on column hand_overs.answered_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column hand_overs.answered_at is 'personal=no';
