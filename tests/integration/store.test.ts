import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingest } from '../../indexer/ingest.ts';
import { identityTables, openTables } from '../../store/grants.ts';
import { migrate } from '../../store/migrate.ts';
import { postById, postCount, sameWords } from '../../store/posts.ts';
import { pulseSeries } from '../../store/pulse.ts';
import { draft, makeSource } from '../support/posts.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';

let engines: TestEngines;
beforeAll(async () => {
  engines = await startTestEngines();
});
afterAll(() => engines.stop());

const NOW = Date.UTC(2026, 10, 22, 4);

describe('migrations', () => {
  test('a second run changes nothing', async () => {
    expect(await migrate(engines.store)).toEqual([]);
  });

  test('a database of a newer program refuses to start', async () => {
    await engines.store.query(`insert into schema_migrations (name, sha256) values ('9999_future.sql', 'x')`);
    await expect(migrate(engines.store)).rejects.toMatchObject({ code: 'newer-schema' });
    await engines.store.query(`delete from schema_migrations where name = '9999_future.sql'`);
  });

  test('a migration that was edited after it ran refuses to start', async () => {
    const before = await engines.store.query(`update schema_migrations set sha256 = 'x' returning name`);
    expect(before.rowCount).toBeGreaterThan(0);
    await expect(migrate(engines.store)).rejects.toMatchObject({ code: 'changed-migration' });
    await engines.store.query('truncate schema_migrations');
    await engines.store.query('drop schema public cascade; create schema public');
    expect((await migrate(engines.store)).length).toBe(before.rowCount);
    await engines.store.query(
      `insert into offices (code, name, level) values ('test-1', '云州市人民检察院', 'municipal')`,
    );
  });

  test('every record names its office', async () => {
    // Those that grants.ts names: the register of offices, the ledger, and what people sign in with.
    const without = [...identityTables, ...openTables].toSorted();
    const tables = await engines.store.query<{ name: string }>(
      `select table_name as name from information_schema.tables t
       where table_schema = 'public' and not exists (
         select 1 from information_schema.columns c
         where c.table_schema = 'public' and c.table_name = t.table_name and c.column_name = 'office_id' and c.is_nullable = 'NO')
       order by 1`,
    );
    expect(without).toEqual(expect.arrayContaining(tables.rows.map((row) => row.name)));
  });

  test('no column could hold an author', async () => {
    const columns = await engines.store.query<{ name: string }>(
      `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = 'posts'`,
    );
    for (const { name } of columns.rows)
      expect(name).not.toMatch(/author|user|nick|avatar|screen|profile|ip/);
  });
});

