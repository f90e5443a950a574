import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { channelSettings } from '../../config/channels.ts';
import type { SourceSettings } from '../../config/sources.ts';
import { accountTools } from '../../hub/crawling/account.ts';
import type { Actor } from '../../store/actor.ts';
import { addChannelAccount, archiveChannelAccount } from '../../store/channel-accounts.ts';
import { setChannelSecret } from '../../store/channel-secrets.ts';
import { openStore, type Pool, type Store } from '../../store/pool.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { setSourceSecret } from '../../store/source-secrets.ts';
import { sourceById, type SourceRow } from '../../store/sources.ts';
import { silent, startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';
import { makeSources } from '../support/posts.ts';
import { makePerson } from '../support/web.ts';

const cipher = openCipher([TEST_KEY]);
const why = { enabled: true, legalBasis: '测试所用', impactNote: '仅访问本机', approvedBy: '测试' };

let engines: TestEngines;
let pool: Pool;
let db: Store;
let actor: Actor;
beforeAll(async () => {
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'test', { max: 2 });
  db = scoped(pool, oneOffice(engines.officeId));
  const { id } = await makePerson(engines.store, 'press', engines.officeId, 'press-officer');
  actor = { id, officeId: engines.officeId, role: 'press-officer', address: '127.0.0.1' };
});
afterAll(async () => {
  await pool.end();
  await engines.stop();
});

let made = 0;
/** A source that reads the account, at an endpoint of its own. */
async function source(uid: string, endpoint = 'https://api.weibo.com'): Promise<SourceRow> {
  made += 1;
  const settings = { uid, read: ['to-me'], callsPerDay: 60, followDays: 30, endpoint };
  const all = { ...why, kind: 'weibo', key: `s-${made}`, name: '云州检察', intervalSeconds: 7200, settings };
  const ids = await makeSources(engines.store, engines.officeId, [all as unknown as SourceSettings]);
  return (await sourceById(db, ids.get(`s-${made}`) ?? 0)) as SourceRow;
}
async function account(uid: string, token: string): Promise<number> {
  const id = await addChannelAccount(db, actor, {
    ...{ channel: 'weibo', name: '云州检察', externalId: uid, dryRun: false },
    settings: channelSettings.weibo.parse({ appKey: '1234567', boundDomain: 'www.yunzhou.example' }),
  });
  await setChannelSecret(db, cipher, actor, { accountId: id, name: 'access-token', value: token });
  return id;
}
const secretsOf = async (row: SourceRow) => (await accountTools(db, row, silent)).secrets;

test('whoever has authorised an account for publishing has it read as well', async () => {
  const row = await source('1000000001');
  expect(await secretsOf(row)).toEqual({});
  const id = await account('1000000001', 'published-with');
  expect(await secretsOf(row)).toEqual({ 'access-token': 'published-with' });
  await archiveChannelAccount(db, actor, id);
  expect(await secretsOf(row)).toEqual({});
});

test('of two authorisations the later one counts', async () => {
  const row = await source('1000000002');
  const accountId = await account('1000000002', 'first');
  await setSourceSecret(db, cipher, actor, { sourceId: row.id, name: 'access-token', value: 'second' });
  expect(await secretsOf(row)).toEqual({ 'access-token': 'second' });
  await setChannelSecret(db, cipher, actor, { accountId, name: 'access-token', value: 'third' });
  expect(await secretsOf(row)).toEqual({ 'access-token': 'third' });
});

test('a secret goes to no other place than the account’s own, and opens no other account', async () => {
  await account('1000000003', 'mine');
  expect(await secretsOf(await source('1000000003', 'https://elsewhere.example'))).toEqual({});
  expect(await secretsOf(await source('1000000004'))).toEqual({});
});
