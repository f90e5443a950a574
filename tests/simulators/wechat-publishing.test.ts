import { describe, expect, test } from 'vitest';
import { talkToWechat } from './talk.ts';

type Published = { publish_id: number; msg_data_id: number };

async function published(more: Record<string, unknown> = {}) {
  const talk = await talkToWechat();
  const media_id = await talk.drafted(more);
  const { publish_id, msg_data_id } = (await talk.submit(media_id)) as Published;
  const status = () => talk.post('/cgi-bin/freepublish/get', { publish_id });
  return { ...talk, media_id, publish_id, msg_data_id, status };
}

describe('a publication', () => {
  test('is answered with numbers, is under way for a while, and then has its address', async () => {
    const { wechat, state, status, publish_id, msg_data_id } = await published();
    expect([typeof publish_id, typeof msg_data_id, String(publish_id).length]).toEqual([
      'number',
      'number',
      10,
    ]);
    expect(await status()).toMatchObject({ publish_id, publish_status: 1 });
    expect(wechat.truth()).toEqual([]);
    state.now += state.publishingMs;
    const url = expect.stringContaining(`mid=${msg_data_id}&idx=1`) as string;
    expect(await status()).toEqual({
      publish_id,
      publish_status: 0,
      article_id: expect.any(String) as string,
      article_detail: { count: 1, item: [{ idx: 1, article_url: url }] },
      fail_idx: [],
    });
    expect(wechat.truth()).toMatchObject([{ said: '通报', times: 1, standing: 1 }]);
  });

  test.each([[2], [3], [4]] as const)('can end as %i, and shows nothing then', async (outcome) => {
    const talk = await talkToWechat();
    talk.state.outcomes.push(outcome);
    const { publish_id } = (await talk.submit(await talk.drafted())) as Published;
    talk.state.now += talk.state.publishingMs;
    expect(await talk.post('/cgi-bin/freepublish/get', { publish_id })).toEqual({
      publish_id,
      publish_status: outcome,
      fail_idx: [1],
    });
    expect(talk.wechat.truth()).toEqual([]);
  });

  test('of a test account always fails', async () => {
    const { state, drafted, submit, post } = await talkToWechat();
    state.sandbox = true;
    const { publish_id } = (await submit(await drafted())) as Published;
    state.now += state.publishingMs;
    expect(await post('/cgi-bin/freepublish/get', { publish_id })).toMatchObject({ publish_status: 3 });
  });

  test.each([['submitted'], ['published']] as const)(
    'of the same draft is not made twice (the draft leaves the box when %s)',
    async (when) => {
      const { wechat, state, drafted, submit, post } = await talkToWechat();
      state.draftLeaves = when;
      const media_id = await drafted();
      await submit(media_id);
      const isGone = (await post('/cgi-bin/draft/get', { media_id }))['errcode'] === 40007;
      expect(isGone).toBe(when === 'submitted');
      expect(await submit(media_id)).toMatchObject({ errcode: when === 'submitted' ? 40007 : 53503 });
      state.now += state.publishingMs;
      expect(await submit(media_id)).toMatchObject({ errcode: 40007 });
      expect(wechat.truth()).toMatchObject([{ times: 1 }]);
    },
  );

  test('of two drafts that say the same is two publications', async () => {
    const { wechat, state, drafted, submit } = await talkToWechat();
    await submit(await drafted());
    await submit(await drafted());
    state.now += state.publishingMs;
    expect(wechat.truth()).toMatchObject([{ said: '通报', times: 2 }]);
  });

  test.each([[53503], [53504], [53505]])(
    'is refused with %i where the platform wants a person',
    async (errcode) => {
      const { state, drafted, submit } = await talkToWechat();
      state.submitRefusals.push(errcode);
      const media_id = await drafted();
      expect(await submit(media_id)).toMatchObject({ errcode });
      expect(await submit(media_id)).toMatchObject({ errcode: 0 });
    },
  );

  test('is not for accounts that are not certified, who may still write drafts', async () => {
    const { state, drafted, submit } = await talkToWechat();
    state.certified = false;
    const media_id = await drafted();
    expect(media_id.length).toBeGreaterThan(20);
    expect(await submit(media_id)).toMatchObject({ errcode: 48001 });
  });

  test.each([[5], [6]] as const)('that went well can turn into %i later', async (later) => {
    const { wechat, state, status, msg_data_id } = await published();
    state.now += state.publishingMs;
    state.takeDown(msg_data_id, later);
    expect(await status()).toMatchObject({ publish_status: later });
    expect(wechat.truth()).toMatchObject([{ times: 1, standing: 0 }]);
  });

  test('is read again, listed, and deleted for good', async () => {
    const { wechat, state, post, status } = await published({ digest: '摘要' });
    state.now += state.publishingMs;
    const { article_id } = await status();
    const one = { title: '通报', digest: '摘要', is_deleted: false };
    expect(await post('/cgi-bin/freepublish/getarticle', { article_id })).toMatchObject({ news_item: [one] });
    const list = await post('/cgi-bin/freepublish/batchget', { offset: 0, count: 20 });
    expect(list).toMatchObject({ total_count: 1, item: [{ article_id, content: { news_item: [one] } }] });
    expect(await post('/cgi-bin/freepublish/delete', { article_id, index: 2 })).toMatchObject({
      errcode: 53600,
    });
    expect(await post('/cgi-bin/freepublish/delete', { article_id })).toMatchObject({ errcode: 0 });
    expect(await post('/cgi-bin/freepublish/delete', { article_id })).toMatchObject({ errcode: 53600 });
    expect(await status()).toMatchObject({ publish_status: 5 });
    expect(wechat.truth()).toMatchObject([{ standing: 0 }]);
  });

  test('that does not exist has no status and no article', async () => {
    const { post } = await talkToWechat();
    expect(await post('/cgi-bin/freepublish/get', { publish_id: 1 })).toMatchObject({ errcode: 40007 });
    expect(await post('/cgi-bin/freepublish/getarticle', { article_id: 'x' })).toMatchObject({
      errcode: 53600,
    });
  });
});

