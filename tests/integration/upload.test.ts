import iconv from 'iconv-lite';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SourceSettings } from '../../config/sources.ts';
import { importUpload, type ImportOptions } from '../../hub/intake/import.ts';
import { previewUpload } from '../../hub/intake/preview.ts';
import { hubActor } from '../../store/actor.ts';
import { intakeSource, runningImport, type IntakeSource } from '../../store/intake.ts';
import { openStore, type Pool, type Store } from '../../store/pool.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { exclusively } from '../../store/locks.ts';
import { beginVisit, gapsBetween, recentVisits } from '../../store/visits.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';
import { runCli } from '../support/hub.ts';
import { makeSources } from '../support/posts.ts';
import { workbook } from '../support/workbook.ts';

let engines: TestEngines;
let app: Pool;
let db: Store;

const HEAD = '编号,来电时间,来电人,联系电话,诉求标题,诉求内容,件数';
const hotline = (rows: string[]) => new TextEncoder().encode(`${HEAD}\n${rows.join('\n')}\n`);
const row = (n: number) =>
  `GD-${n},2026-11-0${(n % 9) + 1} 08:05,张三丰,13800138000,第${n}件,"第${n}位群众反映校园餐食材变质，请有关部门查处，电话13912345678",${n}`;

beforeAll(async () => {
  engines = await startTestEngines();
  app = openStore(engines.runtime().databaseUrl, 'test', { max: 4 });
  db = scoped(app, oneOffice(engines.officeId));
});
afterAll(async () => {
  await app.end();
  await engines.stop();
});

const uploadSource = (key: string): SourceSettings => ({
  ...{ key, name: `信源 ${key}`, kind: 'upload', enabled: true, settings: { postKind: 'post' } },
  ...{ legalBasis: '测试所用', impactNote: '不访问网站', approvedBy: '测试' },
});

async function make(key: string): Promise<IntakeSource> {
  const ids = await makeSources(engines.store, engines.officeId, [uploadSource(key)]);
  return (await intakeSource(db, ids.get(key) ?? 0)) as IntakeSource;
}

function take(source: IntakeSource, bytes: Uint8Array, change: Partial<ImportOptions> = {}) {
  const actor = hubActor('test', source.officeId);
  return importUpload(db, source, bytes, { actor, mapping: null, hash: null, rows: null, ...change });
}

const postsOf = async (source: IntakeSource) =>
  (
    await engines.store.query<{
      title: string;
      text: string;
      url: string | null;
      times: number | null;
      all: string;
    }>(
      'select title, text, url, times, to_jsonb(p)::text as all from posts p where source_id = $1 order by id',
      [source.id],
    )
  ).rows;

