import { describe, expect, test } from 'vitest';
import type { ReleaseDocument } from '../../../config/release-document.ts';
import { NoAnswer, NotSent } from '../../../publisher/channels/http.ts';
import { wechat } from '../../../publisher/channels/wechat.ts';
import type { Media, Outgoing } from '../../../publisher/channels/contract.ts';
import { forThisTest } from '../../simulators/for-this-test.ts';
import { startWechat } from '../../simulators/wechat.ts';
import { testAccount, testDelivery, testPicture, testTools } from '../../support/channel-tools.ts';

const NOW = Date.UTC(2026, 10, 22, 4);
const COVER = 11;
const PICTURE = 12;
const withCover = { details: { coverId: COVER } };

async function hub({ settings = {}, secret = true, extra = new Map<number, Media>() } = {}) {
  const platform = forThisTest(await startWechat(NOW));
  const media = new Map([[COVER, testPicture('image/jpeg')], [PICTURE, testPicture('image/png')], ...extra]);
  const tools = testTools(() => platform.state.now, { media });
  const account = testAccount('wechat', {
    externalId: platform.state.appId,
    settings: { endpoint: platform.origin, ...settings },
    secrets: secret ? { 'app-secret': platform.state.appSecret } : {},
  });
  /** As the engine calls again: with what was kept until then. */
  const again = (delivery: Outgoing): Outgoing => ({ ...delivery, progress: { ...tools.kept } });
  return { platform, tools, account, again, state: platform.state };
}
type Hub = Awaited<ReturnType<typeof hub>>;

async function publish({ tools, account, again }: Hub, delivery: Outgoing) {
  const prepared = await wechat.prepare?.(account, delivery, tools);
  if (prepared?.kind !== 'ready') return prepared;
  return wechat.publish(account, again(delivery), tools);
}
const poll = async ({ tools, account, again }: Hub, delivery: Outgoing) =>
  wechat.poll?.(account, again(delivery), tools);

const document: ReleaseDocument = {
  type: 'doc',
  content: [
    { type: 'paragraph', content: [{ type: 'text', text: '活动现场。' }] },
    { type: 'image', attrs: { mediaId: PICTURE, alt: '合影', caption: '合影' } },
  ],
};

