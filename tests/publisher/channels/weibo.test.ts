import { describe, expect, test } from 'vitest';
import { NoAnswer, NotSent } from '../../../publisher/channels/http.ts';
import { weibo } from '../../../publisher/channels/weibo.ts';
import { base62, createdAt, essence } from '../../../publisher/channels/weibo/status.ts';
import type { Media, Outgoing } from '../../../publisher/channels/contract.ts';
import { forThisTest } from '../../simulators/for-this-test.ts';
import { startWeibo } from '../../simulators/weibo.ts';
import { testAccount, testDelivery, testPicture, testTools } from '../../support/channel-tools.ts';

const NOW = Date.UTC(2026, 10, 22, 4);
const UID = '2345678901';
const SHARE = '/2/statuses/share.json';

async function hub({ settings = {}, media = new Map<number, Media>(), used = 0 } = {}) {
  const platform = forThisTest(await startWeibo(NOW));
  platform.state.users.push({ id: UID, screen_name: '云州检察' });
  const tools = testTools(() => platform.state.now, { media, used });
  const account = testAccount('weibo', {
    externalId: UID,
    settings: {
      ...{ endpoint: platform.origin, appKey: '1234567', boundDomain: 'www.yunzhou.example' },
      ...settings,
    },
    secrets: { 'app-secret': platform.state.app.secret, 'access-token': platform.state.grant(UID) },
  });
  const again = (delivery: Outgoing): Outgoing => ({ ...delivery, progress: { ...tools.kept } });
  return { platform, state: platform.state, tools, account, again };
}
type Hub = Awaited<ReturnType<typeof hub>>;

const publish = ({ tools, account, again }: Hub, delivery: Outgoing) =>
  weibo.publish(account, again(delivery), tools);
const poll = ({ tools, account, again }: Hub, delivery: Outgoing) =>
  weibo.poll?.(account, again(delivery), tools);
const reconcile = ({ tools, account, again }: Hub, delivery: Outgoing) =>
  weibo.reconcile(account, again(delivery), tools);

describe('a status', () => {
  test('goes out once with its link, and has an address that people can open', async () => {
    const here = await hub();
    const delivery = testDelivery();
    const done = await publish(here, delivery);
    const [status] = here.state.statuses;
    expect(status?.said).toBe(`【云州市检察院举办检察开放日】欢迎报名参加。 ${delivery.siteAddress}`);
    const address = `https://weibo.com/${UID}/${base62(String(status?.id))}`;
    expect(done).toEqual({ kind: 'published', address });
    expect(here.tools.begun).toEqual([SHARE]);
    expect(here.tools.kept['statusId']).toBe(String(status?.id));
    expect(here.tools.remembered.get(`status:${status?.id}`)).toEqual({
      at: NOW,
      comments: null,
      since: '0',
    });
  });

  test('carries one picture', async () => {
    const here = await hub({ media: new Map([[5, testPicture('image/jpeg')]]) });
    await publish(here, testDelivery({ details: { weibo: { imageId: 5 } } }));
    expect(here.state.statuses[0]?.picture).toBeTypeOf('string');
  });

  test('that corrects another one says so, and stays as long as it may be', async () => {
    const here = await hub();
    const summary = '开'.repeat(300);
    await publish(here, testDelivery({ summary }, { corrects: 'https://weibo.com/1/A' }));
    expect(here.state.statuses[0]?.said).toMatch(/^【更正】【云州市检察院举办检察开放日】/);
  });

  test('that the platform looks at first is on its way until others see it, and no longer than an hour', async () => {
    const here = await hub();
    here.state.reviewMs = 300_000;
    const delivery = testDelivery();
    expect(await publish(here, delivery)).toMatchObject({ kind: 'processing' });
    here.state.now += 120_000;
    expect(await poll(here, delivery)).toMatchObject({ kind: 'processing' });
    here.state.now += 600_000;
    expect(await poll(here, delivery)).toMatchObject({
      kind: 'published',
      address: expect.stringContaining(UID) as string,
    });
    const slow = await hub();
    slow.state.reviewMs = 86_400_000;
    let outcome = await publish(slow, delivery);
    for (; outcome.kind === 'processing'; outcome = (await poll(slow, delivery)) ?? outcome) {
      slow.state.now = outcome.lookAgainAt.getTime();
    }
    expect(outcome).toMatchObject({
      kind: 'published',
      note: expect.stringContaining('没有审核完') as string,
    });
    expect(slow.state.now - NOW).toBeLessThanOrEqual(3 * 3_600_000);
  });

  test('of which the platform says that it takes a minute (20032) is published, and found later', async () => {
    const here = await hub();
    here.state.syncDelays = 1;
    const delivery = testDelivery();
    const first = await publish(here, delivery);
    expect(first).toMatchObject({ kind: 'processing', lookAgainAt: new Date(NOW + 120_000) });
    here.state.now += 120_000;
    expect(await poll(here, delivery)).toMatchObject({
      kind: 'published',
      address: expect.stringContaining(UID) as string,
    });
    expect(here.state.statuses).toHaveLength(1);
  });
});