describe('a file', () => {
  test('is previewed as it would be stored, and nothing of it is kept', async () => {
    const source = await make('preview');
    const bytes = hotline([
      row(1),
      row(1),
      'GD-3,,,,,,',
      `x${',y'.repeat(8)}`,
      row(2).replace(/2026[^,]*/, '上旬'),
    ]);
    const preview = await previewUpload(db, source, bytes, null);
    expect(preview.mapping).toEqual({
      ...{ id: '编号', publishedAt: '来电时间', title: '诉求标题', text: '诉求内容', times: '件数' },
    });
    expect(preview.columns.filter(({ people }) => people).map(({ name }) => name)).toEqual([
      '来电人',
      '联系电话',
    ]);
    expect(preview.counts).toEqual({ rows: 5, usable: 3, wrong: 2, undated: 1, known: 0, repeated: 1 });
    expect(preview.wrong).toEqual([
      { line: 4, code: 'no-text' },
      { line: 5, code: 'row-broken' },
    ]);
    expect(preview.sample[0]).toMatchObject({
      ...{ line: 2, title: '第1件', url: null, times: 1, redactions: { mobile: 1 } },
      text: '第1位群众反映校园餐食材变质，请有关部门查处，电话[手机号]',
    });
    expect(JSON.stringify(preview)).not.toMatch(/张三丰|13800138000|13912345678/);
    expect(await postsOf(source)).toEqual([]);
    expect(await recentVisits(db, source.id)).toEqual([]);
  });

  test('is imported as a visit; the same file again brings nothing', async () => {
    const source = await make('import');
    const bytes = hotline([row(1), row(2), row(3), 'GD-4,,,,,,']);
    expect(await take(source, bytes)).toMatchObject({
      ...{ outcome: 'partial', expected: 4, got: 3, fresh: 3, known: 0, failed: 1 },
      ...{ failures: { 'no-text': 1 }, wrong: [{ line: 5, code: 'no-text' }] },
    });
    expect(await take(source, hotline([row(1), row(2), row(3)]))).toMatchObject({
      ...{ outcome: 'complete', fresh: 0, known: 3 },
    });
    const [second, first] = await recentVisits(db, source.id);
    expect(first).toMatchObject({
      outcome: 'partial',
      reason: 'no-text',
      expected: 4,
      got: 3,
      fresh: 3,
      failed: 1,
    });
    expect(second).toMatchObject({ outcome: 'complete', expected: 3, got: 3, fresh: 0, known: 3 });
    const posts = await postsOf(source);
    expect(posts.map(({ times }) => times)).toEqual([1, 2, 3]);
    expect(posts.map(({ all }) => all).join()).not.toMatch(/张三丰|13800138000|13912345678/);
    const audit = await engines.store.query<{ entry: string }>(
      `select entry from audit_entries where entry like '%"source-upload"%' and entry like $1`,
      [`%source:${source.id}"%`],
    );
    expect(audit.rows).toHaveLength(2);
    expect(audit.rows[0]?.entry).not.toMatch(/张三丰|校园餐/);
  });

  test('may be a workbook in which rows have neither id nor address, and the same words twice', async () => {
    const source = await make('workbook');
    const rows = [
      ['时间', '内容', '地址', '链接'],
      [{ date: 46327.25 }, '咨询案件进度', '春风路 3 号', null],
      [{ date: 46327.25 }, '咨询案件进度', '春风路 4 号', null],
      [{ date: 46328 }, '反映夜间施工噪音扰民', null, 'https://hot.example/2'],
    ];
    expect(await take(source, workbook(rows))).toMatchObject({ fresh: 3, outcome: 'complete' });
    expect(await take(source, workbook([...rows, [{ date: 46329 }, '新的一条', null, null]]))).toMatchObject({
      ...{ fresh: 1, known: 3 },
    });
    const posts = await postsOf(source);
    expect(posts.map(({ url }) => url)).toEqual([null, null, 'https://hot.example/2', null]);
    expect(posts.map(({ all }) => all).join()).not.toContain('春风路');
  });

  test('remembers what its columns are', async () => {
    const source = await make('mapping');
    const bytes = iconv.encode('甲,乙\n一条没有见过的列名的内容,标题\n', 'gb18030');
    expect((await previewUpload(db, source, bytes, null)).problem).toMatch(/哪一列是正文/);
    await expect(take(source, bytes)).rejects.toMatchObject({ code: 'upload-mapping' });
    await take(source, bytes, { mapping: { text: '甲', title: '乙' } });
    const again = (await intakeSource(db, source.id)) as IntakeSource;
    expect((await previewUpload(db, again, bytes, null)).mapping).toEqual({ text: '甲', title: '乙' });
  });

  test('is not imported otherwise than it was shown', async () => {
    const source = await make('shown');
    const { hash, mapping } = await previewUpload(db, source, hotline([row(1)]), null);
    await expect(take(source, hotline([row(2)]), { hash, mapping })).rejects.toMatchObject({
      code: 'upload-changed',
    });
    await expect(
      take(source, hotline([row(1)]), { hash, mapping: { text: '诉求标题' } }),
    ).rejects.toMatchObject({
      code: 'upload-changed',
    });
    // In another order, it is the same mapping.
    const turned = Object.fromEntries(Object.entries(mapping).toReversed());
    expect(await take(source, hotline([row(1)]), { hash, mapping: turned })).toMatchObject({ fresh: 1 });
  });

  test('that breaks off half-way leaves what was read before, and says so', async () => {
    const source = await make('broken');
    const bytes = hotline([
      ...Array.from({ length: 60 }, (_, n) => row(n + 1)),
      `GD-99,"${'不合上的引号\n'.repeat(90_000)}`,
    ]);
    await expect(take(source, bytes)).rejects.toMatchObject({ code: 'upload-broken' });
    const [visit] = await recentVisits(db, source.id);
    expect(visit).toMatchObject({ outcome: 'partial', reason: 'interrupted', running: false });
    expect((await postsOf(source)).length).toBe(visit?.fresh);
  });

  test('of no use leaves no gap: nobody was asked', async () => {
    const source = await make('useless');
    expect(await take(source, hotline(['GD-1,,,,,,']))).toMatchObject({ outcome: 'failed', got: 0 });
    const gaps = await gapsBetween(engines.store, null, new Date(0), new Date(Date.now() + 1000));
    expect(gaps.filter(({ sourceId }) => sourceId === source.id)).toEqual([]);
  });
});