describe('a message to all followers', () => {
  const all = (media_id: string, clientmsgid?: string) => ({
    filter: { is_to_all: true },
    msgtype: 'mpnews',
    mpnews: { media_id },
    ...(clientmsgid !== undefined && { clientmsgid }),
  });
  const SEND = '/cgi-bin/message/mass/sendall';

  test('with the same key is not sent again within a day: too soon, then told which one it was', async () => {
    const { wechat, state, drafted, post } = await talkToWechat();
    state.kind = 'service';
    const first = await post(SEND, all(await drafted(), 'release-1'));
    expect(first).toMatchObject({ errcode: 0, errmsg: 'send job submission success' });
    expect(await post(SEND, all(await drafted(), 'release-1'))).toMatchObject({ errcode: 45066 });
    state.now += 60_000;
    expect(await post(SEND, all(await drafted(), 'release-1'))).toMatchObject({
      errcode: 45065,
      msg_id: first['msg_id'],
    });
    expect(wechat.truth()).toMatchObject([{ times: 1 }]);
    expect(await post(SEND, all(await drafted(), 'x'.repeat(33)))).toMatchObject({ errcode: 45067 });
  });

  test('goes out once a day from a subscription account, four times a month from a service account', async () => {
    const { state, drafted, post } = await talkToWechat();
    expect(await post(SEND, all(await drafted()))).toMatchObject({ errcode: 0 });
    expect(await post(SEND, all(await drafted()))).toMatchObject({ errcode: 45028 });
    state.kind = 'service';
    for (let n = 0; n < 3; n += 1)
      expect(await post(SEND, all(await drafted()))).toMatchObject({ errcode: 0 });
    expect(await post(SEND, all(await drafted()))).toMatchObject({ errcode: 45028 });
  });

  test('is on its way, and then sent or not', async () => {
    const { wechat, state, drafted, post } = await talkToWechat();
    state.kind = 'service';
    state.sendingOutcomes.push('send success', 'err(20001)');
    const ids: unknown[] = [];
    for (let n = 0; n < 2; n += 1)
      ids.push((await post(SEND, all(await drafted({ title: `第${n}篇` }))))['msg_id']);
    const statuses = () =>
      Promise.all(
        ids.map(async (msg_id) => (await post('/cgi-bin/message/mass/get', { msg_id }))['msg_status']),
      );
    expect(await statuses()).toEqual(['SENDING', 'SENDING']);
    state.now += 5_000;
    expect(await statuses()).toEqual(['SEND_SUCCESS', 'SEND_FAIL']);
    expect(wechat.truth()).toMatchObject([{ said: '第0篇', times: 1 }]);
    // Not in the list of what was published without being sent.
    expect(await post('/cgi-bin/freepublish/batchget', {})).toMatchObject({ total_count: 0 });
    expect(await post('/cgi-bin/message/mass/delete', { msg_id: ids[0] })).toMatchObject({ errcode: 0 });
    expect(wechat.truth()).toMatchObject([{ standing: 0 }]);
  });

  test('has its rules', async () => {
    const { drafted, post } = await talkToWechat();
    const media_id = await drafted();
    expect(await post(SEND, { ...all(media_id), filter: {} })).toMatchObject({ errcode: 40152 });
    expect(await post(SEND, { ...all(media_id), msgtype: 'news' })).toMatchObject({ errcode: 40008 });
    expect(await post(SEND, all('none'))).toMatchObject({ errcode: 40007 });
    const some = { ...all(media_id), touser: ['a', 'b'] };
    expect(await post('/cgi-bin/message/mass/send', some)).toMatchObject({ errcode: 48001 });
    expect(await post('/cgi-bin/message/mass/get', { msg_id: 1 })).toMatchObject({ errcode: 40059 });
  });
});

