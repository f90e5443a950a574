import { describe, expect, test } from 'vitest';
import { wechat } from '../../../publisher/channels/wechat.ts';
import { testDelivery, testPicture } from '../../support/channel-tools.ts';
import {
  COVER,
  document,
  NOW,
  PICTURE,
  poll,
  publish,
  wechatHub,
  withCover,
  type Hub,
} from '../../support/wechat-channel.ts';

describe('an article', () => {
  test('is uploaded, drafted, read back, submitted once and published with its address', async () => {
    const here = await wechatHub();
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
    const here = await wechatHub();
    await publish(here, testDelivery({ ...withCover, document }));
    here.tools.kept = {};
    await publish(here, testDelivery({ ...withCover, document, title: '另一篇' }, { id: 8 }));
    expect(here.platform.count('/cgi-bin/media/uploadimg')).toBe(1);
    expect(here.platform.count('/cgi-bin/material/add_material')).toBe(1);
    expect(here.platform.count('/cgi-bin/draft/add')).toBe(2);
  });

  test('gets its cover anew when somebody has deleted the one that was uploaded before', async () => {
    const here = await wechatHub();
    await publish(here, testDelivery(withCover));
    here.state.materials.clear();
    here.tools.kept = {};
    expect(await publish(here, testDelivery(withCover, { id: 8 }))).toMatchObject({ kind: 'processing' });
    expect(here.platform.count('/cgi-bin/material/add_material')).toBe(2);
  });

  test('carries crops, comments and what was written for WeChat alone', async () => {
    const here = await wechatHub();
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
    const here = await wechatHub();
    const corrects = 'https://mp.weixin.qq.com/s?__biz=MzA5NTA0&mid=1&idx=1';
    await publish(here, testDelivery(withCover, { corrects }));
    const [draft] = here.state.jobs;
    expect(draft?.items[0]?.content).toContain('更正说明：本文更正此前发布的文章。');
  });

  test('of which the platform drops something is published, and that is told', async () => {
    const here = await wechatHub();
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
    const here = await wechatHub({ extra: new Map([[PICTURE, testPicture(mime, size)]]) });
    const refused = await publish(here, testDelivery({ ...withCover, document }));
    expect(refused).toMatchObject({ kind: 'refused', why: expect.stringContaining(words) as string });
    expect(here.platform.count('/cgi-bin/media/uploadimg')).toBe(0);
  });

  test('an article without a cover, and one whose title is too long', async () => {
    const here = await wechatHub();
    expect(await publish(here, testDelivery())).toMatchObject({ kind: 'refused', code: 'no-cover' });
    const long = testDelivery({ ...withCover, title: '长'.repeat(33) });
    const refused = await publish(here, long);
    expect(refused).toMatchObject({ kind: 'refused', code: '45003' });
    expect((refused as { requestId?: string }).requestId).toMatch(/^[0-9a-f-]{10,}$/);
  });

  test('a draft that does not pass the check before publication', async () => {
    const here = await wechatHub();
    here.state.submitRefusals.push(53503);
    expect(await publish(here, testDelivery(withCover))).toMatchObject({ kind: 'refused', code: '53503' });
  });

  test.each([
    [2, 'refused'],
    [3, 'failed'],
    [4, 'refused'],
  ] as const)('a publication that ends with the state %i', async (outcome, kind) => {
    const here = await wechatHub();
    here.state.outcomes.push(outcome);
    const delivery = testDelivery(withCover);
    await publish(here, delivery);
    here.state.now += 30_000;
    expect(await poll(here, delivery)).toMatchObject({ kind, code: `status-${outcome}` });
  });
});

