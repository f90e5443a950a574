import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { namesOf, officeNames, peopleLike } from '../../store/audit-names.ts';
import { newestEntry, searchAudit, type AuditFilter } from '../../store/audit-search.ts';
import { appendAudit, type Act } from '../../store/audit.ts';
import { openStore, transaction, type Pool, type Store } from '../../store/pool.ts';
import { EVERY_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';

let engines: TestEngines;
let pool: Pool;
let app: Store;
let below: number;

const acts = (): Partial<Act>[] => [
  { subject: 'release:1' },
  { subject: 'release:17', action: 'release-save', id: 'p2' },
  { subject: 'release:170', action: 'release-save' },
  { subject: 'person:p2', action: 'sign-in', id: 'p2', role: 'self' },
  { subject: 'release:2', officeId: below, id: 'p3' },
  { subject: 'audit-log', action: 'audit-read', role: 'audit-administrator', id: 'p1' },
  { subject: 'release:18', after: { title: '含"引号"与100%的标题' } },
];

beforeAll(async () => {
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'app');
  app = scoped(pool, EVERY_OFFICE);
  const office = await engines.store.query<{ id: number }>(
    `insert into offices (code, name, level, parent_id) values ('test-2', '东川县人民检察院', 'county', $1) returning id`,
    [engines.officeId],
  );
  below = office.rows[0]?.id ?? 0;
  await engines.store.query(
    `insert into people (id, office_id, name, email) values
     ('p1', $1, '张三', 'zhang@a.example'), ('p2', $1, '李四', 'li@a.example'), ('p3', $2, '王五', 'wang@b.example')`,
    [engines.officeId, below],
  );
  const usual: Act = {
    id: 'p1',
    officeId: engines.officeId,
    role: 'press-officer',
    address: '10.0.0.1',
    action: 'release-create',
    subject: '',
  };
  for (const act of acts()) await transaction(app, (client) => appendAudit(client, { ...usual, ...act }));
});
afterAll(async () => {
  await pool.end();
  await engines.stop();
});

const anything: AuditFilter = {
  from: null,
  to: null,
  actors: null,
  action: null,
  but: null,
  subject: null,
  text: null,
};
const seqs = async (filter: Partial<AuditFilter>, ...rest: [Parameters<typeof searchAudit>[3]?, number?]) => {
  const found = await searchAudit(app, null, { ...anything, ...filter }, rest[0] ?? null, rest[1] ?? 50);
  return found.map(({ seq }) => seq);
};

describe('the log is searched', () => {
  test.each([
    [{}, [7, 6, 5, 4, 3, 2, 1]],
    [{ but: 'audit-read' }, [7, 5, 4, 3, 2, 1]],
    [{ action: 'release-save' }, [3, 2]],
    [{ actors: ['p2', 'p3'] }, [5, 4, 2]],
    [{ subject: 'release:17' }, [2]],
    [{ subject: 'release' }, [7, 5, 3, 2, 1]],
    [{ subject: 'release:' }, [7, 5, 3, 2, 1]],
    [{ subject: 'releas%' }, []],
    [{ text: '"引号"' }, [7]],
    [{ text: '100%' }, [7]],
    [{ text: '1__%' }, []],
    [{ to: new Date('2020-01-01') }, []],
    [{ from: new Date('2020-01-01'), action: 'sign-in' }, [4]],
  ] satisfies [Partial<AuditFilter>, number[]][])('for %j', async (filter, expected) => {
    expect(await seqs(filter)).toEqual(expected);
  });

  test('page by page, both ways, without a gap', async () => {
    expect(await seqs({}, { before: 5 }, 2)).toEqual([4, 3]);
    expect(await seqs({}, { after: 2 }, 2)).toEqual([4, 3]);
    expect(await seqs({}, { after: 7 })).toEqual([]);
  });

  test('within the offices that are asked for, and never beyond the scope', async () => {
    const own = scoped(pool, oneOffice(below));
    const found = await searchAudit(own, null, anything, null, 50);
    expect(found.map(({ seq, officeId }) => [seq, officeId])).toEqual([[5, below]]);
    expect(await searchAudit(own, [engines.officeId], anything, null, 50)).toEqual([]);
    expect(await searchAudit(app, [below], anything, null, 50)).toHaveLength(1);
  });

  test('for the newest of an action', async () => {
    expect(await newestEntry(app, 'release-save')).toMatchObject({ seq: 3 });
    expect(await newestEntry(app, 'key-rotate')).toBeNull();
  });
});

test('people are found by name or e-mail, and named within the scope', async () => {
  expect(await peopleLike(app, '李')).toEqual(['p2']);
  expect(await peopleLike(app, 'A.EXAMPLE')).toEqual(['p1', 'p2']);
  expect(await peopleLike(app, '%')).toEqual([]);
  expect([...(await namesOf(app, ['p1', 'p3', 'nobody']))]).toEqual([
    ['p1', '张三'],
    ['p3', '王五'],
  ]);
  expect([...(await namesOf(scoped(pool, oneOffice(below)), ['p1', 'p3']))]).toEqual([['p3', '王五']]);
  expect((await officeNames(app, [below])).get(below)).toBe('东川县人民检察院');
});
