import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { drawKey } from '../../config/keys.ts';
import { appendAudit, auditCipher, beginAudit, openAuditLog, type Act } from '../../store/audit.ts';
import { entryHash, entryText, readEntry } from '../../store/audit-entry.ts';
import { MOST_FINDINGS, verifyAudit, type Finding } from '../../store/audit-verify.ts';
import { openStore, transaction, type Pool } from '../../store/pool.ts';
import { scoped } from '../../store/scope.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';

let engines: TestEngines;
let app: Pool;
beforeAll(async () => {
  engines = await startTestEngines();
  app = openStore(engines.runtime().databaseUrl, 'app');
});
afterAll(async () => {
  await app.end();
  await engines.stop();
});

const act = (n: number): Act => ({
  id: 'p1',
  officeId: engines.officeId,
  role: 'press-officer',
  address: '10.0.0.1',
  action: 'release-save',
  subject: `release:${n}`,
  before: { title: `旧${n}` },
  after: { title: `新${n}` },
});
const append = (n: number) => transaction(app, (client) => appendAudit(client, act(n)));
const ENTRIES = 10;

/** The log as it would be with ten acts, whatever an earlier test did to it. */
beforeEach(async () => {
  openAuditLog(openCipher([TEST_KEY]));
  await asOwner(async (client) => {
    await client.query('truncate audit_entries');
    await client.query(
      `insert into audit_head (id, seq, hash, key_id, mac) values (1, 0, sha256(''), '', '')
       on conflict (id) do update set seq = 0, key_id = '', mac = ''`,
    );
  });
  for (let n = 1; n <= ENTRIES; n++) await append(n);
});

/** What only the owner of the database can do: the triggers are switched off for it. */
async function asOwner(work: (client: PoolClient) => Promise<unknown>): Promise<void> {
  await transaction(engines.store, async (client) => {
    for (const state of ['disable', 'enable']) {
      if (state === 'enable') await work(client);
      await client.query(`alter table audit_entries ${state} trigger all`);
      await client.query(`alter table audit_head ${state} trigger all`);
    }
  });
}

const tamper = (sql: string, values: unknown[] = []) => asOwner((client) => client.query(sql, values));
const findings = async (): Promise<Finding[]> => (await verifyAudit(engines.store)).findings;