describe('a post', () => {
  test('is stored once per source, however often it is read', async () => {
    const source = await makeSource(engines.store, engines.officeId, 'once');
    const first = await ingest(engines.store, source, [draft('a'), draft('b'), draft('a')], NOW);
    const second = await ingest(engines.store, source, [draft('b'), draft('c')], NOW);
    expect(first).toMatchObject({ fresh: 2 });
    expect(second).toMatchObject({ fresh: 1, known: 1 });
  });

  test('is stored once when eight workers read it at the same moment, and counted once', async () => {
    const source = await makeSource(engines.store, engines.officeId, 'race');
    const batch = Array.from({ length: 50 }, (_, n) => draft(`race-${n}`));
    const results = await Promise.all(
      Array.from({ length: 8 }, () => ingest(engines.store, source, batch, NOW)),
    );
    expect(results.reduce((sum, result) => sum + result.fresh, 0)).toBe(50);
    const counted = await engines.store.query<{ posts: number }>(
      'select sum(posts)::int as posts from pulse where source_id = $1',
      [source.id],
    );
    expect(counted.rows[0]?.posts).toBe(50);
  });

  test('that repeats another is linked to the first one and counted as a copy', async () => {
    const [one, two] = [
      await makeSource(engines.store, engines.officeId, 'original'),
      await makeSource(engines.store, engines.officeId, 'reprint'),
    ];
    const text =
      '云州市人民检察院今天通报了一起河道污染公益诉讼案件的整改情况，三家企业已完成清淤。附近居民表示水清了。';
    await ingest(engines.store, one, [draft('first', { text })], NOW);
    const reprint = draft('second', { title: '换了标题', text: `来源：别处\n${text.slice(0, 45)}。` });
    expect(await ingest(engines.store, two, [reprint], NOW)).toMatchObject({ fresh: 1, copies: 1 });
    const rows = await engines.store.query<{ id: number; copy_of: number | null }>(
      'select id, copy_of from posts where source_id = any ($1) order by id',
      [[one.id, two.id]],
    );
    const [first, copy] = rows.rows;
    expect(copy?.copy_of).toBe(first?.id);
    const post = await postById(engines.store, first?.id ?? 0);
    expect(post?.copies).toBe(1);
    expect((await sameWords(engines.store, post!)).map((each) => each.id)).toEqual([copy?.id]);
  });

  test('that only shares a set phrase with another is no copy of it', async () => {
    const source = await makeSource(engines.store, engines.officeId, 'phrases');
    const phrase = '检察机关依法告知犯罪嫌疑人诉讼权利，听取了辩护人、被害人及其诉讼代理人的意见。';
    const one = `李某某因涉嫌寻衅滋事被移送审查起诉。双桥村村民对此十分关注。${phrase}办案人员走访了现场。`;
    const other = `云州市今年办理的轻微刑事案件平均用时缩短了十天。${phrase}人大代表提出了五条建议。会议下午结束。`;
    const result = await ingest(
      engines.store,
      source,
      [draft('p1', { text: one }), draft('p2', { text: other })],
      NOW,
    );
    expect(result).toMatchObject({ fresh: 2, copies: 0 });
  });

  test('that repeats a copy is linked to the first of them all, in one batch as over many', async () => {
    const source = await makeSource(engines.store, engines.officeId, 'chain');
    const parts = [
      '云州市人民检察院今天发布了未成年人保护工作白皮书并答记者问',
      '白皮书共有五个部分',
      '全文已经在网站公开',
      '欢迎社会各界提出意见',
      '下一份将在明年发布',
    ];
    const upTo = (from: number, to: number) => parts.slice(from, to).join('。');
    const texts = [upTo(0, 5), upTo(0, 4), upTo(0, 2), upTo(0, 3)];
    const batch = texts.map((text, n) => draft(`chain-${n}`, { text, publishedAt: NOW - 10_000 + n }));
    await ingest(engines.store, source, batch.slice(0, 3), NOW);
    await ingest(engines.store, source, batch, NOW);
    const rows = await engines.store.query<{ id: number; copy_of: number | null }>(
      'select id, copy_of from posts where source_id = $1 order by id',
      [source.id],
    );
    const first = rows.rows[0]?.id;
    expect(rows.rows.map((row) => row.copy_of)).toEqual([null, first, first, first]);
  });

  test('of the same batch is a copy of the earlier one', async () => {
    const source = await makeSource(engines.store, engines.officeId, 'batch-copies');
    const text = '青石县人民检察院就一起案件作出不起诉决定，并当天向社会公开说明了理由和依据。';
    const later = draft('later', { text, publishedAt: NOW - 1_000 });
    const earlier = draft('earlier', { text, publishedAt: NOW - 9_000 });
    await ingest(engines.store, source, [later, earlier], NOW);
    const rows = await engines.store.query<{ url: string; copy: boolean }>(
      'select url, copy_of is not null as copy from posts where source_id = $1',
      [source.id],
    );
    expect(Object.fromEntries(rows.rows.map((row) => [row.url.split('/').at(-1), row.copy]))).toEqual({
      later: true,
      earlier: false,
    });
  });

  test('gets new interaction counts when it is read again', async () => {
    const source = await makeSource(engines.store, engines.officeId, 'counts');
    await ingest(
      engines.store,
      source,
      [draft('n', { counts: { likes: 1, comments: null, shares: 2 } })],
      NOW,
    );
    await ingest(
      engines.store,
      source,
      [draft('n', { counts: { likes: 5, comments: 3, shares: null } })],
      NOW,
    );
    const row = await engines.store.query('select likes, comments, shares from posts where source_id = $1', [
      source.id,
    ]);
    expect(row.rows).toEqual([{ likes: 5, comments: 3, shares: 2 }]);
  });

  test('is redacted before it is stored', async () => {
    const source = await makeSource(engines.store, engines.officeId, 'redacted');
    const text =
      '联系我 13800001234，身份证 11010119900307123X，邮箱 someone@example.com，卡号 6222 0200 0000 0000 008 谢谢大家关注这件事情。';
    await ingest(engines.store, source, [draft('pii', { text, title: '电话１３８００００１２３４' })], NOW);
    const row = await engines.store.query<{ all: string }>(
      'select posts::text as all from posts where source_id = $1',
      [source.id],
    );
    for (const secret of [
      '13800001234',
      '１３８００００１２３４',
      '11010119900307123',
      'someone@example.com',
    ]) {
      expect(row.rows[0]?.all).not.toContain(secret);
    }
  });

  test('with a NUL, an unpaired surrogate or a broken date takes no other post with it', async () => {
    const source = await makeSource(engines.store, engines.officeId, 'broken');
    const bad = [
      draft('nul', { text: '正文里有一个\0空字符，后面还有话要说。', url: 'http://news.example/nul\0' }),
      draft('surrogate', { text: '半个表情\ud83d之后的文字还是要保留下来。', title: '\udc00' }),
      draft('future', { publishedAt: NOW + 86_400_000 }),
      draft('nan', { publishedAt: Number.NaN }),
      draft('far', { publishedAt: 8.64e15 }),
      draft('huge', { text: '长'.repeat(3_000_000) }),
      draft('counts', { counts: { likes: 2 ** 40, comments: 1, shares: 1 } }),
      draft('fine'),
    ];
    const result = await ingest(engines.store, source, bad, NOW);
    expect(result.refused.map((each) => each.url)).toEqual(['http://news.example/counts']);
    expect(result.fresh).toBe(7);
    const dates = await engines.store.query<{ url: string; problem: string | null }>(
      'select url, date_problem as problem from posts where source_id = $1 and date_problem is not null order by url',
      [source.id],
    );
    expect(dates.rows.map((row) => row.problem)).toEqual(['future', 'future', 'missing']);
  });
});

describe('hourly counters', () => {
  test('agree with the posts, in hours and in days of Asia/Shanghai', async () => {
    const from = new Date(Date.UTC(2026, 9, 31, 16));
    const to = new Date(Date.UTC(2026, 10, 22, 16));
    const total = (
      await engines.store.query<{ n: number }>(
        'select count(*)::int as n from posts where at >= $1 and at < $2',
        [from, to],
      )
    ).rows[0]?.n;
    for (const step of ['hour', 'day'] as const) {
      const series = await pulseSeries(engines.store, [engines.officeId], { from, to, step });
      expect(series).toHaveLength(step === 'day' ? 22 : 22 * 24);
      expect(series.reduce((sum, point) => sum + point.negative + point.neutral + point.positive, 0)).toBe(
        total,
      );
    }
    const all = await engines.store.query<{ n: number }>('select count(*)::int as n from posts');
    expect(await postCount(engines.store, [engines.officeId])).toBe(all.rows[0]?.n);
  });
});
