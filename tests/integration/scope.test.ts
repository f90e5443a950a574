import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantRoles, identityTables } from '../../store/grants.ts';
import { openStore, transaction, type Pool, type Store } from '../../store/pool.ts';
import { EVERY_OFFICE, NO_OFFICE, oneOffice, scoped, scopeOf, type Grant } from '../../store/scope.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { draft, makeSource } from '../support/posts.ts';
import { allTables, fill, loosen, scopedTables, unguarded } from '../support/tables.ts';
import { ingest } from '../../indexer/ingest.ts';

let engines: TestEngines;
/** As every part of a running hub reaches the database. */
let app: Pool;
let own: number;
let other: number;

beforeAll(async () => {
  engines = await startTestEngines();
  app = openStore(engines.runtime().databaseUrl, 'test', { max: 4 });
  own = await makeOffice(engines.store, 'own', 'county');
  other = await makeOffice(engines.store, 'other', 'county');
});
afterAll(async () => {
  await app.end();
  await engines.stop();
});

describe('the tree of offices', () => {
  const below = async (id: number) => {
    const found = await engines.store.query<{ id: number }>(
      'select office_id as id from office_tree where ancestor_id = $1 order by depth, office_id',
      [id],
    );
    return found.rows.map((row) => row.id);
  };
  const move = (id: number, to: number | null) =>
    engines.store.query('update offices set parent_id = $2 where id = $1', [id, to]);

  test('follows offices that are made and moved, with all that is below them', async () => {
    const east = await makeOffice(engines.store, 'east', 'provincial');
    const west = await makeOffice(engines.store, 'west', 'provincial');
    const city = await makeOffice(engines.store, 'city', 'municipal', east);
    const county = await makeOffice(engines.store, 'county', 'county', city);
    expect(await below(east)).toEqual([east, city, county]);
    const leads: Grant[] = [{ role: 'leader', officeId: east, kind: 'holder' }];
    const reach = async () => (await scopeOf(app, leads, 'overview-read'))?.offices.toSorted();
    expect(await reach()).toEqual([east, city, county].toSorted());
    await move(city, west);
    expect(await below(east)).toEqual([east]);
    expect(await below(west)).toEqual([west, city, county]);
    expect(await reach()).toEqual([east]);
    await move(city, null);
    expect(await below(west)).toEqual([west]);
    expect(await below(city)).toEqual([city, county]);
  });

  test('refuses circles, and offices that do not fit the levels around them', async () => {
    const province = await makeOffice(engines.store, 'p', 'provincial');
    const city = await makeOffice(engines.store, 'c', 'municipal', province);
    await expect(move(province, province)).rejects.toMatchObject({ code: 'JS001' });
    await expect(move(province, city)).rejects.toMatchObject({ code: 'JS001' });
    await expect(makeOffice(engines.store, 'c2', 'municipal', city)).rejects.toMatchObject({ code: 'JS003' });
    await expect(makeOffice(engines.store, 'p2', 'provincial', city)).rejects.toMatchObject({
      code: 'JS003',
    });
    await expect(
      engines.store.query(`update offices set level = 'county' where id = $1`, [province]),
    ).rejects.toMatchObject({ code: 'JS003' });
    expect(await below(province)).toEqual([province, city]);
  });
});