describe('what is not taken', () => {
  test('a release that has no page on the website', async () => {
    const here = await hub();
    const refused = await publish(here, testDelivery({}, { siteAddress: null }));
    expect(refused).toMatchObject({ kind: 'refused', code: 'no-link' });
    expect(here.platform.asked).toEqual([]);
  });

  test('a website that is not under the bound domain, before the platform says so', async () => {
    const here = await hub({ settings: { boundDomain: 'www.elsewhere.example' } });
    const stopped = await publish(here, testDelivery());
    expect(stopped).toMatchObject({ kind: 'stopped', problem: 'administrator', code: 'other-domain' });
    expect(here.platform.asked).toEqual([]);
  });

  test('an app without a bound domain stops the account', async () => {
    const here = await hub();
    here.state.app.domains.length = 0;
    const stopped = await publish(here, testDelivery());
    expect(stopped).toMatchObject({ kind: 'stopped', problem: 'administrator', code: '10017' });
    expect((stopped as { why: string }).why).toContain('没有绑定安全域名');
  });

  test.each([
    ['a #topic#', { weibo: { text: '#检察开放日# 欢迎参加' } }, '20021'],
    ['a text of more than 140', { weibo: { text: '长'.repeat(140) } }, '20012'],
  ])('%s goes back to the editor', async (_, details, code) => {
    const here = await hub();
    expect(await publish(here, testDelivery({ details }))).toMatchObject({ kind: 'refused', code });
  });

  test.each([
    ['webp', testPicture('image/webp'), '不是 JPG'],
    ['of 5 MB', testPicture('image/png', 5 * 1024 * 1024), '5.0 MB'],
  ])('a picture %s, before anything is sent', async (_, picture, words) => {
    const here = await hub({ media: new Map([[5, picture]]) });
    const refused = await publish(here, testDelivery({ details: { weibo: { imageId: 5 } } }));
    expect(refused).toMatchObject({ kind: 'refused', why: expect.stringContaining(words) as string });
    expect(here.platform.asked).toEqual([]);
  });

  test('the text of the status before it, when it was not this one that said it', async () => {
    const here = await hub();
    await publish(here, testDelivery());
    here.tools.kept = {};
    const refused = await publish(here, testDelivery({}, { id: 8 }));
    expect(refused).toMatchObject({ kind: 'refused', code: '20019' });
    expect(here.state.statuses).toHaveLength(1);
  });
});

describe('the account', () => {
  test('whose authorisation has ended has to be authorised anew', async () => {
    const here = await hub();
    here.state.now += here.state.tokenMs;
    expect(await publish(here, testDelivery())).toMatchObject({
      ...{ kind: 'stopped', problem: 'reauthorise', code: '21327' },
    });
    const none = { ...here.account, secrets: {} };
    expect(await weibo.publish(none, testDelivery(), here.tools)).toMatchObject({
      ...{ kind: 'stopped', problem: 'reauthorise' },
    });
  });

  test('posts no more in an hour than it may, and goes on in the next', async () => {
    const here = await hub({ settings: { postsPerHour: 1 } });
    await publish(here, testDelivery());
    here.tools.kept = {};
    const waits = await publish(here, testDelivery({ title: '另一条' }, { id: 8 }));
    expect(waits).toMatchObject({ kind: 'quota', until: new Date('2026-11-22T13:00:01+08:00') });
    expect(here.state.statuses).toHaveLength(1);
    here.state.now = Date.parse('2026-11-22T13:00:01+08:00');
    expect(await publish(here, testDelivery({ title: '另一条' }, { id: 8 }))).toMatchObject({
      kind: 'published',
    });
  });

  test('without calls left waits for midnight; told by the platform, for the next hour', async () => {
    const here = await hub({ settings: { callsPerDay: 1 }, used: 1 });
    await here.tools.spend('/2/statuses/count.json', { day: 1 });
    expect(await publish(here, testDelivery())).toMatchObject({
      ...{ kind: 'quota', until: new Date('2026-11-23T00:01:00+08:00') },
    });
    const theirs = await hub();
    theirs.state.callsADay = 0;
    expect(await publish(theirs, testDelivery())).toMatchObject({
      ...{ kind: 'quota', code: '10023', until: new Date('2026-11-22T13:00:01+08:00') },
    });
  });
});

