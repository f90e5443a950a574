import type { Store } from '../../store/pool.ts';

/** How much of everything; the defaults are the whole country for two months. */
export type Size = { municipal: number; county: number; people: number; posts: number };
export const COUNTRY: Size = { municipal: 400, county: 3_167, people: 20_000, posts: 1_000_000 };

export const DAYS = 60;
const BATCH = 100_000;

/** One office of each level, the county below the city below the province below the supreme one. */
export type Line = { supreme: number; provincial: number; municipal: number; county: number };

/**
 * Fills an empty database, as its owner: 1 supreme and 32 provincial offices and those below them, people with a role each,
 * one source for each office, and posts of 60 days with their hourly counters.
 * @param now the end of the 60 days
 */
export async function fillCountry(
  store: Store,
  size: Size,
  now: Date,
  say: (line: string) => void,
): Promise<void> {
  await store.query(`insert into offices (code, name, level) values ('b', '最高人民检察院', 'supreme')`);
  await store.query(
    `insert into offices (code, name, level, parent_id)
     select 'b-' || n, '第' || n || '省人民检察院', 'provincial', (select id from offices where code = 'b')
     from generate_series(1, 32) n`,
  );
  await below(store, 'municipal', 'b-', 32, size.municipal, 'bm-');
  await below(store, 'county', 'bm-', size.municipal, size.county, 'bc-');
  await store.query(
    `insert into people (id, office_id, name, email)
     select 'p' || n, o.id, '人员' || n, 'p' || n || '@example.com'
     from generate_series(1, $1::int) n
     join (select id, row_number() over (order by id) - 1 as place, count(*) over () as offices from offices) o
       on o.place = n % o.offices`,
    [size.people],
  );
  await store.query(
    `insert into role_grants (office_id, person_id, role, kind, granted_by)
     select office_id, id, (array['leader', 'press-officer', 'responder', 'analyst', 'signatory'])[1 + abs(hashtext(id)) % 5],
       'holder', 'bench' from people`,
  );
  await store.query(
    `insert into sources (office_id, key, name, kind, url, interval_seconds, legal_basis, impact_note, approved_by, settings)
     select id, 'bench', name || '留言板', 'feed', 'http://bench.example/' || id, 3600, 'b', 'b', 'b', '{}' from offices`,
  );
  await store.query(
    `insert into visits (office_id, source_id, slot, started_at, finished_at, outcome, expected, got, fresh, copies, failed, unsettled)
     select s.office_id, s.id, n, $1::timestamptz - n * interval '6 hours', $1::timestamptz - n * interval '6 hours',
       case when (s.id + n) % 40 = 0 then 'failed' else 'complete' end, 5, 5, 5, 0, 0, false
     from sources s, generate_series(1, 20) n`,
    [now],
  );
  await store.query(
    `insert into gaps (office_id, source_id, began_at, ended_at, reason)
     select office_id, source_id, started_at - interval '6 hours', started_at, 'timeout' from visits where outcome = 'failed'`,
  );
  say(`${await count(store, 'offices')} offices, ${await count(store, 'people')} people`);
  await fillPosts(store, size.posts, now, say);
  await store.query('analyze');
}

/** The offices that ask, once the country is there. */
export async function lineOf(store: Store): Promise<Line> {
  const line = await store.query<Line>(
    `select c.id as county, m.id as municipal, p.id as provincial, s.id as supreme
     from offices c join offices m on m.id = c.parent_id join offices p on p.id = m.parent_id join offices s on s.id = p.parent_id
     order by c.id limit 1`,
  );
  return line.rows[0] as Line;
}

async function below(
  store: Store,
  level: string,
  above: string,
  parents: number,
  many: number,
  code: string,
) {
  await store.query(
    `insert into offices (code, name, level, parent_id)
     select $5 || n, '第' || n || case $1 when 'municipal' then '市' else '县' end || '人民检察院', $1, p.id
     from generate_series(1, $4::int) n join offices p on p.code = $2 || (1 + n % $3::int)`,
    [level, above, parents, many, code],
  );
}

/** What people say, put together anew for every post. */
const WHO = ['居民', '家长', '村民', '网友', '农民工', '消费者', '律师', '企业负责人'];
const WHAT = [
  '河道污染',
  '拖欠工资',
  '校园安全',
  '食品安全',
  '检察听证',
  '公益诉讼',
  '未成年人保护',
  '电信诈骗',
];
const HOW = ['点赞感谢', '质疑进展缓慢', '建议公开结果', '希望尽快答复', '感到失望', '表示认可'];
/** What is searched for: some of it in every eighth post, some in few. */
export const WORDS = [...WHAT, '居民', '希望尽快答复', '编号4711', ''];

async function fillPosts(store: Store, posts: number, now: Date, say: (line: string) => void): Promise<void> {
  const sources = await store.query<{ id: number }>('select id from sources order by id');
  const ids = sources.rows.map((row) => row.id);
  for (let first = 1; first <= posts; first += BATCH) {
    await store.query(POSTS, [first, Math.min(posts, first + BATCH - 1), now, WHO, WHAT, HOW, ids, posts]);
  }
  // The sum of what each visit counted.
  await store.query(
    `insert into pulse (office_id, hour, source_id, sentiment, posts, copies)
     select office_id, date_trunc('hour', at), source_id, sentiment, count(*), count(copy_of) from posts
     group by 1, 2, 3, 4 order by 2`,
  );
  say(`${await count(store, 'posts')} posts, ${await count(store, 'pulse')} hourly counters`);
}

/** Drawn by hashes, so that every run has the same posts; they come in as they are said, within the hour. */
const POSTS = `
  insert into posts (office_id, source_id, identity, kind, url, title, text, outlet, published_at, at, sentiment,
    sentiment_probability, first_seen_at)
  select s.office_id, s.id, decode(md5(n::text), 'hex'), 'post', 'http://bench.example/' || n,
    what || '：第' || n || '条', who || '谈到' || what || '，' || how || '，编号' || n || '。', '留言板', at, at,
    (array['neutral', 'negative', 'positive', 'neutral'])[1 + abs(hashint8(n + 4)) % 4], 0.9, at
  from generate_series($1::bigint, $2::bigint) n
  cross join lateral (select
    ($4::text[])[1 + abs(hashint8(n + 1)) % cardinality($4::text[])] as who,
    ($5::text[])[1 + abs(hashint8(n + 2)) % cardinality($5::text[])] as what,
    ($6::text[])[1 + abs(hashint8(n + 3)) % cardinality($6::text[])] as how,
    $3::timestamptz - (1 - n / $8::float8) * interval '${DAYS} days'
      - (abs(hashint8(n + 6)) % 3600) * interval '1 second' as at
  ) drawn
  join sources s on s.id = ($7::int[])[1 + abs(hashint8(n)) % cardinality($7::int[])]`;

async function count(store: Store, table: string): Promise<number> {
  const result = await store.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return result.rows[0]?.n ?? 0;
}
