-- Programs elsewhere that the hub asks, and since when one gives no right answer; null: it does.
create table outside_services (
  name text primary key check (name in ('sentiment')),
  failing_since timestamptz,
  -- What was wrong at last, as a code.
  why text check (why ~ '^[a-z0-9-]{1,40}$'),
  told_at timestamptz not null default now(),
  check ((failing_since is null) = (why is null))
);
comment on column outside_services.name is 'personal=no';
comment on column outside_services.failing_since is 'personal=no';
comment on column outside_services.why is 'personal=no';
comment on column outside_services.told_at is 'personal=no';