describe('an import', () => {
  test.each([
    ['that is stopped', 'stopped_at = now()', 'source-off'],
    ['that is switched off', 'enabled = false', 'source-off'],
    ['of another kind', `kind = 'feed'`, 'not-upload'],
  ])('into a source %s is refused', async (_, change, code) => {
    const { id } = await make(`off-${code}-${change.length}`);
    await engines.store.query(`update sources set ${change} where id = $1`, [id]);
    const source = (await intakeSource(db, id)) as IntakeSource;
    await expect(take(source, hotline([row(1)]))).rejects.toMatchObject({ code });
    expect(await postsOf(source)).toEqual([]);
  });

  test('waits for no other one: it is told that the first is under way', async () => {
    const source = await make('busy');
    await exclusively(db, 'source', source.id, async () => {
      await beginVisit(db, { officeId: source.officeId, sourceId: source.id, slot: 1 });
      expect(await runningImport(db, source.id)).not.toBeNull();
      await expect(take(source, hotline([row(1)]))).rejects.toMatchObject({ code: 'source-busy' });
    });
    expect(await postsOf(source)).toEqual([]);
  });

  test('that a killed process left under way is ended by the next one', async () => {
    const source = await make('killed');
    await engines.store.query('insert into visits (office_id, source_id, slot) values ($1, $2, 1)', [
      source.officeId,
      source.id,
    ]);
    expect(await runningImport(db, source.id)).toBeNull();
    await take(source, hotline([row(1)]));
    const visits = await recentVisits(db, source.id);
    expect(visits.map(({ outcome, reason }) => [outcome, reason]).toSorted()).toEqual([
      ['complete', null],
      ['failed', 'interrupted'],
    ]);
  });
});

test('the command line previews and imports', async () => {
  const source = await make('by-command');
  const file = join(mkdtempSync(join(tmpdir(), 'jiansheng-upload-')), 'file.csv');
  writeFileSync(file, hotline([row(1), 'GD-2,,,,,,']));
  const env = { DATABASE_URL: engines.runtime().databaseUrl, JIANSHENG_KEY: TEST_KEY };
  const cli = (...args: string[]) => runCli(['upload', file, ...args], env);
  const preview = await cli('--source', 'by-command', '--preview', '--map', 'text=诉求内容,title=诉求标题');
  expect(preview).toMatchObject({ code: 1, out: expect.stringContaining('来电人 → 不读取（个人信息）') });
  expect(preview.err).toContain('第 3 行：没有找到正文。');
  expect(await postsOf(source)).toEqual([]);
  const done = await cli('--source', 'by-command');
  expect(done.out).toMatch(/已导入：共 2 行，新增 1（其中内容相同 \d），已有 0，没有导入 1。/);
  expect((await cli('--source', 'no-such')).err).toContain('没有代码为 no-such 的信源');
  expect((await cli('--source', 'by-command', '--map', 'text:诉求内容')).err).toContain('text:诉求内容');
  expect((await cli()).code).toBe(2);
});
