-- How a release is written and reviewed.

-- What is written: a master text as a document (config/release-content.ts), and for each channel what differs there.
alter table releases
  add column type text not null default 'notice' check (type in ('case-information', 'legal-document', 'notice', 'work-report', 'law-by-case',
    'typical-case', 'press-conference', 'open-day', 'consultation', 'response')),
  add column document jsonb not null default '{"type": "doc", "content": []}',
  -- Source, keywords, column, cover, flags, attachments and what differs on each channel.
  add column details jsonb not null default '{}',
  -- It goes out after one review by a signatory; the other reviews follow (config/review-rules.ts).
  add column urgent boolean not null default false,
  -- Nothing goes out on any channel before then.
  add column embargo_until timestamptz,
  -- The recurring column that it fills, and for which day.
  add column series_id int,
  add column series_day date;

update releases set document = jsonb_build_object('type', 'doc', 'content', coalesce((
  select jsonb_agg(case when line = '' then jsonb_build_object('type', 'paragraph')
      else jsonb_build_object('type', 'paragraph', 'content', jsonb_build_array(jsonb_build_object('type', 'text', 'text', line))) end order by place)
  from regexp_split_to_table(trim(body, E'\n '), E'\n\\s*\n') with ordinality as parts (paragraph, place),
    lateral (select regexp_replace(paragraph, E'\n', ' ', 'g')) as joined (line)), '[]'));
alter table releases drop column body;

alter table releases drop constraint releases_state_check;
alter table releases add constraint releases_state_check
  check (state in ('draft', 'reviewing', 'approved', 'scheduled', 'published', 'withdrawn'));
-- What was on its way before there were reviews goes out as it was scheduled.

-- What a release held after each save. Saves that follow each other by themselves, by one person, fall into one.
create table release_revisions (
  office_id int not null references offices,
  release_id bigint not null references releases on delete cascade,
  version int not null,
  content jsonb not null,
  saved_by text not null references people,
  saved_at timestamptz not null default now(),
  -- When the first of the saves was that fell into this one.
  began_at timestamptz not null default now(),
  -- By the editor while somebody writes; by a person; from a file or an earlier revision.
  how text not null check (how in ('auto', 'save', 'import', 'restore', 'correct')),
  primary key (release_id, version)
);
call guard_by_office('release_revisions');

-- Who has a release open in the editor now.
create table release_editors (
  office_id int not null references offices,
  release_id bigint not null references releases on delete cascade,
  person_id text not null references people,
  seen_at timestamptz not null default now(),
  -- When they last changed something, not merely looked.
  wrote_at timestamptz,
  primary key (release_id, person_id)
);
call guard_by_office('release_editors');

-- Pictures, video, audio, captions and attachments of releases. A crop is a picture of its own that names what it was cut from.
create table media (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  kind text not null check (kind in ('image', 'video', 'audio', 'captions', 'attachment')),
  name text not null check (name <> '' and length(name) <= 120),
  mime text not null,
  bytes int not null check (bytes > 0),
  sha256 text not null,
  width int,
  height int,
  alt text not null default '',
  crop_of bigint references media on delete cascade,
  -- {"ratio": "2.35:1", "x1": 0, "y1": 0.1, "x2": 1, "y2": 0.9}, shares of the whole.
  crop jsonb,
  data bytea not null,
  made_by text references people,
  made_at timestamptz not null default now(),
  check ((crop_of is null) = (crop is null))
);
alter table media alter column data set storage external;
create index media_office on media (office_id, id desc);
create index media_crops on media (crop_of) where crop_of is not null;
call guard_by_office('media');

-- Files on their way, piece by piece, until the last piece is there; what never ended goes after a day.
create table media_parts (
  office_id int not null references offices,
  upload uuid not null,
  place int not null check (place >= 0),
  data bytea not null,
  made_by text not null references people,
  made_at timestamptz not null default now(),
  primary key (upload, place)
);
alter table media_parts alter column data set storage external;
call guard_by_office('media_parts');

-- A start for releases of one kind, with what stands in all of them.
create table release_templates (
  id int generated always as identity primary key,
  office_id int not null references offices,
  name text not null check (name <> '' and length(name) <= 60),
  content jsonb not null,
  made_by text references people,
  made_at timestamptz not null default now(),
  archived_at timestamptz
);
create index release_templates_office on release_templates (office_id) where archived_at is null;
call guard_by_office('release_templates');