describe('an article', () => {
  test('is uploaded, drafted, read back, submitted once and published with its address', async () => {
    const here = await hub();
    const delivery = testDelivery({ ...withCover, document });
    expect(await publish(here, delivery)).toMatchObject({ kind: 'processing' });
    expect(here.tools.begun).toEqual(['/cgi-bin/freepublish/submit']);
    expect(here.tools.kept).toMatchObject({
      changes: [],
      publishId: expect.stringMatching(/^\d{10}$/) as string,
      msgDataId: expect.stringMatching(/^\d{10}$/) as string,
    });
    here.state.now += 30_000;
    const done = await poll(here, delivery);
    const [article] = here.state.articles;
    expect(done).toMatchObject({
      kind: 'published',
      address: expect.stringContaining('https://mp.weixin') as string,
    });
    expect(article).toMatchObject({
      title: delivery.content.title,
      item: { content_source_url: delivery.siteAddress },
    });
    expect(article?.item?.content).toContain('http://mmbiz.qpic.cn/');
    // Reading follows its comments from here on.
    expect(here.tools.remembered.get(`article:${article?.message}_1`)).toMatchObject({
      asked: 0,
      total: null,
    });
  });

  test('has its pictures and cover uploaded once for all deliveries of the account', async () => {
    const here = await hub();
    await publish(here, testDelivery({ ...withCover, document }));
    here.tools.kept = {};
    await publish(here, testDelivery({ ...withCover, document, title: '另一篇' }, { id: 8 }));
    expect(here.platform.count('/cgi-bin/media/uploadimg')).toBe(1);
    expect(here.platform.count('/cgi-bin/material/add_material')).toBe(1);
    expect(here.platform.count('/cgi-bin/draft/add')).toBe(2);
  });

  test('gets its cover anew when somebody has deleted the one that was uploaded before', async () => {
    const here = await hub();
    await publish(here, testDelivery(withCover));
    here.state.materials.clear();
    here.tools.kept = {};
    expect(await publish(here, testDelivery(withCover, { id: 8 }))).toMatchObject({ kind: 'processing' });
    expect(here.platform.count('/cgi-bin/material/add_material')).toBe(2);
  });

  test('carries crops, comments and what was written for WeChat alone', async () => {
    const here = await hub();
    const own = { title: '开放日来了', author: '宣传处', digest: '本月举行', comments: true };
    const crop = { crop235: [0, 0.1234567, 1, 0.9], crop11: [0.25, 0, 0.75, 1] };
    const delivery = testDelivery({ details: { coverId: COVER, wechat: { ...own, ...crop } } });
    await publish(here, delivery);
    const sent = JSON.parse(
      here.platform.asked.find(({ path }) => path === '/cgi-bin/draft/add')?.body ?? '',
    ) as { articles: object[] };
    expect(sent.articles[0]).toMatchObject({
      ...{ title: '开放日来了', author: '宣传处', digest: '本月举行', need_open_comment: 1 },
      ...{ pic_crop_235_1: '0_0.123457_1_0.9', pic_crop_1_1: '0.25_0_0.75_1' },
    });
  });

  test('that corrects another one says so', async () => {
    const here = await hub();
    const corrects = 'https://mp.weixin.qq.com/s?__biz=MzA5NTA0&mid=1&idx=1';
    await publish(here, testDelivery(withCover, { corrects }));
    const [draft] = here.state.jobs;
    expect(draft?.items[0]?.content).toContain('更正说明：本文更正此前发布的文章。');
  });

  test('of which the platform drops something is published, and that is told', async () => {
    const here = await hub();
    const mark = `picture:${testPicture('image/png').sha256}`;
    here.tools.remembered.set(mark, 'https://elsewhere.example/picture.png');
    const delivery = testDelivery({ ...withCover, document });
    await publish(here, delivery);
    expect(here.tools.kept['changes']).toEqual(['少了 1 张图片']);
    here.state.now += 30_000;
    const done = await poll(here, delivery);
    expect(done).toMatchObject({
      kind: 'published',
      note: expect.stringContaining('少了 1 张图片') as string,
    });
  });
});

describe('what is not taken', () => {
  test.each([
    ['a text picture of a kind that is not taken', 'image/webp', 1_000, '不是 JPG 或 PNG'],
    ['a text picture of 1 MB', 'image/png', 1_048_576, '1.0 MB'],
  ] as const)('%s goes back to the editor before anything is uploaded', async (_, mime, size, words) => {
    const here = await hub({ extra: new Map([[PICTURE, testPicture(mime, size)]]) });
    const refused = await publish(here, testDelivery({ ...withCover, document }));
    expect(refused).toMatchObject({ kind: 'refused', why: expect.stringContaining(words) as string });
    expect(here.platform.count('/cgi-bin/media/uploadimg')).toBe(0);
  });

  test('an article without a cover, and one whose title is too long', async () => {
    const here = await hub();
    expect(await publish(here, testDelivery())).toMatchObject({ kind: 'refused', code: 'no-cover' });
    const long = testDelivery({ ...withCover, title: '长'.repeat(33) });
    const refused = await publish(here, long);
    expect(refused).toMatchObject({ kind: 'refused', code: '45003' });
    expect((refused as { requestId?: string }).requestId).toMatch(/^[0-9a-f-]{10,}$/);
  });

  test('a draft that does not pass the check before publication', async () => {
    const here = await hub();
    here.state.submitRefusals.push(53503);
    expect(await publish(here, testDelivery(withCover))).toMatchObject({ kind: 'refused', code: '53503' });
  });

  test.each([
    [2, 'refused'],
    [3, 'failed'],
    [4, 'refused'],
  ] as const)('a publication that ends with the state %i', async (outcome, kind) => {
    const here = await hub();
    here.state.outcomes.push(outcome);
    const delivery = testDelivery(withCover);
    await publish(here, delivery);
    here.state.now += 30_000;
    expect(await poll(here, delivery)).toMatchObject({ kind, code: `status-${outcome}` });
  });
});

