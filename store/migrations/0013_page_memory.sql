-- What came of a source's pages: those that are gone, those that failed, those that a visit had no room for, and those that
-- are read again because comments may have come. Kept for a month (store/retention.ts).
create table page_memory (
  office_id int not null references offices,
  source_id int not null references sources,
  -- First 16 bytes of SHA-256 over the canonical address, as for posts.
  page bytea not null check (octet_length(page) = 16),
  -- In words only while the page is to be asked for again.
  address text,
  -- The site says that there is no such page, or not any more.
  gone boolean not null default false,
  -- Tries in a row that failed, and why the last one did.
  tries int not null default 0,
  reason text,
  -- Comments seen when the page was last read; null: it was never read.
  comments int,
  -- When it was published, or last had new comments: from here on the readings grow apart.
  grew_at timestamptz,
  again_at timestamptz,
  since timestamptz not null default now(),
  primary key (source_id, page),
  check (not gone or (address is null and again_at is null)),
  check (again_at is null or address is not null)
);
create index page_memory_due on page_memory (source_id, again_at) where again_at is not null;
create index page_memory_since on page_memory (since);
call guard_by_office('page_memory');

comment on column page_memory.office_id is 'personal=no';
comment on column page_memory.source_id is 'personal=no';
comment on column page_memory.page is 'personal=public-address why=listening kept=thirty-days';
comment on column page_memory.address is 'personal=public-address why=listening kept=thirty-days';
comment on column page_memory.gone is 'personal=no';
comment on column page_memory.tries is 'personal=no';
comment on column page_memory.reason is 'personal=no';
comment on column page_memory.comments is 'personal=no';
comment on column page_memory.grew_at is 'personal=no';
comment on column page_memory.again_at is 'personal=no';
comment on column page_memory.since is 'personal=no';
