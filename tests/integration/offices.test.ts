import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OfficeLevel } from '../../config/office-levels.ts';
import type { Actor } from '../../store/actor.ts';
import {
  closeOffice,
  createOffice,
  moveOffice,
  renameOffice,
  reopenOffice,
} from '../../store/office-changes.ts';
import { readOfficeCsv } from '../../store/office-import-read.ts';
import { applyImport, planImport } from '../../store/office-import.ts';
import {
  allOffices,
  findOffices,
  officeLine,
  officeRow,
  officesAbove,
  officesBelow,
} from '../../store/offices.ts';
import { openStore, type Pool, type Store } from '../../store/pool.ts';
import { EVERY_OFFICE, officesOf, scoped, scopeOf, type Grant, type Scope } from '../../store/scope.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';

let engines: TestEngines;
let app: Pool;
const ids = {} as Record<string, number>;

/** One country, two provinces, a city in each, a county in each. */
beforeAll(async () => {
  engines = await startTestEngines();
  app = openStore(engines.runtime().databaseUrl, 'test', { max: 6 });
  const tree: [string, OfficeLevel, string | null][] = [
    ['top', 'supreme', null],
    ['east', 'provincial', 'top'],
    ['west', 'provincial', 'top'],
    ['east-city', 'municipal', 'east'],
    ['west-city', 'municipal', 'west'],
    ['east-county', 'county', 'east-city'],
    ['west-county', 'county', 'west-city'],
  ];
  for (const [code, level, parent] of tree) {
    ids[code] = await makeOffice(
      engines.store,
      code,
      level,
      parent === null ? null : (ids[parent] as number),
    );
  }
});
afterAll(async () => {
  await app.end();
  await engines.stop();
});

const id = (code: string) => ids[code] as number;
type Hand = { db: Store; scope: Scope; actor: Actor };
/** The system administrator of an office, with the scope that the tree gives them now. */
async function admin(code: string): Promise<Hand> {
  const grants: Grant[] = [{ role: 'system-administrator', officeId: id(code), kind: 'holder' }];
  const scope = (await scopeOf(app, grants, 'office-write')) as Scope;
  const actor: Actor = { id: 'admin', officeId: id(code), role: 'system-administrator', address: '10.0.0.1' };
  return { db: scoped(app, scope), scope, actor };
}
const lastActs = async (n: number) => {
  const found = await engines.store.query<{ action: string; before: unknown; after: unknown }>(
    `select action, entry::jsonb -> 'before' as before, entry::jsonb -> 'after' as after
     from audit_entries order by seq desc limit $1`,
    [n],
  );
  return found.rows;
};