describe('the account', () => {
  test('that is not on the allow-list stops with the address to be entered', async () => {
    const here = await hub();
    here.state.allowedAddresses = ['203.0.113.8'];
    const stopped = await publish(here, testDelivery(withCover));
    expect(stopped).toMatchObject({ kind: 'stopped', problem: 'administrator', code: '40164' });
    expect((stopped as { why: string }).why).toContain('把 127.0.0.1 加入白名单');
  });

  test.each([
    ['a wrong secret', (here: Hub) => (here.state.appSecret = 'another'), '40125'],
    ['no leave to publish', (here: Hub) => (here.state.certified = false), '48001'],
  ])('with %s stops', async (_, spoil, code) => {
    const here = await hub();
    spoil(here);
    expect(await publish(here, testDelivery(withCover))).toMatchObject({ kind: 'stopped', code });
  });

  test('without a secret stops, and asks nobody', async () => {
    const here = await hub({ secret: false });
    expect(await publish(here, testDelivery(withCover))).toMatchObject({ kind: 'stopped' });
    expect(here.platform.asked).toEqual([]);
  });

  test('whose token was rejected gets one more and repeats the call, also the one that cannot be taken back', async () => {
    const here = await hub();
    const delivery = testDelivery(withCover);
    await wechat.prepare?.(here.account, delivery, here.tools);
    here.state.tokens.clear();
    here.state.tokens.set('ended', NOW - 1);
    here.state.current = null;
    expect(await wechat.publish(here.account, here.again(delivery), here.tools)).toMatchObject({
      kind: 'processing',
    });
    expect(here.state.jobs).toHaveLength(1);
    expect(here.tools.begun).toHaveLength(1);
  });

  test('whose day is used up waits for midnight in Shanghai, by its own count and by the platform’s', async () => {
    const midnight = new Date('2026-11-23T00:01:00+08:00');
    const own = await hub({ settings: { quotas: { submit: 0 } } });
    expect(await publish(own, testDelivery(withCover))).toMatchObject({ kind: 'quota', until: midnight });
    expect(own.tools.begun).toEqual([]);
    const theirs = await hub();
    theirs.state.daily['/cgi-bin/freepublish/submit'] = 0;
    expect(await publish(theirs, testDelivery(withCover))).toMatchObject({
      ...{ kind: 'quota', code: '45009', until: midnight },
    });
    expect(await theirs.tools.spend('/cgi-bin/freepublish/submit', { day: 100 })).toBe(false);
  });
});

