import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startApart } from './apart.ts';
import { startBoth, type BothOptions } from './both.ts';
import { forThisTest } from './for-this-test.ts';
import { giveLife } from './life.ts';
import { LINK, NOON, picture, talkToWechat, talkToWeibo } from './talk.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'platforms-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

const SOMEBODY = { id: '1000000001', screen_name: '某某' };

test('what the platforms show stands again after the next start', async () => {
  const options: BothOptions = { folder: folder(), now: NOON };
  // As in the sample, where the ports are the same at each start.
  const before = await startBoth(options);
  const port = ({ origin }: { origin: string }) => Number(new URL(origin).port);
  options.ports = { wechat: port(before.wechat), weibo: port(before.weibo) };
  const { state } = before.wechat;
  const article = state.publish(1, '通报');
  state.comment(article, '期待后续');
  before.weibo.state.comment(
    before.weibo.state.post({ id: '1', screen_name: '云州检察' }, '通报'),
    SOMEBODY,
    '好',
  );
  const token = before.weibo.state.grant('1');
  const shown = [before.wechat.truth(), before.weibo.truth()];
  await before.close();

  const after = forThisTest(await startBoth(options));
  expect([after.wechat.truth(), after.weibo.truth()]).toEqual(shown);
  expect(after.wechat.state.articles[0]?.comments).toMatchObject([{ text: '期待后续' }]);
  expect(after.weibo.state.comments[0]?.status).toBe(after.weibo.state.statuses[0]);
  expect(after.weibo.state.tokens.has(token)).toBe(true);
  const next = after.weibo.state.post({ id: '1', screen_name: '云州检察' }, '又一条');
  expect(next.id).toBeGreaterThan(after.weibo.state.comments[0]?.id ?? 0n);
});

test('a publication that was under way when the platform stopped is carried to its end', async () => {
  const first = await talkToWechat();
  const media_id = await first.drafted();
  await first.submit(media_id);
  const kept = structuredClone(first.wechat.snapshot());
  const second = await talkToWechat({ kept }, NOON + 60_000);
  expect(second.wechat.truth()).toMatchObject([{ said: '通报', times: 1 }]);
});

test('a process of its own is looked at and changed over HTTP', async () => {
  const { wechat, weibo, stop } = await startApart(['--now', String(NOON)]);
  expect(await wechat.control('clock')).toEqual({ now: NOON, stands: true });
  expect(await weibo.control('clock', { advance: 1_000 })).toEqual({ now: NOON + 1_000, stands: true });
  const user = { id: '2345678901', screen_name: '云州检察' };
  const { access_token } = await weibo.control<{ access_token: string }>('users', user);
  const fields = { access_token, status: `通报 ${LINK}`, rip: '10.0.0.1' };
  const path = '/2/statuses/share.json';
  const share = () => fetch(weibo.origin + path, { method: 'POST', body: new URLSearchParams(fields) });
  await weibo.control('faults', { path, kind: 'drop-after' });
  await expect(share()).rejects.toThrow();
  expect(await weibo.truth()).toMatchObject([{ said: fields.status, times: 1 }]);
  expect(await weibo.control('faults')).toMatchObject({ happened: { 'drop-after': 1 } });
  expect(await weibo.control('counts')).toEqual({ [path]: 1 });
  await weibo.control('state', { callsADay: 0 });
  expect((await share()).status).toBe(403);

  const account = { appId: 'wx1111111111111111', appSecret: 'secret', publishingMs: 5, outcomes: [3] };
  expect(await wechat.control('accounts', account)).toMatchObject({ appId: 'wx1111111111111111' });
  const count = async () => (await fetch(`${wechat.origin}/cgi-bin/draft/count`)).json();
  await wechat.control('plan', { seed: 1, rates: { 'busy-before': 1 } });
  expect(await count()).toMatchObject({ errcode: -1 });
  await wechat.control('plan', {});
  expect(await count()).toMatchObject({ errcode: 41001 });
  await expect(wechat.control('no-such', {})).rejects.toThrow('no POST no-such');
  for (const wrong of [
    { rates: { late: 2 } },
    { rates: { slow: 0.1 } },
    { rates: {}, events: { lost: 0.1 } },
  ]) {
    await expect(wechat.control('plan', wrong)).rejects.toThrow('RangeError');
  }
  await expect(wechat.control('faults', { kind: 'slow' })).rejects.toThrow('no such fault');
  await wechat.control('refuse', { ms: 100 });
  expect(await wechat.truth()).toEqual([]);
  await stop();
});