describe('the account', () => {
  test('that is not on the allow-list stops with the address to be entered', async () => {
    const here = await wechatHub();
    here.state.allowedAddresses = ['203.0.113.8'];
    const stopped = await publish(here, testDelivery(withCover));
    expect(stopped).toMatchObject({ kind: 'stopped', problem: 'administrator', code: '40164' });
    expect((stopped as { why: string }).why).toContain('把 127.0.0.1 加入白名单');
  });

  test.each([
    ['a wrong secret', (here: Hub) => (here.state.appSecret = 'another'), '40125'],
    ['no leave to publish', (here: Hub) => (here.state.certified = false), '48001'],
  ])('with %s stops', async (_, spoil, code) => {
    const here = await wechatHub();
    spoil(here);
    expect(await publish(here, testDelivery(withCover))).toMatchObject({ kind: 'stopped', code });
  });

  test('without a secret stops, and asks nobody', async () => {
    const here = await wechatHub({ secret: false });
    expect(await publish(here, testDelivery(withCover))).toMatchObject({ kind: 'stopped' });
    expect(here.platform.asked).toEqual([]);
  });

  test('whose token was rejected gets one more and repeats the call, also the one that cannot be taken back', async () => {
    const here = await wechatHub();
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
    const own = await wechatHub({ settings: { quotas: { submit: 0 } } });
    expect(await publish(own, testDelivery(withCover))).toMatchObject({ kind: 'quota', until: midnight });
    expect(own.tools.begun).toEqual([]);
    const theirs = await wechatHub();
    theirs.state.daily['/cgi-bin/freepublish/submit'] = 0;
    expect(await publish(theirs, testDelivery(withCover))).toMatchObject({
      ...{ kind: 'quota', code: '45009', until: midnight },
    });
    expect(await theirs.tools.spend('/cgi-bin/freepublish/submit', { day: 100 })).toBe(false);
  });
});

describe('the guided check', () => {
  const of = async (here: Hub) => {
    const items = await wechat.check(here.account, here.tools);
    return Object.fromEntries(items.map(({ item, ok, text }) => [item, { ok, text }]));
  };

  test('says of an account that can publish that it can', async () => {
    const here = await wechatHub();
    const items = await of(here);
    expect(items).toMatchObject({ secret: { ok: true }, token: { ok: true }, permission: { ok: true } });
    expect(items).toMatchObject({ quota: { ok: true }, callback: { ok: null } });
    expect(here.tools.begun).toEqual([]);
  });

  test('names the address for the allow-list and does not guess what comes behind it', async () => {
    const here = await wechatHub();
    here.state.allowedAddresses = [];
    const items = await of(here);
    expect(items).toMatchObject({ token: { ok: false }, permission: { ok: null }, quota: { ok: null } });
    expect(items['token']?.text).toContain('127.0.0.1');
  });

  test('finds an account that may not publish, another quota, and secrets of pushes that are missing', async () => {
    const barred = await wechatHub();
    barred.state.certified = false;
    expect(await of(barred)).toMatchObject({ token: { ok: true }, permission: { ok: false } });
    const other = await wechatHub({ settings: { quotas: { submit: 500 }, callback: 'aes' } });
    const items = await of(other);
    expect(items['quota']).toMatchObject({
      ok: false,
      text: expect.stringContaining('每天 100 次') as string,
    });
    expect(items['callback']?.text).toContain('EncodingAESKey');
  });

  test('says so when the platform is not reached', async () => {
    const here = await wechatHub();
    await here.platform.close();
    expect(await of(here)).toMatchObject({
      token: { ok: false, text: expect.stringContaining('连不上') as string },
    });
  });
});

test('a dry run shows every request and no secret', async () => {
  const here = await wechatHub();
  const told = await wechat.requests(here.account, testDelivery({ ...withCover, document }), here.tools);
  expect(told.map(({ url }) => new URL(url).pathname)).toEqual([
    ...['/cgi-bin/stable_token', '/cgi-bin/media/uploadimg', '/cgi-bin/material/add_material'],
    ...['/cgi-bin/draft/add', '/cgi-bin/draft/get', '/cgi-bin/freepublish/submit'],
  ]);
  expect(JSON.stringify(told)).not.toContain(here.state.appSecret);
  expect(JSON.stringify(told)).toContain('云州市检察院举办检察开放日');
  expect(here.platform.asked).toEqual([]);
});