-- Why somebody let a finding of the checks stand. It holds for the very finding, as long as the text has it.
create table check_reasons (
  office_id int not null references offices,
  release_id bigint not null references releases on delete cascade,
  -- Key of the check, and what it found, as a hash.
  check_key text not null,
  finding text not null,
  reason text not null check (reason <> '' and length(reason) <= 400),
  given_by text not null references people,
  given_at timestamptz not null default now(),
  primary key (release_id, check_key, finding)
);
call guard_by_office('check_reasons');

-- What the checks found when they last ran, on which version: nothing found is not the same as not run.
create table check_runs (
  office_id int not null references offices,
  release_id bigint primary key references releases on delete cascade,
  version int not null,
  findings jsonb not null,
  ran_at timestamptz not null default now()
);
call guard_by_office('check_runs');

-- 保密审查, item by item, by name, for one version of the text (保守国家秘密法实施条例 (2024) Art. 42).
create table secrecy_reviews (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  release_id bigint not null references releases on delete cascade,
  version int not null,
  items text[] not null,
  person_id text not null references people,
  at timestamptz not null default now()
);
create index secrecy_reviews_release on secrecy_reviews (release_id, id desc);
call guard_by_office('secrecy_reviews');

-- One walk of a release through its reviews; a new one begins when it is submitted again.
create table review_rounds (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  release_id bigint not null references releases on delete cascade,
  -- The version that is reviewed, what it holds, and the SHA-256 of that; an edit ends the round.
  version int not null,
  content jsonb not null,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  flow text not null check (flow in ('three', 'legal', 'urgent')),
  -- A case that is sensitive or was assigned: the office above passes it before it goes out.
  superior_office_id int references offices,
  submitted_by text not null references people,
  submitted_at timestamptz not null default now(),
  note text not null default '',
  -- Who saved the version and who submitted it: none of them passes it.
  authors text[] not null,
  state text not null default 'open' check (state in ('open', 'passed', 'returned', 'edited', 'taken-back')),
  -- Since when it waits for its present stage.
  waiting_since timestamptz not null default now(),
  ended_at timestamptz,
  -- Of an urgent one that has passed: until when the other reviews are due, and when somebody was told that they are late.
  -- Null: nothing is due after the fact.
  after_due_at timestamptz,
  after_told_at timestamptz
);
create unique index review_rounds_open on review_rounds (release_id) where state = 'open';
create index review_rounds_release on review_rounds (release_id, id desc);
create index review_rounds_waiting on review_rounds (office_id, waiting_since) where state = 'open' or after_due_at is not null;
call guard_by_office('review_rounds');

-- What each reviewer decided. Of one round the people are different ones.
create table review_steps (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  round_id bigint not null references review_rounds on delete cascade,
  -- three: first, second, final; legal: examine, export, recheck; both with `superior` where one is asked; urgent: final, then
  -- first and second after the fact.
  stage text not null check (stage in ('first', 'second', 'final', 'superior', 'examine', 'export', 'recheck')),
  decision text not null check (decision in ('passed', 'returned')),
  -- The points of the stage that were ticked (政治、法律、保密、文字 …).
  points text[] not null default '{}',
  note text not null default '',
  person_id text not null references people,
  -- As they were called: people of the office above are out of reach for the one below.
  person_name text not null,
  -- As what they acted: the role, where, and whether as its holder, a deputy or a delegate.
  role text not null,
  role_office_id int not null references offices,
  held_as text not null check (held_as in ('holder', 'deputy', 'delegate')),
  at timestamptz not null default now(),
  check (decision = 'passed' or note <> '')
);
create unique index review_steps_once on review_steps (round_id, stage) where decision = 'passed';
create unique index review_steps_people on review_steps (round_id, person_id) where decision = 'passed';
call guard_by_office('review_steps');

-- Whatever the program does: nobody passes what they have written, and a round that has ended takes no more passes but those
-- that an urgent one still owes.
create function guard_review_step() returns trigger language plpgsql as $$
declare
  round review_rounds;
begin
  select * into round from review_rounds where id = new.round_id for update;
  if not found then
    -- As the policy says it of rows: the round is out of reach, whatever office the step names.
    raise exception 'round % is out of reach', new.round_id using errcode = '42501';
  end if;
  if new.person_id = any (round.authors) then
    raise exception 'who wrote version % does not review it', round.version using errcode = 'JS006';
  end if;
  if round.state <> 'open' and (round.after_due_at is null or new.stage not in ('first', 'second')) then
    raise exception 'round % is over', round.id using errcode = 'JS007';
  end if;
  return new;
end $$;
create trigger review_steps_guard before insert on review_steps for each row execute function guard_review_step();