describe('an administrator', () => {
  test('makes, renames, moves, closes and reopens offices of their tree, and each is told in the log', async () => {
    const { db, actor } = await admin('east');
    const made = await createOffice(db, actor, {
      ...{ code: 'east-new', name: '  东新区　人民检察院 ', level: 'county', parentId: id('east-city') },
    });
    const moved = await admin('east');
    await renameOffice(moved.db, actor, made, '东新人民检察院');
    await moveOffice(moved.db, actor, made, id('east'));
    await closeOffice(moved.db, actor, made);
    expect((await officeRow(moved.db, null, made))?.closedAt).toBeInstanceOf(Date);
    await reopenOffice(moved.db, actor, made);
    expect(await officeRow(moved.db, null, made)).toMatchObject({
      ...{ code: 'east-new', name: '东新人民检察院', parentId: id('east'), closedAt: null },
    });
    expect(await lastActs(5)).toMatchObject([
      { action: 'office-reopen' },
      { action: 'office-close' },
      { action: 'office-move', before: { parentId: id('east-city') }, after: { parentId: id('east') } },
      { action: 'office-rename', before: { name: '东新区 人民检察院' }, after: { name: '东新人民检察院' } },
      { action: 'office-create', after: { code: 'east-new', level: 'county' } },
    ]);
  });

  test('touches nothing of a sibling, nor puts anything there', async () => {
    const { db, actor, scope } = await admin('east');
    const refused = { code: 'office-out-of-scope' };
    const name = '不属于我的院';
    await expect(renameOffice(db, actor, id('west-city'), name)).rejects.toMatchObject(refused);
    await expect(closeOffice(db, actor, id('west-county'))).rejects.toMatchObject(refused);
    await expect(moveOffice(db, actor, id('west-city'), id('east'))).rejects.toMatchObject(refused);
    await expect(moveOffice(db, actor, id('east-city'), id('west'))).rejects.toMatchObject(refused);
    await expect(
      createOffice(db, actor, { code: 'west-2', name, level: 'county', parentId: id('west') }),
    ).rejects.toMatchObject(refused);
    expect(await officeRow(db, officesOf(scope), id('west'))).toBeNull();
    // Also by a way around these functions: the database itself asks for the new place.
    await expect(
      db.query('update offices set parent_id = $2 where id = $1', [id('east-city'), id('west')]),
    ).rejects.toMatchObject({ code: 'JS004' });
    const untouched = await db.query('update offices set name = name where id = $1', [id('west')]);
    expect(untouched.rowCount).toBe(0);
  });

  test('is told in words of circles, levels, codes in use, and what cannot be closed yet', async () => {
    const { db, actor } = await admin('top');
    await expect(moveOffice(db, actor, id('east'), id('east-city'))).rejects.toMatchObject({
      code: 'office-circle',
    });
    await expect(moveOffice(db, actor, id('east'), id('east'))).rejects.toMatchObject({
      code: 'office-circle',
    });
    await expect(moveOffice(db, actor, id('east'), id('west'))).rejects.toMatchObject({
      code: 'office-level',
    });
    const office = { code: 'east', name: '又一个', level: 'county' as const, parentId: id('east-city') };
    await expect(createOffice(db, actor, office)).rejects.toMatchObject({ code: 'office-code-taken' });
    for (const name of ['', '院', '长'.repeat(81), '反\u202e向院', 'a\0bc']) {
      await expect(renameOffice(db, actor, id('east'), name)).rejects.toMatchObject({
        code: 'office-details',
      });
    }
    await engines.store.query(
      `insert into people (id, office_id, name, email) values ('ec', $1, '东县的人', 'ec@example.com')`,
      [id('east-county')],
    );
    await expect(closeOffice(db, actor, id('east-city'))).rejects.toThrow('检察院 east-county');
    await expect(closeOffice(db, actor, id('east-county'))).rejects.toThrow('东县的人');
    await engines.store.query(`delete from people where id = 'ec'`);
    await closeOffice(db, actor, id('east-county'));
    await expect(
      createOffice(db, actor, { ...office, code: 'new-1', level: 'county', parentId: id('east-county') }),
    ).rejects.toMatchObject({ code: 'office-closed' });
    await reopenOffice(db, actor, id('east-county'));
  });

  test('loses an office that is moved away, and its records, with the next request', async () => {
    const before = await admin('west-city');
    expect(before.scope.offices).toContain(id('west-county'));
    const { db, actor } = await admin('top');
    await moveOffice(db, actor, id('west-county'), id('east-city'));
    expect((await admin('west-city')).scope.offices).not.toContain(id('west-county'));
    expect((await admin('east')).scope.offices).toContain(id('west-county'));
    await moveOffice(db, actor, id('west-county'), id('west-city'));
  });

  test('who moves two offices at once leaves a tree that is whole', async () => {
    const { db, actor } = await admin('top');
    for (let round = 0; round < 5; round++) {
      await Promise.all([
        moveOffice(db, actor, id('east-county'), round % 2 ? id('east-city') : id('west-city')),
        moveOffice(db, actor, id('west-city'), round % 2 ? id('west') : id('east')),
      ]);
    }
    await moveOffice(db, actor, id('east-county'), id('east-city'));
    await moveOffice(db, actor, id('west-city'), id('west'));
    const wrong = await engines.store.query(
      `with recursive up as (
         select id as office_id, id as ancestor_id, 0 as depth from offices
         union all select up.office_id, o.parent_id, depth + 1 from up join offices o on o.id = up.ancestor_id
         where o.parent_id is not null
       )
       (select * from up except select office_id, ancestor_id, depth from office_tree)
       union all (select office_id, ancestor_id, depth from office_tree except select * from up)`,
    );
    expect(wrong.rows).toEqual([]);
  });
});