describe('a log that nobody touched', () => {
  test('holds together, also when many append at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => append(100 + n)));
    expect(await verifyAudit(engines.store)).toEqual({ entries: 30, lastSeq: 30, findings: [], total: 0 });
  });

  test('tells who, where, what, before and after, and when', async () => {
    const found = await engines.store.query<{ entry: string; at: Date; office: number; actor: string }>(
      'select entry, at, office_id as office, actor from audit_entries where seq = 3',
    );
    const { entry = '', at, ...columns } = found.rows[0] ?? {};
    expect(columns).toEqual({ office: engines.officeId, actor: 'p1' });
    const { id, ...told } = act(3);
    expect(readEntry(entry)).toEqual({ v: 1, seq: 3, at: at?.toISOString(), actor: id, ...told });
  });

  test('has no entry of an act that was rolled back', async () => {
    const undone = transaction(app, async (client) => {
      await appendAudit(client, act(11));
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await append(12);
    expect(await verifyAudit(engines.store)).toMatchObject({ entries: 11, total: 0 });
  });

  test('takes whatever people type', async () => {
    const odd = 'NUL \0, half a pair \ud800, "quotes", \u2028';
    await transaction(app, (client) => appendAudit(client, { ...act(11), after: { odd: [odd] } }));
    expect(await findings()).toEqual([]);
  });

  test('goes on under a new key, and is checked under both', async () => {
    openAuditLog(openCipher([drawKey(), TEST_KEY]));
    await append(11);
    expect(await findings()).toEqual([]);
  });

  test('is begun once, and only when there is nothing', async () => {
    await beginAudit(engines.store, engines.officeId);
    expect(await verifyAudit(engines.store)).toMatchObject({ entries: ENTRIES, total: 0 });
    await tamper('truncate audit_entries');
    await tamper(`update audit_head set seq = 0, key_id = '', mac = ''`);
    expect(await findings()).toEqual([{ kind: 'empty' }]);
    await beginAudit(engines.store, engines.officeId);
    expect(await verifyAudit(engines.store)).toMatchObject({ entries: 1, total: 0 });
  });
});

describe('whoever owns the database is found out', () => {
  const changes = {
    'the text': `update audit_entries set entry = replace(entry, '新4', '改4') where seq = 4`,
    'a space in the text': `update audit_entries set entry = replace(entry, '"p1"', ' "p1"') where seq = 4`,
    'the time': `update audit_entries set entry = regexp_replace(entry, '"at":"....', '"at":"2001') where seq = 4`,
    'the hash': `update audit_entries set hash = sha256('x') where seq = 4`,
    'the hash before': `update audit_entries set previous = sha256('x'), hash = sha256('y') where seq = 4`,
    'text and hash': `update audit_entries set entry = replace(entry, '新4', '改4'), hash = sha256('x') where seq = 4`,
  };
  test.each(Object.entries(changes))('who changes %s of an entry', async (_, sql) => {
    await tamper(sql);
    expect(await findings()).toEqual([{ kind: 'changed', seq: 4 }]);
  });

  test('who changes the first entry, or the last', async () => {
    await tamper(`update audit_entries set entry = replace(entry, '新', '改') where seq in (1, $1)`, [
      ENTRIES,
    ]);
    expect(await findings()).toEqual([
      { kind: 'changed', seq: 1 },
      { kind: 'changed', seq: ENTRIES },
    ]);
  });

  test('who claims that an entry was made with another key', async () => {
    await tamper(`update audit_entries set key_id = 'v1.00000000' where seq = 4`);
    expect(await findings()).toEqual([{ kind: 'no-key', seq: 4, key: 'v1.00000000' }]);
  });

  test.each([
    [[4], [{ kind: 'removed', from: 4, to: 4 }]],
    [[1], [{ kind: 'removed', from: 1, to: 1 }]],
    [[ENTRIES], [{ kind: 'removed', from: ENTRIES, to: ENTRIES }]],
    [
      [2, 3, 7],
      [
        { kind: 'removed', from: 2, to: 3 },
        { kind: 'removed', from: 7, to: 7 },
      ],
    ],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [{ kind: 'removed', from: 1, to: 10 }]],
  ])('who removes %j', async (seqs, expected) => {
    await tamper('delete from audit_entries where seq = any ($1)', [seqs]);
    expect(await findings()).toEqual(expected);
  });

  test('who swaps two entries', async () => {
    await asOwner(async (client) => {
      for (const [from, to] of [
        [4, -1],
        [7, 4],
        [-1, 7],
      ])
        await client.query('update audit_entries set seq = $2 where seq = $1', [from, to]);
    });
    expect(await findings()).toEqual([
      { kind: 'moved', seq: 4, was: 7 },
      { kind: 'moved', seq: 7, was: 4 },
    ]);
  });

  test('who closes a gap by renumbering', async () => {
    await asOwner(async (client) => {
      await client.query('delete from audit_entries where seq = 4');
      for (let seq = 5; seq <= ENTRIES; seq++)
        await client.query('update audit_entries set seq = $1 - 1 where seq = $1', [seq]);
    });
    const { findings: found, total } = await verifyAudit(engines.store);
    expect(found[0]).toEqual({ kind: 'moved', seq: 4, was: 5 });
    expect(found.at(-1)).toEqual({ kind: 'removed', from: ENTRIES, to: ENTRIES });
    expect(total).toBe(7);
  });

  const FORGE = `insert into audit_entries (seq, entry, previous, hash, key_id)
     values ($1, $2, (select hash from audit_head), $3, $4)`;
  const forged = (seq: number) => {
    const text = entryText(seq, new Date(), act(99));
    // Their best: everything right but the key.
    const hash = entryHash(openCipher([drawKey()]), 'unknown', text);
    return [seq, text, Buffer.from(hash, 'hex'), auditCipher().current];
  };

  test.each([[ENTRIES + 1], [0], [-5]])('who hangs on an entry of their own as %d', async (seq) => {
    await tamper(FORGE, forged(seq));
    expect(await findings()).toEqual([{ kind: 'forged', seq }]);
  });

  test('who puts an entry of their own in the place of one removed', async () => {
    await asOwner(async (client) => {
      await client.query('delete from audit_entries where seq = 4');
      await client.query(FORGE, forged(4));
    });
    expect(await findings()).toEqual([{ kind: 'changed', seq: 4 }]);
  });

  test('who sets the head back and removes what is behind it', async () => {
    await tamper(
      `update audit_head set seq = 8, hash = (select hash from audit_entries where seq = 8);
       delete from audit_entries where seq > 8`,
    );
    expect(await findings()).toEqual([{ kind: 'head', seq: null }]);
  });

  test('and stays found out when the hub goes on afterwards', async () => {
    await tamper(
      `update audit_head set seq = 8, hash = (select hash from audit_entries where seq = 8);
       delete from audit_entries where seq > 8`,
    );
    await append(11);
    expect(await findings()).toEqual([{ kind: 'head', seq: 9 }]);
    const note = await engines.store.query<{ entry: string }>(
      'select entry from audit_entries where seq = 9',
    );
    expect(readEntry(note.rows[0]?.entry ?? '')).toMatchObject({
      action: 'audit-head-broken',
      before: { seq: 8 },
    });
  });

  test('who puts an old head back in place', async () => {
    const old = await engines.store.query<{ seq: number; hash: Buffer; key_id: string; mac: Buffer }>(
      'select seq, hash, key_id, mac from audit_head',
    );
    await append(11);
    const { seq, hash, key_id, mac } = old.rows[0] ?? {};
    await tamper('update audit_head set seq = $1, hash = $2, key_id = $3, mac = $4', [
      seq,
      hash,
      key_id,
      mac,
    ]);
    expect(await findings()).toEqual([{ kind: 'head', seq: null }]);
  });

  test('who removes the head', async () => {
    await tamper('delete from audit_head');
    expect(await findings()).toEqual([{ kind: 'head', seq: null }]);
    await expect(append(11)).rejects.toThrow();
  });

  test('who puts back an entry from a copy of another time', async () => {
    // Two hubs went on from one copy under the same key: both entries are genuine, and only one belongs here.
    const { rows } = await engines.store.query<{ previous: string }>(
      `select encode(previous, 'hex') as previous from audit_entries where seq = 6`,
    );
    const cipher = auditCipher();
    const fifth = entryText(5, new Date(), act(55));
    const fifthHash = entryHash(cipher, randomBytes(32).toString('hex'), fifth);
    const sixth = entryText(6, new Date(), act(66));
    const hash = entryHash(cipher, fifthHash, sixth);
    expect(rows[0]?.previous).not.toBe(fifthHash);
    await tamper(
      `update audit_entries set entry = $1, previous = decode($2, 'hex'), hash = decode($3, 'hex') where seq = 6`,
      [sixth, fifthHash, hash],
    );
    expect(await findings()).toEqual([
      { kind: 'unlinked', seq: 6 },
      { kind: 'unlinked', seq: 7 },
    ]);
  });

  test('who rewrites everything: the first are told, all are counted', async () => {
    for (let n = 0; n < 30; n++) await append(n);
    await tamper(`update audit_entries set entry = replace(entry, 'p1', 'p2')`);
    const verdict = await verifyAudit(engines.store);
    expect(verdict.total).toBe(40);
    expect(verdict.findings).toHaveLength(MOST_FINDINGS);
  });
});