describe('a submission whose answer was lost', () => {
  const SUBMIT = '/cgi-bin/freepublish/submit';

  test('and that was carried out is found among the newest, and is not made again', async () => {
    const here = await hub();
    here.platform.faults.push({ path: SUBMIT, kind: 'drop-after' });
    const delivery = testDelivery(withCover);
    await expect(publish(here, delivery)).rejects.toThrow(NoAnswer);
    const early = await wechat.reconcile(here.account, here.again(delivery), here.tools);
    expect(early).toMatchObject({ kind: 'cannot-tell', lookAgainAt: new Date(here.state.now + 30_000) });
    here.state.now += 30_000;
    const found = await wechat.reconcile(here.account, here.again(delivery), here.tools);
    expect(found).toMatchObject({ kind: 'arrived', address: expect.stringContaining('mp.weixin') as string });
    expect(here.state.articles).toHaveLength(1);
    expect(here.tools.kept['articleId']).toBeTypeOf('string');
  });

  test('and that was not carried out is proved by the draft that is still there', async () => {
    const here = await hub();
    here.platform.faults.push({ path: SUBMIT, kind: 'drop-before' });
    const delivery = testDelivery(withCover);
    await expect(publish(here, delivery)).rejects.toThrow(NoAnswer);
    expect(await wechat.reconcile(here.account, here.again(delivery), here.tools)).toMatchObject({
      kind: 'not-arrived',
    });
    expect(await wechat.publish(here.account, here.again(delivery), here.tools)).toMatchObject({
      kind: 'processing',
    });
    expect(here.state.jobs).toHaveLength(1);
  });

  test.each(['busy-after', 'gateway-after', 'truncated'] as const)(
    'by %s is unknown, and made again comes to no second article',
    async (kind) => {
      const here = await hub();
      here.platform.faults.push({ path: SUBMIT, kind });
      const delivery = testDelivery(withCover);
      expect(await publish(here, delivery)).toMatchObject({ kind: 'unknown' });
      expect(await wechat.publish(here.account, here.again(delivery), here.tools)).toMatchObject({
        ...{ kind: 'unknown', code: '40007' },
      });
      here.state.now += 30_000;
      expect(here.state.articles).toHaveLength(1);
    },
  );

  test('is not taken for another delivery with the same words, nor for an older article', async () => {
    const here = await hub();
    const delivery = testDelivery(withCover);
    here.platform.faults.push({ path: SUBMIT, kind: 'drop-after' });
    await expect(publish(here, delivery)).rejects.toThrow();
    here.state.now += 30_000;
    const [article] = here.state.articles;
    here.tools.claimed.add(`articleId=${here.state.articleId(article?.message ?? 0)}`);
    const look = () => wechat.reconcile(here.account, here.again(delivery), here.tools);
    expect(await look()).toMatchObject({ kind: 'cannot-tell' });
    here.tools.claimed.clear();
    here.tools.kept['submitBegun'] = here.state.now + 600_000;
    expect(await look()).toMatchObject({ kind: 'cannot-tell' });
  });

  test('and that failed is known by what the platform told of it', async () => {
    const here = await hub();
    here.state.outcomes.push(4);
    here.platform.faults.push({ path: SUBMIT, kind: 'drop-after' });
    const delivery = testDelivery(withCover);
    await expect(publish(here, delivery)).rejects.toThrow();
    const { publishId } = here.state.jobs[0] ?? { publishId: 0 };
    here.state.now += 30_000;
    const event = { publishId: String(publishId), status: 4, articleId: null, url: null, sealed: true };
    here.tools.remembered.set(`publish-event:${publishId}`, { ...event, at: here.state.now });
    here.tools.othersUnknown = true;
    const look = () => wechat.reconcile(here.account, here.again(delivery), here.tools);
    expect(await look()).toMatchObject({ kind: 'cannot-tell' });
    here.tools.othersUnknown = false;
    expect(await look()).toMatchObject({ kind: 'processing' });
    expect(await poll(here, delivery)).toMatchObject({ kind: 'refused', code: 'status-4' });
  });

  test('is looked for ever less often for a day, and then a person has to look', async () => {
    const here = await hub();
    here.platform.faults.push({ path: SUBMIT, kind: 'drop-after' });
    const delivery = testDelivery(withCover);
    await expect(publish(here, delivery)).rejects.toThrow();
    here.tools.claimed.add('articleId=none');
    here.state.jobs.length = 0;
    const waits: number[] = [];
    const began = here.state.now;
    for (let n = 0; n < 40; n += 1) {
      const found = await wechat.reconcile(here.account, here.again(delivery), here.tools);
      if (found.kind !== 'cannot-tell') throw new Error(found.kind);
      if (found.lookAgainAt === null) break;
      waits.push((found.lookAgainAt.getTime() - here.state.now) / 1000);
      here.state.now = found.lookAgainAt.getTime();
      here.state.articles.length = 0;
    }
    expect(waits.slice(0, 6)).toEqual([30, 120, 300, 900, 3600, 3600]);
    expect((here.state.now - began) / 3_600_000).toBeGreaterThan(20);
    expect(waits.length).toBeLessThan(30);
  });

  test('while the platform cannot be reached nothing has left', async () => {
    const here = await hub();
    const delivery = testDelivery(withCover);
    await wechat.prepare?.(here.account, delivery, here.tools);
    await here.platform.close();
    await expect(wechat.publish(here.account, here.again(delivery), here.tools)).rejects.toThrow(NotSent);
  });
});