-- A word about a passage, until somebody has seen to it.
create table release_comments (
  id bigint generated always as identity primary key,
  office_id int not null references offices,
  release_id bigint not null references releases on delete cascade,
  round_id bigint references review_rounds,
  -- title, summary, document, weibo, wechat
  part text not null,
  -- The passage as it read, and where it began in the plain text of the part; null: about the part as a whole.
  quote text,
  start int,
  text text not null check (text <> '' and length(text) <= 2000),
  made_by text not null references people,
  made_at timestamptz not null default now(),
  resolved_by text references people,
  resolved_at timestamptz
);
create index release_comments_release on release_comments (release_id, id);
call guard_by_office('release_comments');

-- Recurring columns: on which days and at what time something is due, and from which template it begins.
create table release_series (
  id int generated always as identity primary key,
  office_id int not null references offices,
  name text not null check (name <> '' and length(name) <= 60),
  type text not null,
  template_id int references release_templates,
  -- 1: Monday … 7: Sunday; or days of the month.
  weekdays int[] not null default '{}',
  month_days int[] not null default '{}',
  -- Minute of the day in Asia/Shanghai.
  minute int not null check (minute between 0 and 1439),
  channels text[] not null,
  made_by text references people,
  made_at timestamptz not null default now(),
  paused_at timestamptz,
  archived_at timestamptz
);
call guard_by_office('release_series');
alter table releases add foreign key (series_id) references release_series;
create unique index releases_series_day on releases (series_id, series_day) where series_id is not null;

-- How an office publishes.
create table publishing_settings (
  office_id int primary key references offices,
  -- Minutes of the day in Asia/Shanghai in which nothing should be planned; null: none.
  quiet_from int,
  quiet_until int,
  -- Two releases on one account had better not be closer than this.
  gap_minutes int not null default 30,
  -- Later than this a delivery is missed, not sent; null: as hub.yaml says.
  missed_after_minutes int check (missed_after_minutes between 1 and 10080),
  -- Within so many hours after its approval an urgent release is reviewed after the fact.
  after_hours int not null default 24 check (after_hours between 1 and 168),
  changed_by text references people,
  changed_at timestamptz not null default now()
);
call guard_by_office('publishing_settings');