describe('the database roles of the program', () => {
  test.each([
    `update audit_entries set key_id = 'x'`,
    'delete from audit_entries',
    'truncate audit_entries',
    'alter table audit_entries disable trigger all',
    'alter table audit_entries disable row level security',
    'delete from audit_head',
    'truncate audit_head',
  ])('may not: %s', async (sql) => {
    for (const url of [engines.runtime().databaseUrl, engines.runtime().identityUrl]) {
      const pool = openStore(url, 'test', { settings: ['jiansheng.every=on'] });
      await expect(pool.query(sql)).rejects.toThrow(/permission denied|must be owner/);
      await pool.end();
    }
  });

  test('read the entries of their scope and append about any office', async () => {
    const one = scoped(app, { every: false, offices: [engines.officeId], shared: [] });
    const none = scoped(app, { every: false, offices: [], shared: [] });
    const count = async (db: typeof one) =>
      (await db.query<{ n: number }>('select count(*)::int as n from audit_entries')).rows[0]?.n;
    await transaction(none, (client) => appendAudit(client, act(11)));
    expect(await count(one)).toBe(ENTRIES + 1);
    expect(await count(none)).toBe(0);
    expect(await findings()).toEqual([]);
  });

  test('even the owner needs a second thought', async () => {
    for (const sql of ['update audit_entries set key_id = key_id', 'delete from audit_entries'])
      await expect(engines.store.query(sql)).rejects.toThrow(/only ever added/);
  });
});