describe('what becomes of a submission', () => {
  test('is asked for seldom', async () => {
    const here = await hub();
    here.state.publishingMs = 3_600_000;
    const delivery = testDelivery(withCover);
    const first = await publish(here, delivery);
    const waits = [];
    for (let outcome = first; outcome?.kind === 'processing'; outcome = await poll(here, delivery)) {
      waits.push((outcome.lookAgainAt.getTime() - here.state.now) / 1000);
      here.state.now = outcome.lookAgainAt.getTime();
    }
    expect(waits).toEqual([30, 120, 300, 900, 3600]);
    expect(here.state.articles).toHaveLength(1);
  });

  test('is taken from a sealed push without a call; a plain one is a reason to ask', async () => {
    const here = await hub();
    const delivery = testDelivery(withCover);
    await publish(here, delivery);
    const url = 'http://mp.weixin.qq.com/s?__biz=MzA5NTA0&mid=2247490001&idx=1&sn=0f&chksm=8b#rd';
    const { publishId } = here.tools.kept as { publishId: string };
    const event = { publishId, status: 0, articleId: 'article', url, at: here.state.now };
    const asked = () => here.platform.count('/cgi-bin/freepublish/get');
    here.tools.kept['event'] = { ...event, sealed: false };
    expect(await poll(here, delivery)).toMatchObject({ kind: 'processing' });
    expect(asked()).toBe(1);
    here.tools.kept['event'] = { ...event, sealed: true };
    expect(await poll(here, delivery)).toEqual({
      kind: 'published',
      address: 'https://mp.weixin.qq.com/s?__biz=MzA5NTA0&mid=2247490001&idx=1&sn=0f',
    });
    expect(asked()).toBe(1);
  });

  test('waits when nobody answers, and for midnight when the day’s questions are used up', async () => {
    const here = await hub({ settings: { quotas: { status: 1 } } });
    const delivery = testDelivery(withCover);
    await publish(here, delivery);
    here.platform.faults.push({ path: '/cgi-bin/freepublish/get', kind: 'busy-before' });
    expect(await poll(here, delivery)).toMatchObject({ kind: 'processing' });
    expect(await poll(here, delivery)).toMatchObject({
      ...{ kind: 'processing', lookAgainAt: new Date('2026-11-23T00:01:00+08:00') },
    });
  });
});