describe('comments and counts', () => {
  async function withComment() {
    const talk = await published({ need_open_comment: 1 });
    talk.state.now += talk.state.publishingMs;
    const article = talk.state.articleOf(talk.msg_data_id, 1);
    if (!article) throw new Error('not published');
    const { id } = talk.state.comment(article, '期待后续');
    const about = { msg_data_id: talk.msg_data_id, index: 0, user_comment_id: id };
    const act = (name: string, more: object = {}) =>
      talk.post(`/cgi-bin/comment/${name}`, { ...about, ...more });
    const list = (type = 0) => act('list', { begin: 0, count: 49, type });
    return { ...talk, act, list };
  }

  test('are elected, answered once, and deleted', async () => {
    const { act, list } = await withComment();
    expect(await act('markelect')).toMatchObject({ errcode: 0 });
    expect(await list(2)).toMatchObject({ comment: [{ content: '期待后续', comment_type: 1 }] });
    expect(await act('reply/delete')).toMatchObject({ errcode: 88009 });
    expect(await act('reply/add', { content: '' })).toMatchObject({ errcode: 88007 });
    expect(await act('reply/add', { content: '已收到' })).toMatchObject({ errcode: 0 });
    expect(await act('reply/add', { content: '已收到' })).toMatchObject({ errcode: 88005 });
    expect(await list()).toMatchObject({ comment: [{ reply: { content: '已收到' } }] });
    expect(await act('unmarkelect')).toMatchObject({ errcode: 0 });
    expect(await act('delete')).toMatchObject({ errcode: 0 });
    expect(await act('markelect')).toMatchObject({ errcode: 88008 });
  });

  test('are closed and opened', async () => {
    const { act, list } = await withComment();
    await act('close');
    expect(await list()).toMatchObject({ errcode: 88000 });
    await act('open');
    expect(await list()).toMatchObject({ errcode: 0 });
  });

  test('of a day are there on the next, for as many days as a call may ask for', async () => {
    const { state, post, msg_data_id } = await withComment();
    const day = { begin_date: '2026-11-22', end_date: '2026-11-22' };
    expect(await post('/datacube/getarticleread', day)).toMatchObject({ errcode: 61501 });
    state.now += 86_400_000 - 3_600_000 * 12;
    // A token has ended meanwhile.
    expect(await post('/datacube/getarticleread', day)).toMatchObject({ errcode: 42001 });
    state.tokens.forEach((_, token) => state.tokens.set(token, state.now + 1_000));
    const msgid = `${msg_data_id}_1`;
    expect(await post('/datacube/getarticleread', day)).toMatchObject({
      list: [{ msgid, detail: { read_user: 10 } }],
    });
    expect(await post('/datacube/getarticleshare', day)).toMatchObject({
      list: [{ msgid, detail: { share_user: 2 } }],
    });
    const month = { begin_date: '2026-11-01', end_date: '2026-11-22' };
    expect(await post('/datacube/getarticleread', month)).toMatchObject({ errcode: 61501 });
    expect(((await post('/datacube/getbizsummary', month))['list'] as unknown[]).length).toBe(22);
    expect(await post('/datacube/getbizsummary', { begin_date: '22.11.' })).toMatchObject({ errcode: 61500 });
  });
});
