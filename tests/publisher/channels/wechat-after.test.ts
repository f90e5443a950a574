import { describe, expect, test } from 'vitest';
import { NoAnswer, NotSent } from '../../../publisher/channels/http.ts';
import { wechat } from '../../../publisher/channels/wechat.ts';
import { testDelivery } from '../../support/channel-tools.ts';
import { poll, publish, wechatHub, withCover } from '../../support/wechat-channel.ts';

describe('a submission whose answer was lost', () => {
  const SUBMIT = '/cgi-bin/freepublish/submit';

  test('and that was carried out is found among the newest, and is not made again', async () => {
    const here = await wechatHub();
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
    const here = await wechatHub();
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
      const here = await wechatHub();
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
    const here = await wechatHub();
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
    const here = await wechatHub();
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
    const here = await wechatHub();
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
    const here = await wechatHub();
    const delivery = testDelivery(withCover);
    await wechat.prepare?.(here.account, delivery, here.tools);
    await here.platform.close();
    await expect(wechat.publish(here.account, here.again(delivery), here.tools)).rejects.toThrow(NotSent);
  });
});

describe('what becomes of a submission', () => {
  test('is asked for seldom', async () => {
    const here = await wechatHub();
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
    const here = await wechatHub();
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
    const here = await wechatHub({ settings: { quotas: { status: 1 } } });
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
    const here = await wechatHub();
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

  test('is counted also when no questions after its state are left for the day', async () => {
    const { here, delivery } = await published();
    here.state.now += 2 * 86_400_000;
    for (let n = 0; n < 60; n += 1) await here.tools.spend('/cgi-bin/freepublish/get', { day: 5_000 });
    const look = (await wechat.look(here.account, [delivery], here.tools)).get(delivery.id);
    expect(look).toMatchObject({ standing: null, counts: { reads: 10 } });
  });

  test('is not said to be gone when nobody answers', async () => {
    const { here, delivery } = await published();
    for (const kind of ['busy-before', 'drop-before'] as const) {
      here.platform.faults.push({ path: '/cgi-bin/freepublish/get', kind });
      const looks = await wechat.look(here.account, [delivery], here.tools);
      expect(looks.get(delivery.id)).toEqual({ standing: null, counts: {} });
    }
  });
});