describe('a published article', () => {
  async function published() {
    const here = await hub();
    const delivery = testDelivery(withCover);
    await publish(here, delivery);
    here.state.now += 30_000;
    await poll(here, delivery);
    return { here, delivery: { ...here.again(delivery), publishedAt: new Date(here.state.now) } };
  }

  test('is deleted, and a second time it is gone', async () => {
    const { here, delivery } = await published();
    expect(await wechat.withdraw(here.account, delivery, here.tools)).toEqual({ kind: 'done' });
    expect(here.state.articles[0]?.deleted).toBe(true);
    expect(await wechat.withdraw(here.account, delivery, here.tools)).toEqual({ kind: 'done' });
  });

  test('whose deletion was not answered may be gone', async () => {
    const { here, delivery } = await published();
    here.platform.faults.push({ path: '/cgi-bin/freepublish/delete', kind: 'busy-after' });
    expect(await wechat.withdraw(here.account, delivery, here.tools)).toMatchObject({ kind: 'unknown' });
    expect(await wechat.withdraw(here.account, delivery, here.tools)).toEqual({ kind: 'done' });
  });

  test('of which the platform’s name is not known is deleted by a person', async () => {
    const { here, delivery } = await published();
    const unnamed = { ...delivery, progress: {} };
    expect(await wechat.withdraw(here.account, unnamed, here.tools)).toMatchObject({ kind: 'manual' });
  });

  test.each([5, 6] as const)('that was taken down (%i) does not stand any more', async (status) => {
    const { here, delivery } = await published();
    const look = () => wechat.look(here.account, [delivery], here.tools);
    expect((await look()).get(delivery.id)?.standing).toBe(true);
    here.state.takeDown(here.state.articles[0]?.message ?? 0, status);
    expect((await look()).get(delivery.id)?.standing).toBe(false);
  });

  test('is counted once its day’s statistics are there', async () => {
    const { here, delivery } = await published();
    const counts = async () =>
      (await wechat.look(here.account, [delivery], here.tools)).get(delivery.id)?.counts;
    expect(await counts()).toEqual({});
    expect(here.platform.count('/datacube/getarticletotaldetail')).toBe(0);
    here.state.now += 2 * 86_400_000;
    expect(await counts()).toMatchObject({ reads: 10, comments: 0 });
  });

  test('is not said to be gone when nobody answers', async () => {
    const { here, delivery } = await published();
    here.platform.faults.push({ path: '/cgi-bin/freepublish/get', kind: 'busy-before' });
    const looks = await wechat.look(here.account, [delivery], here.tools);
    expect(looks.get(delivery.id)).toEqual({ standing: null, counts: {} });
  });
});

describe('the guided check', () => {
  const of = async (here: Hub) => {
    const items = await wechat.check(here.account, here.tools);
    return Object.fromEntries(items.map(({ item, ok, text }) => [item, { ok, text }]));
  };

  test('says of an account that can publish that it can', async () => {
    const here = await hub();
    const items = await of(here);
    expect(items).toMatchObject({ secret: { ok: true }, token: { ok: true }, permission: { ok: true } });
    expect(items).toMatchObject({ quota: { ok: true }, callback: { ok: null } });
    expect(here.tools.begun).toEqual([]);
  });

  test('names the address for the allow-list and does not guess what comes behind it', async () => {
    const here = await hub();
    here.state.allowedAddresses = [];
    const items = await of(here);
    expect(items).toMatchObject({ token: { ok: false }, permission: { ok: null }, quota: { ok: null } });
    expect(items['token']?.text).toContain('127.0.0.1');
  });

  test('finds an account that may not publish, another quota, and secrets of pushes that are missing', async () => {
    const barred = await hub();
    barred.state.certified = false;
    expect(await of(barred)).toMatchObject({ token: { ok: true }, permission: { ok: false } });
    const other = await hub({ settings: { quotas: { submit: 500 }, callback: 'aes' } });
    const items = await of(other);
    expect(items['quota']).toMatchObject({
      ok: false,
      text: expect.stringContaining('每天 100 次') as string,
    });
    expect(items['callback']?.text).toContain('EncodingAESKey');
  });

  test('says so when the platform is not reached', async () => {
    const here = await hub();
    await here.platform.close();
    expect(await of(here)).toMatchObject({
      token: { ok: false, text: expect.stringContaining('连不上') as string },
    });
  });
});

test('a dry run shows every request and no secret', async () => {
  const here = await hub();
  const told = await wechat.requests(here.account, testDelivery({ ...withCover, document }), here.tools);
  expect(told.map(({ url }) => new URL(url).pathname)).toEqual([
    ...['/cgi-bin/stable_token', '/cgi-bin/media/uploadimg', '/cgi-bin/material/add_material'],
    ...['/cgi-bin/draft/add', '/cgi-bin/draft/get', '/cgi-bin/freepublish/submit'],
  ]);
  expect(JSON.stringify(told)).not.toContain(here.state.appSecret);
  expect(JSON.stringify(told)).toContain('云州市检察院举办检察开放日');
  expect(here.platform.asked).toEqual([]);
});