describe('two scopes on one pool', () => {
  test('never mix, whatever fails in between', async () => {
    for (const officeId of [own, other]) {
      const source = await makeSource(engines.store, officeId, `mixed-${officeId}`);
      const drafts = Array.from({ length: 5 }, (_, n) => draft(`mixed-${officeId}-${n}`));
      await ingest(engines.store, source, drafts, Date.UTC(2026, 10, 22));
    }
    const seen = async (db: Pick<Store, 'query'>) => {
      const found = await db.query<{ office_id: number }>('select office_id from posts');
      return found.rows.map((row) => row.office_id);
    };
    const ways: ((db: Store, office: number) => Promise<unknown>)[] = [
      async (db, office) => expect(await seen(db)).toEqual(Array(5).fill(office)),
      (db, office) =>
        transaction(db, async (client) => {
          expect(await seen(client)).toEqual(Array(5).fill(office));
          await client.query('select pg_sleep(0.002)');
          expect(await seen(client)).toEqual(Array(5).fill(office));
        }),
      (db) => expect(db.query('select 1 / 0')).rejects.toThrow(/division/),
      (db) =>
        expect(transaction(db, (client) => client.query('select nothing from posts'))).rejects.toThrow(),
      (db) => expect(transaction(db, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine'),
      (db) => expect(db.query('select pg_terminate_backend(pg_backend_pid())')).rejects.toThrow(),
    ];
    const nobody = scoped(app, NO_OFFICE);
    const tries = Array.from({ length: 600 }, async (_, n) => {
      if (n % 7 === 0) return expect(await seen(nobody)).toEqual([]);
      const office = n % 2 === 0 ? own : other;
      // Connections are broken seldom, so that most of the tries meet one that another scope has used.
      const way = ways[n % 97 === 0 ? 5 : n % 5];
      return way?.(scoped(app, oneOffice(office)), office);
    });
    const ends = await Promise.allSettled(tries);
    // Who is lent a connection that has just been broken fails, and sees nothing.
    const wrong = ends.flatMap((end) =>
      end.status === 'rejected' && !/Connection terminated/.test(String(end.reason)) ? [end.reason] : [],
    );
    expect(wrong).toEqual([]);
    expect(ends.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(550);
    expect(await seen(scoped(app, EVERY_OFFICE))).toHaveLength(10);
  });
});

// From here on rows are made up, and the database is good for nothing else.
describe('row by row', () => {
  let names: string[];
  beforeAll(async () => {
    const tables = await allTables(engines.store);
    names = scopedTables(tables).map(({ name }) => name);
    await loosen(engines.store);
    for (const name of names) {
      for (const office of [own, other]) {
        const { text, values } = await fill(engines.store, name, office);
        const client = await engines.store.connect();
        await client.query('set session_replication_role = replica');
        await client.query(text, values);
        client.release(true);
      }
    }
  });
  const of = (office: number) => scoped(app, oneOffice(office));
  const officesIn = async (db: Store, table: string) => {
    const found = await db.query<{ office: number }>(`select distinct office_id as office from ${table}`);
    return found.rows.map((row) => row.office);
  };
  const REFUSED = { code: '42501' };

  test('every table is guarded by its office, or named as one that has none', async () => {
    expect(unguarded(await allTables(engines.store))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['posts', 'releases', 'people', 'audit_entries']));
  });

  test('a new table without a guard is found', async () => {
    await engines.store.query('create table strays (office_id int not null references offices)');
    try {
      expect(unguarded(await allTables(engines.store))).toEqual(['strays']);
    } finally {
      await engines.store.query('drop table strays');
    }
  });

  test('without a scope nothing is seen, with one its own rows', async () => {
    for (const name of names) {
      expect([name, await officesIn(scoped(app, NO_OFFICE), name)]).toEqual([name, []]);
      expect([name, await officesIn(of(own), name)]).toEqual([name, [own]]);
      const all = await officesIn(scoped(app, EVERY_OFFICE), name);
      expect([name, all]).toEqual([name, expect.arrayContaining([own, other])]);
    }
  });

  test('no row of another office is added, changed, taken over or removed', async () => {
    const counted = async (name: string) => {
      const all = await engines.store.query<{ all: string }>(
        `select coalesce(string_agg(t::text, ' ' order by t::text), '') as all from ${name} t where office_id = $1`,
        [other],
      );
      return all.rows[0]?.all;
    };
    /** Refused, or without any effect. */
    const vain = async (name: string, text: string, values: unknown[]) => {
      const done = await of(own)
        .query(text, values)
        .then(
          ({ rowCount }) => rowCount ?? 0,
          (error: { code?: string }) => (['42501', '428C9'].includes(error.code ?? '') ? 0 : error),
        );
      expect([name, text, done]).toEqual([name, text, 0]);
    };
    for (const name of names) {
      const before = await counted(name);
      // The log takes entries about any office, since who appends has passed the gate; it shows none of them.
      if (name !== 'audit_entries') {
        const { text, values } = await fill(engines.store, name, other);
        await vain(name, text, values);
        await vain(name, `update ${name} set office_id = $1 where office_id = $2`, [other, own]);
        await vain(name, `update ${name} set office_id = $1 where office_id = $2`, [own, other]);
      }
      await vain(name, `delete from ${name} where office_id = $1`, [other]);
      expect([name, await counted(name)]).toEqual([name, before]);
    }
  });

  test('what people sign in with cannot be read or changed', async () => {
    for (const name of identityTables) {
      for (const statement of [`select * from ${name}`, `delete from ${name}`, `truncate ${name}`]) {
        await expect(scoped(app, EVERY_OFFICE).query(statement), statement).rejects.toMatchObject(REFUSED);
      }
    }
  });

  test.each([
    `update audit_entries set key_id = 'x'`,
    'delete from audit_entries',
    'truncate audit_entries',
    'delete from audit_head',
    'alter table posts disable row level security',
    'alter table posts no force row level security',
    'drop policy office_scope on posts',
    'create policy mine on posts using (true)',
    'alter table audit_entries disable trigger all',
    'set session_replication_role = replica',
    'insert into office_tree (ancestor_id, office_id, depth) values (1, 2, 1)',
    'delete from office_tree',
    `update schema_migrations set sha256 = ''`,
    'truncate posts',
    'create table mine (id int)',
    `create or replace function every_office_in_scope() returns boolean language sql as 'select true'`,
    'create role another superuser',
    `copy posts to program 'cat'`,
  ])('the program may not: %s', async (statement) => {
    await expect(scoped(app, EVERY_OFFICE).query(statement)).rejects.toMatchObject(REFUSED);
  });

  test('row-level security can be switched off by the program only to its own harm', async () => {
    await expect(
      transaction(of(own), async (client) => {
        await client.query('set local row_security = off');
        await client.query('select * from posts');
      }),
    ).rejects.toMatchObject(REFUSED);
  });

  test('an office is renamed by those who have it, and made by those above it', async () => {
    const rename = (id: number) => of(own).query(`update offices set name = name where id = $1`, [id]);
    expect((await rename(own)).rowCount).toBe(1);
    expect((await rename(other)).rowCount).toBe(0);
    const make = (parent: number | null) =>
      of(own).query(`insert into offices (code, name, level, parent_id) values ('n', 'n', 'county', $1)`, [
        parent,
      ]);
    await expect(make(other)).rejects.toThrow(/outside the scope|row-level security/);
    await expect(make(null)).rejects.toThrow(/outside the scope|row-level security/);
  });

  test('no view and no function that runs as the owner leads around it', async () => {
    const views = await engines.store.query(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')`,
    );
    expect(views.rows).toEqual([]);
    const functions = await engines.store.query<{ name: string; fixed: boolean }>(
      `select proname as name, coalesce(array_to_string(proconfig, ',') like '%search_path=%', false) as fixed
       from pg_proc where pronamespace = 'public'::regnamespace and prosecdef order by 1`,
    );
    expect(functions.rows.filter(({ fixed }) => !fixed)).toEqual([]);
    // Each of them was looked at: it says or does no more than its name.
    expect(functions.rows.map(({ name }) => name)).toEqual(LOOKED_AT);
  });

  test('the roles own nothing, and a second start gives them no more', async () => {
    const owned = await engines.store.query(
      `select c.relname from pg_class c join pg_roles r on r.oid = c.relowner
       where r.rolname like '%\\_app' or r.rolname like '%\\_identity'`,
    );
    expect(owned.rows).toEqual([]);
    const { databaseUrl, secret } = engines.runtime();
    const database = new URL(databaseUrl).pathname;
    await grantRoles(engines.store, `postgres://x@y${database}`, secret);
    await expect(scoped(app, EVERY_OFFICE).query('select from sessions')).rejects.toMatchObject(REFUSED);
  });
});

const LOOKED_AT = [
  'administrator_remains',
  'audit_last',
  'count_views',
  'forget_expired_sign_ins',
  'is_sole_administrator',
  'keep_office_tree',
  'note_supervision_order',
  'queue_watch',
  'separate_administrators',
  'shared_records',
];
