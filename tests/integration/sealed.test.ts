import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openCipher, OldKeyNeeded, SealBroken, type Cipher } from '../../config/cipher.ts';
import { drawKey } from '../../config/keys.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import { reseal, sealedColumns } from '../../store/sealed.ts';
import { ensureSecret, readSecret } from '../../store/secrets.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';

let engines: TestEngines;
let app: Pool;
let identity: Pool;
beforeAll(async () => {
  engines = await startTestEngines();
  const settings = ['jiansheng.every=on'];
  app = openStore(engines.runtime().databaseUrl, 'app', { settings });
  identity = openStore(engines.runtime().identityUrl, 'identity', { settings });
  await engines.store.query(
    `insert into people (id, office_id, name, email)
     select 'p' || n, $1, '某人', 'p' || n || '@a.example' from generate_series(1, 1200) n`,
    [engines.officeId],
  );
});
afterAll(async () => {
  await app.end();
  await identity.end();
  await engines.stop();
});
beforeEach(() => engines.store.query('truncate secrets, totp_factors'));

const dbFor = (what: 'identity' | 'rest') => (what === 'identity' ? identity : app);
const old = openCipher([TEST_KEY]);
const key = drawKey();
const rotated = openCipher([key, TEST_KEY]);

async function sealTotp(cipher: Cipher, people: number): Promise<void> {
  const ids = Array.from({ length: people }, (_, n) => `p${n + 1}`);
  await identity.query(
    `insert into totp_factors (person_id, secret_sealed, confirmed_at) select *, now() from unnest($1::text[], $2::text[])`,
    [ids, ids.map((id) => cipher.seal(`secret of ${id}`, `totp:${id}`))],
  );
}

test('every sealed column is known to the rotation, and nothing else is', async () => {
  const found = await engines.store.query<{ name: string }>(
    `select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and column_name like '%sealed%'`,
  );
  const known = sealedColumns.map(({ table, column }) => `${table}.${column}`);
  expect(known).toEqual(expect.arrayContaining(found.rows.map(({ name }) => name)));
  for (const { table, id, column } of sealedColumns)
    await engines.store.query(`select ${id}, ${column} from ${table} limit 0`);
});

test('what is sealed by an older key is sealed anew, all of it, once', async () => {
  await sealTotp(old, 1200);
  await ensureSecret(app, old, 'one', () => Buffer.from('a secret'));
  expect(await reseal(rotated, dbFor)).toEqual({ resealed: 1201, failed: [] });
  expect(await reseal(rotated, dbFor)).toEqual({ resealed: 0, failed: [] });
  const alone = openCipher([key]);
  expect((await readSecret(app, alone, 'one'))?.toString()).toBe('a secret');
  const row = await identity.query<{ sealed: string }>(
    `select secret_sealed as sealed from totp_factors where person_id = 'p777'`,
  );
  expect(alone.open(row.rows[0]?.sealed ?? '', 'totp:p777').toString()).toBe('secret of p777');
});

test('a rotation that was cut off goes on where it stopped', async () => {
  await sealTotp(old, 30);
  let left = 10;
  const query: Pool['query'] = identity.query.bind(identity);
  const cut = {
    query: ((text: string, values: unknown[]) => {
      if (text.startsWith('update') && left-- === 0) throw new Error('cut off');
      return query(text, values);
    }) as Pool['query'],
  };
  await expect(reseal(rotated, (what) => (what === 'identity' ? cut : app))).rejects.toThrow('cut off');
  expect((await reseal(rotated, dbFor)).resealed).toBe(20);
});

test('what cannot be opened is told, and does not keep the rest', async () => {
  await sealTotp(old, 3);
  await identity.query(`update totp_factors set secret_sealed = secret_sealed || 'A' where person_id = 'p1'`);
  await identity.query(`update totp_factors set secret_sealed = $1 where person_id = 'p2'`, [
    openCipher([drawKey()]).seal('x', 'totp:p2'),
  ]);
  const { resealed, failed } = await reseal(rotated, dbFor);
  expect(resealed).toBe(1);
  expect(failed.map(({ table, id }) => `${table} ${id}`)).toEqual(['totp_factors p1', 'totp_factors p2']);
  expect(failed[0]?.why).toBeInstanceOf(SealBroken);
  expect(failed[1]?.why).toBeInstanceOf(OldKeyNeeded);
});

test('a value that somebody changes meanwhile is theirs', async () => {
  await sealTotp(old, 1);
  const query: Pool['query'] = identity.query.bind(identity);
  const theirs = rotated.seal('new', 'totp:p1');
  const racing = {
    query: (async (text: string, values: unknown[]) => {
      if (text.startsWith('update'))
        await identity.query('update totp_factors set secret_sealed = $1', [theirs]);
      return query(text, values);
    }) as Pool['query'],
  };
  expect((await reseal(rotated, (what) => (what === 'identity' ? racing : app))).resealed).toBe(0);
  const row = await identity.query<{ sealed: string }>('select secret_sealed as sealed from totp_factors');
  expect(row.rows[0]?.sealed).toBe(theirs);
});

test('of two processes that draw a secret at once, both end with the same', async () => {
  const drawn = await Promise.all(
    ['a', 'b', 'c', 'd'].map((each) => ensureSecret(app, old, 'shared', () => Buffer.from(each))),
  );
  expect(new Set(drawn.map(String)).size).toBe(1);
});