describe('a status whose answer was lost', () => {
  test('is found among the newest five when it was posted, also with short links in its text', async () => {
    const here = await hub();
    here.platform.faults.push({ path: SHARE, kind: 'drop-after' });
    const delivery = testDelivery();
    await expect(publish(here, delivery)).rejects.toThrow(NoAnswer);
    expect(here.state.statuses[0]?.text).toContain('http://t.cn/');
    expect(await reconcile(here, delivery)).toMatchObject({
      ...{ kind: 'arrived', address: expect.stringContaining(`/${UID}/`) as string },
    });
    expect(here.state.statuses).toHaveLength(1);
  });

  test('is not there when the newest reach back before the call', async () => {
    const here = await hub();
    here.platform.faults.push({ path: SHARE, kind: 'drop-before' });
    const delivery = testDelivery();
    await expect(publish(here, delivery)).rejects.toThrow(NoAnswer);
    expect(await reconcile(here, delivery)).toMatchObject({ kind: 'not-arrived' });
  });

  test('cannot be told when five others were posted since', async () => {
    const here = await hub();
    here.platform.faults.push({ path: SHARE, kind: 'drop-before' });
    const delivery = testDelivery();
    await expect(publish(here, delivery)).rejects.toThrow(NoAnswer);
    here.state.now += 60_000;
    const user = here.state.userOf(UID);
    for (let n = 0; n < 5; n += 1) here.state.post(user, `手工发的第${n}条`);
    expect(await reconcile(here, delivery)).toMatchObject({ kind: 'cannot-tell', lookAgainAt: null });
  });

  test('is not taken for one that another delivery has, or that stood there before', async () => {
    const here = await hub();
    const user = here.state.userOf(UID);
    const delivery = testDelivery();
    const text = `【云州市检察院举办检察开放日】欢迎报名参加。 ${delivery.siteAddress}`;
    here.state.post(user, text);
    here.state.now += 3_600_000;
    here.platform.faults.push({ path: SHARE, kind: 'drop-before' });
    await expect(publish(here, delivery)).rejects.toThrow(NoAnswer);
    expect(await reconcile(here, delivery)).toMatchObject({ kind: 'not-arrived' });
    const { id } = here.state.post(user, text);
    here.tools.claimed.add(`statusId=${id}`);
    expect(await reconcile(here, delivery)).toMatchObject({ kind: 'not-arrived' });
  });

  test.each(['busy-after', 'gateway-after', 'truncated'] as const)(
    'by %s is unknown; made again, the platform says that it is there, and it is found',
    async (kind) => {
      const here = await hub();
      here.platform.faults.push({ path: SHARE, kind });
      const delivery = testDelivery();
      expect(await publish(here, delivery)).toMatchObject({ kind: 'unknown' });
      expect(await publish(here, delivery)).toMatchObject({
        ...{ kind: 'published', address: expect.stringContaining(`/${UID}/`) as string },
      });
      expect(here.state.statuses).toHaveLength(1);
    },
  );

  test('that is said to be there and is not found goes back to the editor in the end', async () => {
    const here = await hub();
    const user = here.state.userOf(UID);
    const delivery = testDelivery();
    const said = `【云州市检察院举办检察开放日】欢迎报名参加。 ${delivery.siteAddress}`;
    const { id } = here.state.post(user, said, { said });
    here.tools.claimed.add(`statusId=${id}`);
    here.tools.kept['submitBegun'] = NOW;
    const kinds = [];
    for (let n = 0; n < 3; n += 1) kinds.push((await publish(here, delivery)).kind);
    expect(kinds).toEqual(['unknown', 'unknown', 'refused']);
  });

  test('while nobody can be reached nothing has left', async () => {
    const here = await hub();
    await here.platform.close();
    await expect(publish(here, testDelivery())).rejects.toThrow(NotSent);
  });
});