test('a form on the page of somebody else changes nothing', async () => {
  const { weibo } = await talkToWeibo();
  const body = new URLSearchParams({ ms: '60000' });
  expect((await fetch(`${weibo.origin}/_/refuse`, { method: 'POST', body })).status).toBe(415);
});

test('the pages show what stands, say that they are made up, and run nothing', async () => {
  const { wechat, state, drafted, submit, upload } = await talkToWechat({ ownPages: true });
  const bytes = picture('png', 100);
  const { url } = await upload('/cgi-bin/media/uploadimg', bytes);
  const content = `<p>正文一段</p><img src="${String(url)}">`;
  await submit(await drafted({ title: '云州通报<b>', content, content_source_url: LINK }));
  state.now += state.publishingMs;
  const front = await fetch(wechat.origin);
  const listed = await front.text();
  expect(listed).toContain('模拟平台');
  expect(listed).toContain('云州通报&lt;b&gt;');
  expect(front.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);

  const [published] = wechat.truth();
  const address = published?.shown[0]?.address ?? '';
  expect(address.startsWith(wechat.origin)).toBe(true);
  const page = await (await fetch(address)).text();
  expect(page).toContain('<p>正文一段</p>');
  expect(page).toContain(`href="${LINK}"`);
  const shown = /<img src="(\/mmbiz_[^"]+)"/.exec(page)?.[1] ?? '';
  expect(Buffer.from(await (await fetch(wechat.origin + shown)).arrayBuffer()).equals(bytes)).toBe(true);

  state.takeDown(state.articles[0]?.message ?? 0, 6);
  const gone = await fetch(address);
  expect([gone.status, await gone.text()]).toEqual([404, expect.stringContaining('违规') as string]);
  expect(await (await fetch(wechat.origin)).text()).not.toContain('云州通报');
});

test('the page of a status is found at its address, and short addresses lead where they say', async () => {
  const { weibo, state, share, withPicture } = await talkToWeibo({ ownPages: true });
  await share(`通报 ${LINK}`);
  await withPicture(`配图 ${LINK}`, picture('jpg', 80));
  const address = weibo.truth()[0]?.shown[0]?.address ?? '';
  const page = await (await fetch(address)).text();
  const short = /href="(\/t\.cn\/\w+)"/.exec(page)?.[1] ?? '';
  const there = await fetch(weibo.origin + short, { redirect: 'manual' });
  expect(there.headers.get('location')).toBe(LINK);
  const front = await (await fetch(weibo.origin)).text();
  const shown = /src="(\/pictures\/\w+)"/.exec(front)?.[1] ?? '';
  expect((await (await fetch(weibo.origin + shown)).arrayBuffer()).byteLength).toBe(80);
  for (const status of state.statuses) status.deleted = true;
  expect((await fetch(address)).status).toBe(404);
});

test('readers come to what was published, and say something in the end', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const both = forThisTest(await startBoth({ now: NOON }));
  const article = both.wechat.state.publish(1, '通报');
  const old = both.wechat.state.publish(2, '旧闻', { at: NOON - 4 * 86_400_000 });
  const status = both.weibo.state.post(SOMEBODY, '通报');
  const end = giveLife(both);
  vi.advanceTimersByTime(3_600_000);
  end();
  expect(article.reads).toBeGreaterThan(10);
  expect(old.reads).toBe(10);
  expect(article.comments.length).toBeGreaterThan(0);
  expect(article.comments.length).toBeLessThanOrEqual(8);
  expect(both.weibo.state.comments.some((comment) => comment.status === status)).toBe(true);
  const reads = article.reads;
  vi.advanceTimersByTime(3_600_000);
  expect(article.reads).toBe(reads);
});