test('the tree is read from the top of the scope down, with what stands below each', async () => {
  const { db, scope } = await admin('east');
  const offices = officesOf(scope);
  expect((await officesBelow(db, offices, null)).map(({ code }) => code)).toEqual(['east']);
  expect(await officeLine(db, offices, id('east-city'))).toMatchObject({ below: 1, people: 0 });
  expect((await officesAbove(db, offices, id('east-county'))).map(({ code }) => code)).toEqual([
    'east',
    'east-city',
  ]);
  expect((await findOffices(db, offices, 'county')).map(({ code }) => code)).toEqual(['east-county']);
  expect(await findOffices(db, offices, '%')).toEqual([]);
  const all = await officesBelow(scoped(app, EVERY_OFFICE), null, null);
  expect(all.map(({ code }) => code)).toEqual(['test-1', 'top']);
});

describe('a list of offices', () => {
  const csv = (...lines: string[]) => new TextEncoder().encode(['代码,名称,级别,上级', ...lines].join('\n'));
  const plan = async ({ db, scope }: Hand, bytes: Uint8Array) =>
    planImport(db, officesOf(scope), readOfficeCsv(bytes));
  const apply = async ({ db, scope, actor }: Hand, bytes: Uint8Array, hash: string) =>
    applyImport(db, actor, officesOf(scope), readOfficeCsv(bytes), hash);

  test('says beforehand what it does, and does just that', async () => {
    const hand = await admin('east');
    const bytes = csv(
      'east,检察院 east,省级,top',
      'east-city,东城市人民检察院,市级,east',
      'lc,临川县人民检察院,county,lc-city',
      'lc-city,临川市人民检察院,municipal,east',
    );
    const shown = await plan(hand, bytes);
    expect(shown).toMatchObject({ unchanged: 1, wrong: [] });
    expect(shown.changes.map(({ code, before }) => [code, before?.name ?? null])).toEqual([
      ['east-city', '检察院 east-city'],
      ['lc', null],
      ['lc-city', null],
    ]);
    await apply(hand, bytes, shown.hash);
    const again = await plan(await admin('east'), bytes);
    expect(again).toMatchObject({ changes: [], unchanged: 4, wrong: [] });
    expect((await lastActs(1))[0]).toMatchObject({
      action: 'office-import',
      before: [{ code: 'east-city' }],
    });
    await expect(apply(await admin('east'), bytes, again.hash)).rejects.toMatchObject({
      code: 'import-empty',
    });
  });

  test('is not applied when the tree has changed since it was shown', async () => {
    const bytes = csv('east-city,又改名的人民检察院,市级,east');
    const hand = await admin('east');
    const shown = await plan(hand, bytes);
    await renameOffice(hand.db, hand.actor, id('east-city'), '别人先改的院');
    await expect(apply(hand, bytes, shown.hash)).rejects.toMatchObject({ code: 'import-changed' });
    await renameOffice(hand.db, hand.actor, id('east-city'), '检察院 east-city');
  });

  test('names every line that is wrong, and why', async () => {
    const hand = await admin('east');
    const shown = await plan(
      hand,
      csv(
        'n-1,孤儿人民检察院,县级,nowhere',
        'n-2,甲环人民检察院,市级,n-3',
        'n-3,乙环人民检察院,省级,n-2',
        'n-4,平级人民检察院,市级,east-city',
        'n-5,越界人民检察院,县级,west-city',
        'west-county,越界改名检察院,县级,west-city',
        'n-5,重复人民检察院,县级,east-city',
        '坏 代码,某某人民检察院,县级,east-city',
        'n-6,,县级,east-city',
        `n-7,${'长'.repeat(81)},县级,east-city`,
        'n-8,级别不认识的院,乡级,east-city',
        'n-9,列数不对的院,县级',
        'n-10,无上级人民检察院,县级,',
        'east,检察院 east,市级,top',
        'n-11,反\u202e向人民检察院,县级,east-city',
      ),
    );
    expect(Object.fromEntries(shown.wrong.map(({ line, reason }) => [line, reason]))).toMatchObject({
      2: expect.stringContaining('没有代码为“nowhere”的上级'),
      3: expect.stringContaining('成环'),
      4: expect.stringContaining('成环'),
      5: expect.stringContaining('级别须低于'),
      6: expect.stringContaining('管理范围'),
      7: expect.stringContaining('管理范围'),
      8: expect.stringContaining('第 6 行'),
      9: expect.stringContaining('代码须为'),
      10: expect.stringContaining('没有填名称'),
      11: expect.stringContaining('80'),
      12: expect.stringContaining('乡级'),
      13: expect.stringContaining('3 列'),
      14: expect.stringContaining('没有填上级'),
      15: expect.stringContaining('级别'),
      16: expect.stringContaining('不能显示'),
    });
    expect(shown.changes).toEqual([]);
    await expect(apply(hand, csv('n-1,孤儿人民检察院,县级,nowhere'), shown.hash)).rejects.toMatchObject({
      code: 'import-wrong',
    });
  });

  test('may be in GB18030, with a mark, with semicolons, and with columns in any order', async () => {
    const hand = await admin('east');
    const { default: iconv } = await import('iconv-lite');
    const text = '上级;名称;备注;代码;级别\r\neast;检察院 east-city;无;east-city;市级\r\n';
    for (const encoding of ['gb18030', 'utf16le', 'utf8']) {
      const bytes = iconv.encode(text, encoding, { addBOM: encoding !== 'gb18030' });
      expect(await plan(hand, bytes), encoding).toMatchObject({ changes: [], unchanged: 1, wrong: [] });
    }
  });

  test('that is garbage is refused at once, whatever kind', async () => {
    const megabytes = (n: number, fill: string) => Buffer.alloc(n * 2 ** 20, fill);
    const head = Buffer.from('code,name,level,parent\n');
    const garbage: [string, Uint8Array][] = [
      ['csv-too-big', megabytes(10, 'a,b,c,d\n')],
      ['csv-too-big', Buffer.concat([head, megabytes(4, 'a,b,c,d\n')])],
      ['csv-broken', megabytes(5, ',')],
      ['csv-broken', megabytes(5, '"')],
      ['csv-broken', Buffer.concat([head, Buffer.from('a,"b\n'.repeat(5_000))])],
      ['csv-not-text', crypto.getRandomValues(new Uint8Array(60_000))],
      ['csv-not-text', Buffer.from('PK\x03\x04 a workbook')],
      ['csv-columns', Buffer.from('name\nx')],
      ['csv-columns', Buffer.alloc(0)],
    ];
    for (const [code, bytes] of garbage) {
      expect(() => readOfficeCsv(bytes)).toThrow(expect.objectContaining({ code }));
    }
  });

  test('of a whole country comes in, and goes out as it came', async () => {
    const lines = ['cn,最高人民检察院,最高,'];
    for (let p = 0; p < 32; p++) {
      lines.push(`p${p}0,第${p}省人民检察院,省级,cn`);
      for (let c = 0; c < 13; c++) {
        lines.push(`p${p}c${c},第${p}省${c}市人民检察院,市级,p${p}0`);
        for (let k = 0; k < 7; k++)
          lines.push(`p${p}c${c}k${k},${p}省${c}市${k}县人民检察院,县级,p${p}c${c}`);
      }
    }
    expect(lines.length).toBeGreaterThan(3_300);
    const db = scoped(app, EVERY_OFFICE);
    const actor: Actor = { id: 'command:offices', officeId: engines.officeId, role: 'hub', address: null };
    const read = readOfficeCsv(csv(...lines));
    const shown = await planImport(db, null, read, true);
    await applyImport(db, actor, null, read, shown.hash, true);
    const all = await allOffices(db, null);
    expect(all.filter(({ code }) => /^(cn|p\d)/.test(code))).toHaveLength(lines.length);
  });
});