describe('what stands there', () => {
  test('is counted, a hundred to a call', async () => {
    const here = await hub();
    const user = here.state.userOf(UID);
    const deliveries = Array.from({ length: 150 }, (_, n) => {
      const { id } = here.state.post(user, `第${n}条`, { attitudes: n });
      return testDelivery({}, { id: n + 1, progress: { statusId: String(id) } });
    });
    const looks = await weibo.look(here.account, deliveries, here.tools);
    expect(looks.get(150)).toEqual({ standing: true, counts: { likes: 149, comments: 0, shares: 0 } });
    expect(here.platform.count('/2/statuses/count.json')).toBe(2);
  });

  test('and was deleted is gone; what nobody answers for is not', async () => {
    const here = await hub();
    const delivery = testDelivery();
    await publish(here, delivery);
    const [status] = here.state.statuses;
    const look = async () =>
      (await weibo.look(here.account, [here.again(delivery)], here.tools)).get(delivery.id)?.standing;
    expect(await look()).toBe(true);
    if (status) status.deleted = true;
    expect(await look()).toBe(false);
    for (const kind of ['gateway-before', 'drop-before'] as const) {
      here.platform.faults.push({ path: '/2/statuses/count.json', kind });
      expect(await look()).toBeNull();
    }
    const none = { ...here.account, secrets: {} };
    const looks = await weibo.look(none, [here.again(delivery)], here.tools);
    expect(looks.get(delivery.id)).toEqual({ standing: null, counts: {} });
  });

  test('is taken back by a person, who is told where', async () => {
    const here = await hub();
    const address = 'https://weibo.com/2345678901/A';
    const taken = await weibo.withdraw(here.account, testDelivery({}, { address }), here.tools);
    expect(taken).toMatchObject({ kind: 'manual', how: expect.stringContaining(address) as string });
  });
});

describe('the guided check', () => {
  const of = async (here: Hub, account = here.account) => {
    const items = await weibo.check(account, here.tools);
    return Object.fromEntries(items.map(({ item, ok, text }) => [item, { ok, text }]));
  };

  test('says until when the authorisation is good and what only publishing shows', async () => {
    const here = await hub({ used: 40 });
    const items = await of(here);
    expect(items).toMatchObject({
      secret: { ok: true },
      authorisation: { ok: true },
      permission: { ok: true },
    });
    expect(items['authorisation']?.text).toContain('2026-12-22');
    expect(items).toMatchObject({ domain: { ok: null }, address: { ok: null }, quota: { ok: true } });
    expect(here.state.statuses).toEqual([]);
  });

  test('finds an authorisation of another account, and none', async () => {
    const here = await hub();
    const other = { ...here.account.secrets, 'access-token': here.state.grant('9999999999') };
    expect(await of(here, { ...here.account, secrets: other })).toMatchObject({
      ...{ authorisation: { ok: false, text: expect.stringContaining('9999999999') as string } },
      ...{ permission: { ok: null } },
    });
    const none = { 'app-secret': 's' };
    expect(await of(here, { ...here.account, secrets: none })).toMatchObject({
      authorisation: { ok: false },
    });
  });
});

test('a dry run shows the request and no token', async () => {
  const here = await hub({ media: new Map([[5, testPicture('image/jpeg')]]) });
  const delivery = testDelivery({ details: { weibo: { imageId: 5 } } });
  const [told] = await weibo.requests(here.account, delivery, here.tools);
  expect(told).toMatchObject({
    ...{ method: 'POST', headers: { authorization: 'OAuth2 ***' } },
    body: { rip: '127.0.0.1', pic: { mime: 'image/jpeg' } },
  });
  expect(JSON.stringify(told)).not.toContain(here.account.secrets['access-token']);
  const unlinked = await weibo.requests(here.account, testDelivery({}, { siteAddress: null }), here.tools);
  expect(unlinked[0]?.body).toMatchObject({ refused: expect.stringContaining('链接') as string });
  expect(here.platform.asked).toEqual([]);
});

test('mids are written to the base of 62, seven digits at a time', () => {
  // The example of the platform's page on statuses/querymid.
  expect(base62('3501756485200075')).toBe('z0JH2lOMb');
  expect(base62('10000000')).toBe('10000');
});

test('times of statuses are read with their zone', () => {
  expect(createdAt({ created_at: 'Wed Oct 24 23:49:17 +0800 2012' })).toBe(Date.UTC(2012, 9, 24, 15, 49, 17));
  expect(createdAt({ created_at: 'yesterday' })).toBeNull();
});

test('what a status says is the same with other spaces, short links and entities', () => {
  expect(essence('甲 &lt;乙&gt;\u200b http://t.cn/A6abc')).toBe(
    essence('甲<乙> https://www.yunzhou.example/news/1'),
  );
});
