import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { drawKey } from '../../config/keys.ts';
import type { SourceSettings, WeiboSource } from '../../config/sources.ts';
import { givenSecrets, sealSecrets } from '../../hub/source-secrets.ts';
import { jobIds, Queues } from '../../hub/queues.ts';
import { crawl } from '../../hub/roles/crawl.ts';
import {
  accountMarks,
  accountToken,
  keepAccountToken,
  noteUsedUp,
  setAccountMark,
  spendCall,
  type Account,
} from '../../store/accounts.ts';
import { hubActor } from '../../store/actor.ts';
import { SharedLocks } from '../../store/locks.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { reseal, sealedColumns } from '../../store/sealed.ts';
import { noteSecretEnd, secretStates, setSourceSecret, sourceSecrets } from '../../store/source-secrets.ts';
import { addSource, changeSource } from '../../store/source-edits.ts';
import { recentVisits } from '../../store/visits.ts';
import { forThisTest } from '../simulators/for-this-test.ts';
import { startWechat } from '../simulators/wechat.ts';
import { startWeibo } from '../simulators/weibo.ts';
import { silent, startTestEngines, TEST_KEY, testHub, until, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { makeSources } from '../support/posts.ts';
import { makePerson } from '../support/web.ts';

const cipher = openCipher([TEST_KEY]);
const why = { enabled: true, legalBasis: '测试所用', impactNote: '仅访问本机', approvedBy: '测试' };

let engines: TestEngines;
let app: Pool;
let other: number;
beforeAll(async () => {
  engines = await startTestEngines();
  app = openStore(engines.runtime().databaseUrl, 'test', { max: 12, settings: ['jiansheng.every=on'] });
  other = await makeOffice(engines.store, 'other', 'county');
});
afterAll(async () => {
  await app.end();
  await engines.stop();
});
beforeEach(() =>
  engines.store.query('truncate source_secrets, account_calls, account_tokens, account_marks'),
);

function weiboSource(key: string, endpoint = 'http://127.0.0.1:9', more: object = {}) {
  const settings = { uid: '2345678901', read: ['to-me'], callsPerDay: 60, followDays: 30, endpoint };
  const all = { ...why, kind: 'weibo', key, name: '云州检察微博', intervalSeconds: 7200, settings, ...more };
  return all as SourceSettings;
}
async function makeSource(source: SourceSettings): Promise<number> {
  const ids = await makeSources(engines.store, engines.officeId, [source]);
  return ids.get(source.key) ?? 0;
}
const start = () => hubActor('start', engines.officeId);
const entries = async () => {
  const found = await engines.store.query<{ entry: string }>(
    `select entry from audit_entries where entry like '%source-secret-set%'`,
  );
  return found.rows.map(({ entry }) => entry);
};

describe('a secret of a source', () => {
  test('is sealed, and the log says that it was set and not to what', async () => {
    const sourceId = await makeSource(weiboSource('sealed'));
    const secret = { sourceId, name: 'access-token', value: '2.00abcDEF' };
    const before = (await entries()).length;
    expect(await setSourceSecret(app, cipher, start(), secret)).toBe(true);
    expect(await sourceSecrets(app, cipher, sourceId)).toEqual({ 'access-token': '2.00abcDEF' });
    const [entry, ...more] = (await entries()).slice(before);
    expect(more).toEqual([]);
    expect(entry).toContain(`"subject":"source:${sourceId}"`);
    expect(entry).not.toContain('2.00abcDEF');
    const rows = await engines.store.query('select * from source_secrets');
    expect(JSON.stringify(rows.rows)).not.toContain('2.00abcDEF');
  });

  test('that is set to what it is already leaves no trace', async () => {
    const sourceId = await makeSource(weiboSource('same'));
    const secret = { sourceId, name: 'access-token', value: 'one' };
    await setSourceSecret(app, cipher, start(), secret);
    await noteSecretEnd(app, sourceId, 'access-token', new Date(0));
    const before = await entries();
    expect(await setSourceSecret(app, cipher, start(), secret)).toBe(false);
    expect(await entries()).toEqual(before);
    expect((await secretStates(app, sourceId))[0]?.endsAt).toEqual(new Date(0));
    // A new one ends at a day of its own.
    await setSourceSecret(app, cipher, start(), { ...secret, value: 'two' });
    expect((await secretStates(app, sourceId))[0]?.endsAt).toBeNull();
  });

  test('opens for its own source and name only', async () => {
    const [one, two] = [await makeSource(weiboSource('one')), await makeSource(weiboSource('two'))];
    await setSourceSecret(app, cipher, start(), { sourceId: one, name: 'access-token', value: 'mine' });
    await engines.store.query('update source_secrets set source_id = $1', [two]);
    await expect(sourceSecrets(app, cipher, two)).rejects.toMatchObject({ code: 'seal-broken' });
  });

  test('is out of reach of other offices', async () => {
    const sourceId = await makeSource(weiboSource('guarded'));
    const theirs = scoped(openedScope(), oneOffice(other));
    const secret = { sourceId, name: 'access-token', value: 'theirs' };
    expect(await setSourceSecret(theirs, cipher, start(), secret)).toBe(false);
    await setSourceSecret(app, cipher, start(), { ...secret, value: 'ours' });
    expect(await sourceSecrets(theirs, cipher, sourceId)).toEqual({});
    expect(await sourceSecrets(scoped(openedScope(), oneOffice(engines.officeId)), cipher, sourceId)).toEqual(
      {
        'access-token': 'ours',
      },
    );
  });

  test('is taken away when somebody has the source ask another place, and stays when only the rest changes', async () => {
    const person = await makePerson(engines.store, 'editor', engines.officeId, 'press-officer');
    const actor = {
      id: person.id,
      officeId: engines.officeId,
      role: 'press-officer',
      address: null,
    } as const;
    const {
      office: _,
      enabled: __,
      ...source
    } = weiboSource('moved', 'https://api.weibo.com') as WeiboSource;
    const details = { ...source, url: null, outlet: null, longestIntervalSeconds: null };
    const approval = { checked: [], legalBasis: '测试所用', impactNote: '仅访问本机', approvedBy: '测试' };
    const sourceId = await addSource(app, actor, engines.officeId, details, approval);
    await setSourceSecret(app, cipher, actor, { sourceId, name: 'access-token', value: 'precious' });
    await changeSource(app, actor, sourceId, { ...details, name: '改名' });
    expect(await sourceSecrets(app, cipher, sourceId)).toEqual({ 'access-token': 'precious' });
    const settings = { ...source.settings, endpoint: 'https://elsewhere.example' };
    expect(await changeSource(app, actor, sourceId, { ...details, settings })).toEqual({
      approvedStill: false,
    });
    expect(await sourceSecrets(app, cipher, sourceId)).toEqual({});
  });

  test('and a kept token are sealed anew when the key is changed', async () => {
    const sourceId = await makeSource(weiboSource('rotated'));
    await setSourceSecret(app, cipher, start(), { sourceId, name: 'access-token', value: 'kept' });
    const account = { officeId: engines.officeId, account: 'wechat:wx1' };
    await keepAccountToken(app, cipher, account, 'lent', new Date(Date.now() + 60_000));
    const key = drawKey();
    const ours = sealedColumns.filter(({ table }) => ['source_secrets', 'account_tokens'].includes(table));
    const rotated = openCipher([key, TEST_KEY]);
    expect(await reseal(rotated, () => app, ours)).toEqual({ resealed: 2, failed: [] });
    const alone = openCipher([key]);
    expect(await sourceSecrets(app, alone, sourceId)).toEqual({ 'access-token': 'kept' });
    expect(await accountToken(app, alone, account)).toBe('lent');
  });
});

/** The pool without a scope of its own, as the roles have it. */
function openedScope(): Pool {
  return (unscoped ??= openStore(engines.runtime().databaseUrl, 'scoped', { max: 2 }));
}
let unscoped: Pool | null = null;
afterAll(() => unscoped?.end());

describe('the secrets of hub.yaml', () => {
  const wechat = { kind: 'wechat', key: 'our-wechat', name: '公众号', ...why };
  const hub = testHub({
    sources: [
      weiboSource('our-weibo'),
      { ...weiboSource('asleep'), enabled: false },
      { ...wechat, settings: { appId: 'wxb11529c136998cb6', messages: 'aes' } },
    ],
  });

  test('that are missing keep the hub from starting, all named at once, those of sleeping sources left out', () => {
    expect(() => givenSecrets(hub, { JIANSHENG_SECRET_OUR_WECHAT_APP_SECRET: 'x' })).toThrow(
      expect.objectContaining({
        code: 'source-secrets-missing',
        message: expect.stringContaining(
          'JIANSHENG_SECRET_OUR_WEIBO_ACCESS_TOKEN、JIANSHENG_SECRET_OUR_WECHAT_CALLBACK_TOKEN、JIANSHENG_SECRET_OUR_WECHAT_ENCODING_AES_KEY',
        ) as string,
      }),
    );
    expect(givenSecrets(hub, {}, false)).toEqual([]);
  });

  test('are sealed where the visits find them, at every start again without a trace', async () => {
    const sourceId = await makeSource(weiboSource('our-weibo'));
    const given = givenSecrets(hub, { JIANSHENG_SECRET_OUR_WEIBO_ACCESS_TOKEN: 'from-outside' }, false);
    const offices = new Map([[hub.office.code, engines.officeId]]);
    await sealSecrets(engines.store, [TEST_KEY], offices, given);
    expect(await sourceSecrets(app, cipher, sourceId)).toEqual({ 'access-token': 'from-outside' });
    const before = await entries();
    await sealSecrets(engines.store, [TEST_KEY], offices, given);
    expect(await entries()).toEqual(before);
  });
});

describe('the calls of an account', () => {
  const account = (): Account => ({ officeId: engines.officeId, account: 'weibo:1' });

  test('never go beyond what a day allows, however many ask at once', async () => {
    const spend = (path: string) => spendCall(app, account(), path, { day: 7 });
    const tries = Array.from({ length: 40 }, (_, n) => spend(n % 2 ? 'comments/show' : 'statuses/count'));
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(7);
    expect(await spend('statuses/mentions')).toBe(false);
    const two: Account = { ...account(), account: 'weibo:2' };
    expect(await spendCall(app, two, 'comments/show', { day: 7 })).toBe(true);
  });

  test('of one path may be fewer', async () => {
    const spend = (path: string) => spendCall(app, account(), path, { day: 100, path: 2 });
    const got = [await spend('a'), await spend('a'), await spend('a'), await spend('b')];
    expect(got).toEqual([true, true, false, true]);
  });

  test('end when the platform says so, and begin again the next day', async () => {
    const spend = () => spendCall(app, account(), 'a', { day: 100 });
    expect(await spend()).toBe(true);
    await noteUsedUp(app, account(), 'a');
    expect(await spend()).toBe(false);
    expect(await spendCall(app, account(), 'b', { day: 100 })).toBe(true);
    await noteUsedUp(app, account());
    expect(await spendCall(app, account(), 'b', { day: 100 })).toBe(false);
    await engines.store.query('update account_calls set day = day - 1');
    expect(await spend()).toBe(true);
  });

  test('a token is kept until it ends, a mark until it is forgotten', async () => {
    await keepAccountToken(app, cipher, account(), 'lent', new Date(Date.now() - 1));
    expect(await accountToken(app, cipher, account())).toBeNull();
    await keepAccountToken(app, openCipher([drawKey()]), account(), 'lent', new Date(Date.now() + 60_000));
    expect(await accountToken(app, cipher, account())).toBeNull();
    await setAccountMark(app, account(), 'since', { since: '9223372036854775807' });
    await setAccountMark(app, account(), 'day', '2026-11-22');
    await setAccountMark(app, account(), 'day', null);
    expect(await accountMarks(app, account())).toEqual(
      new Map([['since', { since: '9223372036854775807' }]]),
    );
  });
});

test('locks that were closed have nothing to do with what becomes of their connection', async () => {
  const pool = openStore(engines.runtime().databaseUrl, 'closed-locks', { max: 1 });
  const locks = new SharedLocks(pool, 'source');
  expect(await locks.exclusively(1, () => Promise.resolve())).toBe(true);
  await locks.close();
  await engines.store.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'jiansheng closed-locks'`,
  );
  // An error that nobody took would end the process here.
  await until('the connection to be gone', () => Promise.resolve(pool.totalCount === 0));
  await pool.end();
});

describe('a visit by the crawl role', () => {
  const work = async (sourceId: number, slot: number) => {
    const queues = new Queues(engines.runtime(), silent);
    const stop = await crawl(engines.runtime(), silent);
    try {
      await engines.store.query('update sources set next_visit_at = now() where id = $1', [sourceId]);
      const job = { officeId: engines.officeId, sourceId, slot };
      await queues.queue('crawl').add(jobIds.crawl(sourceId, slot), job);
      return await until('the visit', async () => {
        const [visit] = await recentVisits(engines.store, sourceId);
        const done = await engines.store.query('select from visits where source_id = $1 and slot = $2', [
          sourceId,
          slot,
        ]);
        return done.rowCount === 1 && visit?.finishedAt ? visit : null;
      });
    } finally {
      await stop();
      await queues.close();
    }
  };
  const posts = async (sourceId: number) => {
    const found = await engines.store.query<Record<string, unknown>>(
      'select kind, url, parent_url, text from posts where source_id = $1 order by id',
      [sourceId],
    );
    return found.rows;
  };

  test('stores what people answer on Weibo, and what it remembers outlives the process', async () => {
    const weibo = forThisTest(await startWeibo());
    const office = { id: '2345678901', screen_name: '云州检察' };
    const somebody = { id: '1000000001', screen_name: '滇池边的某某' };
    weibo.state.tokens.set('a-token', { uid: office.id, endsAt: Date.now() + 3 * 86_400_000 });
    const post = weibo.state.post(office, '通报');
    weibo.state.comment(post, somebody, '我的电话13812345678，请回复');
    const sourceId = await makeSource(weiboSource('visited-weibo', weibo.origin));
    expect(await work(sourceId, 1)).toMatchObject({ outcome: 'failed', reason: 'secret-missing' });
    await setSourceSecret(app, cipher, start(), { sourceId, name: 'access-token', value: 'a-token' });
    expect(await work(sourceId, 2)).toMatchObject({ outcome: 'complete', expected: 1, got: 1, fresh: 1 });
    const [stored] = await posts(sourceId);
    const address = `https://m.weibo.cn/status/${post.id}`;
    expect(stored).toMatchObject({ kind: 'comment', url: address, parent_url: address });
    expect(stored?.['text']).not.toContain('13812345678');
    const [state] = await secretStates(app, sourceId);
    expect(state?.endsAt?.getTime()).toBeGreaterThan(Date.now() + 2 * 86_400_000);
    weibo.state.comment(post, somebody, '第二条评论在此');
    weibo.asked.length = 0;
    expect(await work(sourceId, 3)).toMatchObject({ outcome: 'complete', got: 1, fresh: 1 });
    expect(weibo.asked.map(({ path }) => path)).toEqual(['/2/comments/to_me.json']);
    const calls = await engines.store.query<{ calls: number }>(
      `select calls from account_calls where path = ''`,
    );
    expect(calls.rows).toEqual([{ calls: 3 }]);
    await engines.store.query(`update source_secrets set sealed = sealed || 'A'`);
    expect(await work(sourceId, 4)).toMatchObject({ outcome: 'failed', reason: 'secret-missing' });
  });

  test('stores comments of WeChat articles, with one token for all processes', async () => {
    const wechat = forThisTest(await startWechat());
    wechat.state.comment(wechat.state.publish(2_247_483_650, '通报'), '支持依法办理此案');
    const { appId } = wechat.state;
    const settings = {
      ...{ appId, articles: [], followDays: 3, callsPerDay: 500, messages: 'off' },
      endpoint: wechat.origin,
    };
    const source = {
      ...why,
      kind: 'wechat',
      key: 'visited-wechat',
      name: '公众号',
      intervalSeconds: 3600,
      settings,
    };
    const sourceId = await makeSource(source as unknown as SourceSettings);
    const secret = { sourceId, name: 'app-secret', value: wechat.state.appSecret };
    await setSourceSecret(app, cipher, start(), secret);
    expect(await work(sourceId, 1)).toMatchObject({ outcome: 'complete', got: 1, fresh: 1 });
    expect(await work(sourceId, 2)).toMatchObject({ outcome: 'complete' });
    expect(wechat.count('/cgi-bin/stable_token')).toBe(1);
    expect(await posts(sourceId)).toMatchObject([{ kind: 'comment', text: '支持依法办理此案' }]);
    const kept = await engines.store.query('select * from account_tokens');
    expect(JSON.stringify(kept.rows)).not.toContain(wechat.state.current?.token);
  });
});