comment on column release_revisions.office_id is 'personal=no';
comment on column release_revisions.release_id is 'personal=no';
comment on column release_revisions.version is 'personal=no';
comment on column release_revisions.content is 'personal=no';
comment on column release_revisions.saved_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column release_revisions.saved_at is 'personal=no';
comment on column release_revisions.began_at is 'personal=no';
comment on column release_revisions.how is 'personal=no';
comment on column release_editors.office_id is 'personal=no';
comment on column release_editors.release_id is 'personal=no';
comment on column release_editors.person_id is 'personal=staff-activity why=work-record kept=while-record';
comment on column release_editors.seen_at is 'personal=staff-activity why=work-record kept=while-record';
comment on column release_editors.wrote_at is 'personal=staff-activity why=work-record kept=while-record';
comment on column media.id is 'personal=no';
comment on column media.office_id is 'personal=no';
comment on column media.kind is 'personal=no';
comment on column media.name is 'personal=no';
comment on column media.mime is 'personal=no';
comment on column media.bytes is 'personal=no';
comment on column media.sha256 is 'personal=no';
comment on column media.width is 'personal=no';
comment on column media.height is 'personal=no';
comment on column media.alt is 'personal=no';
comment on column media.crop_of is 'personal=no';
comment on column media.crop is 'personal=no';
comment on column media.data is 'personal=no';
comment on column media.made_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column media.made_at is 'personal=no';
comment on column media_parts.office_id is 'personal=no';
comment on column media_parts.upload is 'personal=no';
comment on column media_parts.place is 'personal=no';
comment on column media_parts.data is 'personal=no';
comment on column media_parts.made_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column media_parts.made_at is 'personal=no';
comment on column release_templates.id is 'personal=no';
comment on column release_templates.office_id is 'personal=no';
comment on column release_templates.name is 'personal=no';
comment on column release_templates.content is 'personal=no';
comment on column release_templates.made_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column release_templates.made_at is 'personal=no';
comment on column release_templates.archived_at is 'personal=no';
comment on column check_reasons.office_id is 'personal=no';
comment on column check_reasons.release_id is 'personal=no';
comment on column check_reasons.check_key is 'personal=no';
comment on column check_reasons.finding is 'personal=no';
comment on column check_reasons.reason is 'personal=no';
comment on column check_reasons.given_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column check_reasons.given_at is 'personal=no';
comment on column check_runs.office_id is 'personal=no';
comment on column check_runs.release_id is 'personal=no';
comment on column check_runs.version is 'personal=no';
comment on column check_runs.findings is 'personal=no';
comment on column check_runs.ran_at is 'personal=no';
comment on column secrecy_reviews.id is 'personal=no';
comment on column secrecy_reviews.office_id is 'personal=no';
comment on column secrecy_reviews.release_id is 'personal=no';
comment on column secrecy_reviews.version is 'personal=no';
comment on column secrecy_reviews.items is 'personal=no';
comment on column secrecy_reviews.person_id is 'personal=staff-activity why=accountability kept=while-record';
comment on column secrecy_reviews.at is 'personal=no';
comment on column review_rounds.id is 'personal=no';
comment on column review_rounds.office_id is 'personal=no';
comment on column review_rounds.release_id is 'personal=no';
comment on column review_rounds.version is 'personal=no';
comment on column review_rounds.content is 'personal=no';
comment on column review_rounds.hash is 'personal=no';
comment on column review_rounds.flow is 'personal=no';
comment on column review_rounds.superior_office_id is 'personal=no';
comment on column review_rounds.submitted_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column review_rounds.submitted_at is 'personal=no';
comment on column review_rounds.note is 'personal=no';
comment on column review_rounds.authors is 'personal=staff-activity why=accountability kept=while-record';
comment on column review_rounds.state is 'personal=no';
comment on column review_rounds.waiting_since is 'personal=no';
comment on column review_rounds.after_due_at is 'personal=no';
comment on column review_rounds.after_told_at is 'personal=no';
comment on column review_rounds.ended_at is 'personal=no';
comment on column review_steps.id is 'personal=no';
comment on column review_steps.office_id is 'personal=no';
comment on column review_steps.round_id is 'personal=no';
comment on column review_steps.stage is 'personal=no';
comment on column review_steps.decision is 'personal=no';
comment on column review_steps.points is 'personal=no';
comment on column review_steps.note is 'personal=no';
comment on column review_steps.person_id is 'personal=staff-activity why=accountability kept=while-record';
comment on column review_steps.person_name is 'personal=staff-activity why=accountability kept=while-record';
comment on column review_steps.role is 'personal=no';
comment on column review_steps.role_office_id is 'personal=no';
comment on column review_steps.held_as is 'personal=no';
comment on column review_steps.at is 'personal=no';
comment on column release_comments.id is 'personal=no';
comment on column release_comments.office_id is 'personal=no';
comment on column release_comments.release_id is 'personal=no';
comment on column release_comments.round_id is 'personal=no';
comment on column release_comments.part is 'personal=no';
comment on column release_comments.quote is 'personal=no';
comment on column release_comments.start is 'personal=no';
comment on column release_comments.text is 'personal=no';
comment on column release_comments.made_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column release_comments.made_at is 'personal=no';
comment on column release_comments.resolved_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column release_comments.resolved_at is 'personal=no';
comment on column release_series.id is 'personal=no';
comment on column release_series.office_id is 'personal=no';
comment on column release_series.name is 'personal=no';
comment on column release_series.type is 'personal=no';
comment on column release_series.template_id is 'personal=no';
comment on column release_series.weekdays is 'personal=no';
comment on column release_series.month_days is 'personal=no';
comment on column release_series.minute is 'personal=no';
comment on column release_series.channels is 'personal=no';
comment on column release_series.made_by is 'personal=staff-activity why=work-record kept=while-record';
comment on column release_series.made_at is 'personal=no';
comment on column release_series.paused_at is 'personal=no';
comment on column release_series.archived_at is 'personal=no';
comment on column publishing_settings.office_id is 'personal=no';
comment on column publishing_settings.quiet_from is 'personal=no';
comment on column publishing_settings.quiet_until is 'personal=no';
comment on column publishing_settings.gap_minutes is 'personal=no';
comment on column publishing_settings.missed_after_minutes is 'personal=no';
comment on column publishing_settings.after_hours is 'personal=no';
comment on column publishing_settings.changed_by is 'personal=staff-activity why=accountability kept=while-record';
comment on column publishing_settings.changed_at is 'personal=no';
comment on column releases.type is 'personal=no';
comment on column releases.document is 'personal=no';
comment on column releases.details is 'personal=no';
comment on column releases.urgent is 'personal=no';
comment on column releases.embargo_until is 'personal=no';
comment on column releases.series_id is 'personal=no';
comment on column releases.series_day is 'personal=no';
